// Both ends are of the same build.
#include "tools/zabsim/campaign/wire.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/zabsim/campaign/json_parts.h"

namespace zabsim {
namespace {

scenario::Explored ExploredFrom(const Json& json) {
  scenario::Explored explored;
  explored.verdict = static_cast<scenario::RunVerdict>(json.at("verdict").get<int>());
  explored.signature = json.at("signature");
  explored.first = json.at("first");
  explored.shows_bug = json.at("shows_bug");
  explored.events = json.at("events");
  explored.trace_hash.high = FromHex(json.at("hash").at(0));
  explored.trace_hash.low = FromHex(json.at("hash").at(1));
  explored.sometimes = json.at("sometimes").get<std::vector<bool>>();
  explored.probes = ProbesFrom(json.at("probes"));
  explored.states = json.at("states").get<std::vector<uint64_t>>();
  for (const uint32_t packed : json.at("encounters").get<std::vector<uint32_t>>()) {
    explored.encounters.push_back(Unpack(packed));
  }
  explored.faults = json.at("faults");
  explored.actions = ActionsFrom(json.at("actions"));
  return explored;
}

}  // namespace

std::string ToLine(const RunReport& report) {
  const scenario::Explored& explored = report.explored;
  Json json;
  json["verdict"] = static_cast<int>(explored.verdict);
  json["signature"] = explored.signature;
  json["first"] = explored.first;
  json["shows_bug"] = explored.shows_bug;
  json["events"] = explored.events;
  json["hash"] = {absl::StrFormat("%x", explored.trace_hash.high),
                  absl::StrFormat("%x", explored.trace_hash.low)};
  json["sometimes"] = explored.sometimes;
  json["probes"] = ProbesJson(explored.probes);
  json["states"] = explored.states;
  json["encounters"] = Json::array();
  for (const scenario::Encounter& encounter : explored.encounters) {
    json["encounters"].push_back(Pack(encounter));
  }
  json["faults"] = explored.faults;
  json["actions"] = ActionsJson(explored.actions);
  json["cpu"] = report.cpu_nanoseconds;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<RunReport> ParseReport(absl::string_view line) {
  try {
    const Json json = Json::parse(line);
    return RunReport{ExploredFrom(json), json.at("cpu").get<uint64_t>()};
  } catch (const nlohmann::json::exception& error) {
    return absl::DataLossError(absl::StrCat("a worker's report cannot be read: ", error.what()));
  }
}

}  // namespace zabsim
