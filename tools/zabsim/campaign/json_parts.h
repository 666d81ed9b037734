// JSON that workers' reports and progress files share.  Readers throw Json::exception.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scenarios/runner/faults/fault_tally.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/search/state_watch.h"

namespace zabsim {

using Json = nlohmann::ordered_json;

Json ProbesJson(const std::array<uint64_t, scenario::kProbeCount>& probes);
std::array<uint64_t, scenario::kProbeCount> ProbesFrom(const Json& json);

Json ActionsJson(const std::vector<scenario::ActionCount>& actions);
std::vector<scenario::ActionCount> ActionsFrom(const Json& json);

/// Four bytes in one number.
uint32_t Pack(const scenario::Encounter& encounter);
scenario::Encounter Unpack(uint32_t packed);

uint64_t FromHex(const std::string& text);

}  // namespace zabsim
