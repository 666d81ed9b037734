// The crash sweep: one clean run numbers every point at which the durable or visible state of a
// server changes; from clones of it each point crashes that server exactly there, restarts it, and
// everything is checked, liveness too.  (ALICE, OSDI'14, crashes one machine so; here it is one of
// an ensemble.) Pure, like a run: who spreads the work over threads is tools/.
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

/// The scenario as it is swept: held to what holds under any faults.
std::shared_ptr<const Scenario> PrepareSweep(const Scenario& scenario);

/// The clean run.
struct CleanRun {
  std::vector<CrashPoint> points;     // All, heartbeats included: number n is at n - 1.
  std::vector<Violation> violations;  // If there are any, a sweep tells nothing new.
  uint64_t events = 0;
  zab::Hash128 trace_hash;  // That of `zabsim run`, if that comes to its end.
};

/// `scenario` from PrepareSweep.
CleanRun FindCrashPoints(const std::shared_ptr<const Scenario>& scenario, uint64_t seed,
                         const ServerFactory& servers = {});

/// One run of the sweep.
struct CrashRun {
  uint64_t event = 0;              // CrashPoint::event of the first.
  std::vector<CrashOrder> orders;  // One or, of a pair, two.
};

struct CrashOutcome {
  /// kHeld, kViolated, kLate, or kUnknown: the guard of events, or the point never came.
  RunVerdict verdict = RunVerdict::kHeld;
  std::vector<Violation> violations;  // Those that the clean run up to there does not have.
  std::vector<std::string> missed;    // Names of the deadlines missed.
  std::vector<CrashHit> hits;
  uint64_t points = 0;  // Number of the last point.
  uint64_t events = 0;  // Handled since the crash.
  zab::Time time;       // Virtual, at the end.
  zab::Hash128 trace_hash;
};

/// A clean run under way, from which crashes branch off.  One per thread; what they share is
/// immutable.
class CrashBrancher {
 public:
  CrashBrancher(const std::shared_ptr<const Scenario>& scenario, uint64_t seed,
                const ServerFactory& servers = {});

  sim::World& world() { return simulation_.world(); }
  /// Moves on to just before that event.  Forward only.
  void AdvanceTo(uint64_t event);
  /// Crashes a clone; `run.event` is where it stands.  `sink` gets every record from here on.
  CrashOutcome Crash(const CrashRun& run, const RecordSink& sink = nullptr) const;

 private:
  Simulation simulation_;
  sim::ObserverId watch_;
};

}  // namespace scenario
