// The runs of a crash sweep, spread over threads.  A run is the same on any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "scenarios/runner/crash_sweep/crash_sweep.h"

namespace zabsim {

struct SweepSubject {
  std::shared_ptr<const scenario::Scenario> scenario;  // From PrepareSweep.
  uint64_t seed = 0;
};

/// Makes all runs, which are in the order of their events, with `jobs` threads (1 or more).
/// `progress` is called periodically in this thread, with the numbers of runs that are done and
/// that did not hold; once it returns false no further run starts, and the remaining ones have no
/// outcome.
std::vector<std::optional<scenario::CrashOutcome>> MakeRuns(
    const SweepSubject& subject, const std::vector<scenario::CrashRun>& runs, unsigned threads,
    const std::function<bool(uint64_t done, uint64_t failed)>& progress);

}  // namespace zabsim
