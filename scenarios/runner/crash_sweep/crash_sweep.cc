// The clean run and the runs that branch off it.
#include "scenarios/runner/crash_sweep/crash_sweep.h"

#include <utility>

#include "protocol/base/check.h"
#include "scenarios/runner/faults/any_faults.h"
#include "scenarios/runner/verdict/judge.h"

namespace scenario {
namespace {

/// Adds the watch to a simulation that has not run yet.
sim::ObserverId AddWatch(Simulation& simulation, const std::shared_ptr<const Scenario>& scenario) {
  sim::World& world = simulation.world();
  auto watch =
      std::make_unique<CrashWatch>(scenario, simulation.checker_id(), simulation.engine_id());
  CrashWatch& added = *watch;
  const sim::ObserverId id = world.AddObserver(std::move(watch));
  added.Begin(world, id);
  return id;
}

CrashWatch& WatchOf(Simulation& simulation, sim::ObserverId id) {
  return static_cast<CrashWatch&>(simulation.world().observer(id));
}

bool AtGuard(Simulation& simulation) {
  return simulation.world().event_count() >= simulation.scenario().end.events;
}

/// Runs to the end and collects the points.  False if a guard ended it.
bool RunClean(Simulation& simulation, CrashWatch& watch, std::vector<CrashPoint>& points) {
  while (simulation.Step()) {
    for (CrashPoint& point : watch.TakePoints()) points.push_back(std::move(point));
    if (AtGuard(simulation)) return false;
  }
  if (simulation.world().guard().stopped()) return false;
  simulation.RunUntil(simulation.scenario().end.at);
  return true;
}

/// Runs until the cluster has recovered or a violation stops the run.  False if the outcome is
/// unknown.
bool RunCrash(Simulation& simulation, const CrashWatch& watch, size_t known_violations) {
  sim::World& world = simulation.world();
  while (!watch.IsOver()) {
    const zab::Time limit = watch.hits().empty() ? simulation.scenario().end.at : sim::kEndOfTime;
    if (!world.RunNext(limit)) return false;
    if (simulation.checker().violations().size() > known_violations) return true;
    if (AtGuard(simulation)) return false;
  }
  simulation.checker().Finish(world);
  return true;
}

RunVerdict VerdictOf(const CrashOutcome& outcome, bool known) {
  if (!outcome.violations.empty()) return RunVerdict::kViolated;
  if (!outcome.missed.empty()) return RunVerdict::kLate;
  return known ? RunVerdict::kHeld : RunVerdict::kUnknown;
}

}  // namespace

std::shared_ptr<const Scenario> PrepareSweep(const Scenario& scenario) {
  auto prepared = std::make_shared<Scenario>(scenario);
  HoldUnderAnyFaults(*prepared);
  return prepared;
}

CleanRun FindCrashPoints(const std::shared_ptr<const Scenario>& scenario, uint64_t seed,
                         const ServerFactory& servers) {
  Simulation simulation(scenario, seed, servers);
  CrashWatch& watch = WatchOf(simulation, AddWatch(simulation, scenario));
  watch.StartRecording();
  CleanRun run;
  if (RunClean(simulation, watch, run.points)) simulation.checker().Finish(simulation.world());
  for (const Violation& violation : simulation.checker().violations()) {
    if (!IsExpected(*scenario, violation.name)) run.violations.push_back(violation);
  }
  run.events = simulation.world().event_count();
  run.trace_hash = simulation.world().trace().hash();
  return run;
}

CrashBrancher::CrashBrancher(const std::shared_ptr<const Scenario>& scenario, uint64_t seed,
                             const ServerFactory& servers)
    : simulation_(scenario, seed, servers), watch_(AddWatch(simulation_, scenario)) {}

void CrashBrancher::AdvanceTo(uint64_t event) {
  ZAB_CHECK(world().event_count() <= event) << "a clean run goes forward only";
  while (world().event_count() < event) {
    ZAB_CHECK(simulation_.Step()) << "the clean run has no event " << event;
  }
}

CrashOutcome CrashBrancher::Crash(const CrashRun& run, const RecordSink& sink) const {
  const std::unique_ptr<Simulation> branch = simulation_.Clone();
  CrashWatch& watch = WatchOf(*branch, watch_);
  ZAB_CHECK(branch->world().event_count() == run.event) << "a crash of another event";
  branch->world().SetSink(Converting(sink));
  watch.Arm(run.orders);
  const size_t known_violations = branch->checker().violations().size();
  const bool known = RunCrash(*branch, watch, known_violations);

  const std::vector<Violation>& all = branch->checker().violations();
  CrashOutcome outcome{.missed = watch.Missed(),
                       .hits = watch.hits(),
                       .points = watch.count(),
                       .events = branch->world().event_count() - run.event,
                       .time = branch->world().now(),
                       .trace_hash = branch->world().trace().hash()};
  for (size_t i = known_violations; i < all.size(); ++i) {
    if (!IsExpected(branch->scenario(), all[i].name)) outcome.violations.push_back(all[i]);
  }
  outcome.verdict = VerdictOf(outcome, known);
  return outcome;
}

}  // namespace scenario
