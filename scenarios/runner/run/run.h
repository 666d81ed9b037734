// One run: a scenario and a seed in, a result out.  Pure: it uses no clock and no files, and gives
// the same result on every machine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/engine/engine.h"
#include "scenarios/runner/invariants/checker.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/measure/meter.h"
#include "scenarios/runner/verdict/result.h"
#include "sim/world.h"

namespace scenario {

/// What a server's disk holds durably has changed, as the checker has found it at a record.
struct DiskLook {
  uint64_t record = 0;
  zab::ServerId server;
  zab::Zxid last;  // A restart would find a history that ends there; 0:0: none, or a damaged one.
};

/// What may stop a run from outside.
enum class StopWish : uint8_t {
  kNone,
  kInterrupt,  // The user wants it to end: the run is judged no further.
  kMemory,     // The process may have no more memory.
};

struct RunOptions {
  /// Do not stop at the first violation.  Implied if ContinuesAfterViolation(scenario).
  bool keep_going = false;
  /// Called with every record, in order.
  RecordSink sink;
  /// Called after a record at which the checker has looked at a disk and found a change.
  std::function<void(const DiskLook&)> disk_sink;
  /// Called with each row of the tables of measurements but that of the run; may be empty.
  RowSink rows;
  /// Called with each violation when it is found, between two events or at the end.
  std::function<void(const Violation&)> on_violation;
  /// Called every few thousand events.
  std::function<void(const sim::World&)> progress;
  /// Asked before each event and, within an event, wherever it creates further work.
  std::function<StopWish()> stop;
  /// Makes the servers; if empty, real ones.
  ServerFactory servers;
  /// Observes the draws of the run and may replace them; may be null.  Must outlive the run.
  zab::DrawWatch* draws = nullptr;
  /// Switched on in all servers.  The run then keeps going, and is judged by whether the bug shows.
  /// nullopt: correct servers.
  std::optional<BugInRun> bug;
};

/// Who watches a simulation, beside its checker and its engine.
struct Watchers {
  /// RunOptions::disk_sink.
  std::function<void(const DiskLook&)> disk_sink;
  /// Whether it is measured; its rows go to `rows`, which may be empty.
  bool measure = false;
  RowSink rows;
};

/// A scenario being executed: a world with its checker and its engine.  RunOnce is built on it; use
/// it directly to step, inspect and branch a run.
class Simulation {
 public:
  /// `scenario` must come from Document::Instantiate.  `sink` receives every record, including
  /// those of the start.
  Simulation(std::shared_ptr<const Scenario> scenario, const zab::Chooser& chooser,
             const ServerFactory& servers = {}, const RecordSink& sink = {},
             const Watchers& watchers = {});

  /// An independent copy that continues with the same trace.  Call between two events.
  std::unique_ptr<Simulation> Clone() const;

  const Scenario& scenario() const { return *scenario_; }
  sim::World& world() { return *world_; }
  const sim::World& world() const { return *world_; }
  sim::ObserverId checker_id() const { return checker_; }
  sim::ObserverId engine_id() const { return engine_; }
  Engine& engine() const { return static_cast<Engine&>(world_->observer(engine_)); }
  Checker& checker() const { return static_cast<Checker&>(world_->observer(checker_)); }

  /// Handles the next event before the end; false if there is none or time stands still.
  bool Step();
  /// Whether virtual time has stopped: sim::Guard saw too much happen at one instant, as when
  /// servers answer each other endlessly without delay.
  bool StandsStill() const { return world().guard().stands_still(); }
  /// Handles all events up to that time.
  void RunUntil(zab::Time time) { world_->RunUntil(time); }
  /// What was measured, once, at the end; requires Watchers::measure.
  Measured Measurements();

 private:
  Simulation() = default;

  std::shared_ptr<const Scenario> scenario_;
  std::unique_ptr<sim::World> world_;
  sim::ObserverId checker_;
  sim::ObserverId engine_;
  std::optional<sim::ObserverId> meter_;
};

/// Whether the scenario expects a violation.
bool ExpectsViolation(const Scenario& scenario);
/// Whether a run continues after a violation: because the scenario expects one, or because the
/// violations that identify its known bug may come later.
inline bool ContinuesAfterViolation(const Scenario& scenario) {
  return scenario.known_bug || ExpectsViolation(scenario);
}

/// Runs the scenario to its end, or until something stops it, and judges this run alone.
RunResult RunOnce(const Scenario& scenario, uint64_t seed, const RunOptions& options = {});

}  // namespace scenario
