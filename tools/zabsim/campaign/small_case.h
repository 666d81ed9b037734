// A minimised failure as `zabsim shrink --json` prints it and finding.json keeps it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"
#include "tools/zabsim/campaign/json_parts.h"

namespace zabsim {

struct SmallCase {
  uint64_t servers = 0, faults = 0, operations = 0, replays = 0;
  scenario::Text story;
  std::string trouble;  // Not empty: why there is none.
};

Json ToJson(const SmallCase& small);
/// Throws Json::exception.
SmallCase SmallCaseFrom(const Json& json);
/// kDataLoss if the line is not one.
absl::StatusOr<SmallCase> ParseSmallCase(absl::string_view line);

}  // namespace zabsim
