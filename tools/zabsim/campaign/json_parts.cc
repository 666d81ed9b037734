// Names where people read them, numbers where there are many.
#include "tools/zabsim/campaign/json_parts.h"

#include "absl/strings/numbers.h"

namespace zabsim {

Json ProbesJson(const std::array<uint64_t, scenario::kProbeCount>& probes) {
  Json json = Json::object();
  for (size_t i = 0; i < probes.size(); ++i) {
    if (probes[i] > 0) json[std::string(Name(static_cast<scenario::Probe>(i)))] = probes[i];
  }
  return json;
}

std::array<uint64_t, scenario::kProbeCount> ProbesFrom(const Json& json) {
  std::array<uint64_t, scenario::kProbeCount> probes{};
  for (size_t i = 0; i < probes.size(); ++i) {
    probes[i] = json.value(std::string(Name(static_cast<scenario::Probe>(i))), uint64_t{0});
  }
  return probes;
}

Json ActionsJson(const std::vector<scenario::ActionCount>& actions) {
  Json list = Json::array();
  for (const scenario::ActionCount& count : actions) {
    list.push_back({count.performed, count.effective, count.why});
  }
  return list;
}

std::vector<scenario::ActionCount> ActionsFrom(const Json& json) {
  std::vector<scenario::ActionCount> actions;
  for (const Json& count : json) actions.push_back({count.at(0), count.at(1), count.at(2)});
  return actions;
}

uint32_t Pack(const scenario::Encounter& encounter) {
  return static_cast<uint32_t>(encounter.role) << 24 |
         static_cast<uint32_t>(encounter.phase) << 16 |
         static_cast<uint32_t>(encounter.message) << 8 | static_cast<uint32_t>(encounter.reason);
}

scenario::Encounter Unpack(uint32_t packed) {
  return {static_cast<scenario::Kind>(packed >> 24),
          static_cast<scenario::Kind>(packed >> 16 & 0xff),
          static_cast<scenario::Kind>(packed >> 8 & 0xff), static_cast<zab::Reason>(packed & 0xff)};
}

uint64_t FromHex(const std::string& text) {
  uint64_t number = 0;
  if (!absl::SimpleHexAtoi(text, &number)) {
    throw Json::other_error::create(501, "no hexadecimal number",
                                    static_cast<const Json*>(nullptr));
  }
  return number;
}

}  // namespace zabsim
