// The result of a sweep as JSON: the same bytes for any number of threads, on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "scenarios/runner/crash_sweep/crash_plan.h"

namespace scenario {

/// One line of JSON without a line break.  `worst` is the run of SweepSummary::worst.
std::string ToJson(const SweepSummary& summary, const CleanRun& clean,
                   const std::optional<CrashRun>& worst, const Scenario& scenario,
                   absl::string_view digest, uint64_t seed);

}  // namespace scenario
