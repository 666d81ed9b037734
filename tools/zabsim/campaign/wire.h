// A worker's report of a run to the campaign, as one line of JSON.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/search/explored_run.h"

namespace zabsim {

struct RunReport {
  scenario::Explored explored;
  uint64_t cpu_nanoseconds = 0;
};

std::string ToLine(const RunReport& report);
/// kDataLoss if it is not one: the worker is of another build, or broken.
absl::StatusOr<RunReport> ParseReport(absl::string_view line);

}  // namespace zabsim
