// The crash sweep: a clean run numbers every point at which the durable or visible state of a
// server changes.  For each point, a clone of that run crashes the server exactly there and
// restarts it, and all properties are checked, including liveness.  (ALICE, OSDI'14, does this for
// a single machine; here it is a server of an ensemble.)  Pure, like a run; tools/ distributes the
// work over threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/hash.h"
#include "scenarios/runner/crash_sweep/crash_watch.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/verdict/result.h"

namespace scenario {

/// The scenario to sweep: its expectations are those of HoldUnderAnyFaults.
std::shared_ptr<const Scenario> PrepareSweep(const Scenario& scenario);

/// The clean run.
struct CleanRun {
  std::vector<CrashPoint> points;     // All points, heartbeats included; point n is at n - 1.
  std::vector<Violation> violations;  // If there are any, a sweep reveals nothing new.
  uint64_t events = 0;
  zab::Hash128 trace_hash;  // Equals that of `zabsim run`, if the run reaches its end.
};

/// Makes the clean run.  `scenario` must come from PrepareSweep.
CleanRun FindCrashPoints(const std::shared_ptr<const Scenario>& scenario, uint64_t seed,
                         const ServerFactory& servers = {});

/// One run of the sweep.
struct CrashRun {
  uint64_t event = 0;              // CrashPoint::event of the first crash.
  std::vector<CrashOrder> orders;  // One crash, or two for a pair.
};

struct CrashOutcome {
  /// kHeld, kViolated, kLate, or kUnknown (the limit of events was reached, or the point never
  /// came).
  RunVerdict verdict = RunVerdict::kHeld;
  std::vector<Violation> violations;  // Violations that the clean run did not have by then.
  std::vector<std::string> missed;    // The names of the missed deadlines.
  std::vector<CrashHit> hits;
  uint64_t points = 0;  // The number of the last point.
  uint64_t events = 0;  // Handled since the crash.
  zab::Time time;       // Virtual, at the end.
  zab::Hash128 trace_hash;
};

/// A clean run in progress, from which crashes branch off.  Use one per thread; what they share is
/// immutable.
class CrashBrancher {
 public:
  CrashBrancher(const std::shared_ptr<const Scenario>& scenario, uint64_t seed,
                const ServerFactory& servers = {});

  sim::World& world() { return simulation_.world(); }
  /// Advances to just before that event.  Forward only.
  void AdvanceTo(uint64_t event);
  /// Crashes a clone.  `run.event` must be the current event.  `sink` receives every record of the
  /// clone from here on.
  CrashOutcome Crash(const CrashRun& run, const RecordSink& sink = nullptr) const;

 private:
  Simulation simulation_;
  sim::ObserverId watch_;
};

}  // namespace scenario
