// One run: a scenario and a seed in, a result out.  Pure: no clock, no file, the same on every
// machine.
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
#include "scenarios/runner/verdict/result.h"
#include "sim/world.h"

namespace scenario {

struct RunOptions {
  /// Do not stop at the first violation.  So it is anyway where the scenario GoesOn.
  bool keep_going = false;
  /// Gets every record, in order.
  RecordSink sink;
  /// Gets each violation when it is found, between two events or at the end.
  std::function<void(const Violation&)> on_violation;
  /// Called every few thousand events; false: stop here (RunResult::interrupted).
  std::function<bool(const sim::World&)> progress;
  /// Makes the servers.  Empty: real ones.
  ServerFactory servers;
  /// Sees what the run draws, and may replace it; null: nobody.
  zab::DrawWatch* draws = nullptr;
  /// Switched on in all servers; then the run keeps going, and is judged by what it shows of the
  /// bug. Empty: none.
  std::optional<BugInRun> bug;
};

/// A scenario under way: a world with its checker and its engine.  What RunOnce is made of, for
/// those who want to step, look, and branch.
class Simulation {
 public:
  /// `scenario` as it is to be executed (Document::Instantiate).  `sink` gets every record, those
  /// of the start too.
  Simulation(std::shared_ptr<const Scenario> scenario, const zab::Chooser& chooser,
             const ServerFactory& servers = {}, const RecordSink& sink = {});

  /// Independent: both give the same trace from here on.  Between two events.
  std::unique_ptr<Simulation> Clone() const;

  const Scenario& scenario() const { return *scenario_; }
  sim::World& world() { return *world_; }
  const sim::World& world() const { return *world_; }
  sim::ObserverId checker_id() const { return checker_; }
  sim::ObserverId engine_id() const { return engine_; }
  Engine& engine() const { return static_cast<Engine&>(world_->observer(engine_)); }
  Checker& checker() const { return static_cast<Checker&>(world_->observer(checker_)); }

  /// Handles the next event before the end; false if there is none, or time stands still.
  bool Step();
  /// So much has happened at one instant that no later one will come: servers that answer
  /// themselves for ever do so in no time.
  bool StandsStill() const { return at_once_ >= kMostAtOnce; }
  /// All events up to that time.
  void RunUntil(zab::Time time) { world_->RunUntil(time); }

 private:
  static constexpr uint64_t kMostAtOnce = 100'000;  // Events; a whole run has some ten thousand.

  Simulation() = default;

  std::shared_ptr<const Scenario> scenario_;
  std::unique_ptr<sim::World> world_;
  sim::ObserverId checker_;
  sim::ObserverId engine_;
  uint64_t at_once_ = 0;  // Events in a row at one instant.
};

/// Whether a run goes on after a violation, because the scenario wants one.
bool ExpectsViolation(const Scenario& scenario);
/// Whether it goes on: for that reason, or because what a known bug is named by comes later.
inline bool GoesOn(const Scenario& scenario) {
  return scenario.known_bug || ExpectsViolation(scenario);
}

/// Runs to the end, or to what stops it, and judges the run by itself.
RunResult RunOnce(const Scenario& scenario, uint64_t seed, const RunOptions& options = {});

}  // namespace scenario
