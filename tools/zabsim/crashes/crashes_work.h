// The runs of a crash sweep, spread over threads.  Which thread makes a run changes nothing about
// it.
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

/// Makes all runs, which are in the order of their events, with so many threads (1 or more).
/// `progress` is called in this thread every so often, with how many are done and how many did not
/// hold; once it says false no run is begun any more, and those not made have no outcome.
std::vector<std::optional<scenario::CrashOutcome>> MakeRuns(
    const SweepSubject& subject, const std::vector<scenario::CrashRun>& runs, unsigned threads,
    const std::function<bool(uint64_t done, uint64_t failed)>& progress);

}  // namespace zabsim
