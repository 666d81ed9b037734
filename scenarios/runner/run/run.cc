// The loop of a run, and the collection of its result.
#include "scenarios/runner/run/run.h"

#include <new>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/cluster/zab_process.h"
#include "scenarios/runner/verdict/judge.h"
#include "scenarios/runner/verdict/outcome.h"

namespace scenario {
namespace {

/// Tells what the checker finds on the disks.  Comes after it, and does nothing to the run.
class DiskTeller final : public sim::Observer {
 public:
  DiskTeller(sim::ObserverId checker, size_t servers, std::function<void(const DiskLook&)> sink)
      : checker_(checker), told_(servers + 1), sink_(std::move(sink)) {}
  std::unique_ptr<sim::Observer> Clone() const override {
    return std::make_unique<DiskTeller>(*this);
  }
  void OnTrace(sim::World& world, const sim::Record& record) override {
    if (record.node.value == 0 || record.node.value >= told_.size()) return;
    const zab::ServerId server{record.node.value};
    const Ghost& ghost = static_cast<const Checker&>(world.observer(checker_)).ghost();
    const DurableState& disk = ghost.durable(server);
    if (!disk.known) return;
    const zab::Zxid last = disk.damage.empty() ? disk.last : zab::Zxid{};
    if (told_[server.value] == last) return;
    told_[server.value] = last;
    sink_({.record = record.id, .server = server, .last = last});
  }

 private:
  sim::ObserverId checker_;
  std::vector<std::optional<zab::Zxid>> told_;  // By sid.
  std::function<void(const DiskLook&)> sink_;
};

/// Measures.  Comes after the engine, whose account of the cluster it uses.
class MeterObserver final : public sim::Observer {
 public:
  MeterObserver(std::shared_ptr<const Scenario> scenario, sim::ObserverId engine, RowSink rows)
      : scenario_(std::move(scenario)), engine_(engine), meter_(*scenario_, std::move(rows)) {}
  std::unique_ptr<sim::Observer> Clone() const override {
    return std::make_unique<MeterObserver>(*this);
  }
  void OnTrace(sim::World& world, const sim::Record& record) override {
    if (!Meter::Wants(static_cast<Probe>(record.columns.probe))) return;
    meter_.OnRecord(SightOf(world), RecordOf(record));
  }
  void OnFileEnd(const sim::World& /*world*/, const sim::FileEnd& end) override {
    meter_.OnFileEnd(end);
  }
  Measured Finish(sim::World& world) { return meter_.Finish(SightOf(world), world.now()); }

 private:
  Sight SightOf(sim::World& world) const {
    const auto& engine = static_cast<const Engine&>(world.observer(engine_));
    return {*scenario_, engine.facts().cluster, world};
  }

  std::shared_ptr<const Scenario> scenario_;
  sim::ObserverId engine_;
  Meter meter_;
};

/// Events between two calls of RunOptions::progress.
constexpr uint64_t kEventsPerProgress = 4096;

enum class Stop : uint8_t { kEnd, kViolation, kGuard, kStandstill, kInterrupted, kMemory };

/// Reports each violation once.
class ViolationReporter {
 public:
  explicit ViolationReporter(const RunOptions& options) : options_(options) {}
  void Report(const std::vector<Violation>& violations) {
    for (; reported_ < violations.size(); ++reported_) {
      if (options_.on_violation) options_.on_violation(violations[reported_]);
    }
  }

 private:
  const RunOptions& options_;
  size_t reported_ = 0;
};

Stop Run(Simulation& simulation, const RunOptions& options, ViolationReporter& reporter) {
  const Scenario& scenario = simulation.scenario();
  const bool keep_going = options.keep_going || options.bug || ContinuesAfterViolation(scenario);
  for (uint64_t count = 1; simulation.Step(); ++count) {
    const std::vector<Violation>& violations = simulation.checker().violations();
    if (!violations.empty()) {
      reporter.Report(violations);
      if (!keep_going) return Stop::kViolation;
    }
    if (simulation.world().event_count() >= scenario.end.events) return Stop::kGuard;
    const bool report = count % kEventsPerProgress == 0 && options.progress != nullptr;
    if (report) options.progress(simulation.world());
  }
  if (simulation.StandsStill()) return Stop::kStandstill;
  if (simulation.world().guard().stopped()) return Stop::kInterrupted;
  simulation.RunUntil(simulation.engine().EndOfRun());
  return Stop::kEnd;
}

/// Until something stops it, from within or from outside.
Stop RunLoop(Simulation& simulation, const RunOptions& options, ViolationReporter& reporter) {
  StopWish wish = StopWish::kNone;
  sim::Guard& guard = simulation.world().guard();
  if (options.stop) {
    guard.SetStop([&] {
      wish = options.stop();
      return wish != StopWish::kNone;
    });
  }
  Stop stop = Stop::kMemory;
  try {
    stop = Run(simulation, options, reporter);
  } catch (const std::bad_alloc&) {
    // One allocation was larger than what the guard had left; the world will not be run again.
    // A campaign, whose workers have no guard, makes a finding of a process that ends so.
    if (!options.stop) throw;
  }
  guard.SetStop(nullptr);
  return stop == Stop::kInterrupted && wish == StopWish::kMemory ? Stop::kMemory : stop;
}

std::string WhyUnknown(Stop stop, const Scenario& scenario,
                       const std::vector<Deadlines::Entry>& deadlines) {
  if (stop == Stop::kInterrupted) return "interrupted";
  if (stop == Stop::kGuard) {
    return absl::StrCat("the guard of ", scenario.end.events, " events was reached");
  }
  if (stop == Stop::kStandstill) return "virtual time stands still";
  if (stop == Stop::kMemory) return "the memory of this process is nearly used up";
  for (size_t i = 0; stop == Stop::kEnd && i < deadlines.size(); ++i) {
    if (deadlines[i].status != DeadlineStatus::kRunning) continue;
    return absl::StrCat("the run ended before the deadline \"", scenario.expect.deadlines[i].name,
                        "\"");
  }
  return "";
}

/// If time stands still, what has not happened never will.
std::vector<Deadlines::Entry> DeadlinesAfter(Stop stop, std::vector<Deadlines::Entry> deadlines) {
  for (Deadlines::Entry& entry : deadlines) {
    const bool never = stop == Stop::kStandstill && entry.status != DeadlineStatus::kMet;
    if (never) entry.status = DeadlineStatus::kMissed;
  }
  return deadlines;
}

/// The expectations that only a run that reached its end can fail.
std::vector<std::string> UnmetAtEnd(const Simulation& simulation) {
  const Scenario& scenario = simulation.scenario();
  const HistoryView histories(&simulation.checker().ghost());
  std::vector<std::string> unmet =
      UnmetOutcomes(scenario, simulation.engine().facts(), histories, simulation.world());
  const std::vector<bool> never = simulation.engine().Never();
  for (size_t i = 0; i < never.size(); ++i) {
    if (!never[i]) continue;
    unmet.push_back(absl::StrCat("never ", Describe(scenario.expect.never[i], scenario), ": seen"));
  }
  return unmet;
}

}  // namespace

Simulation::Simulation(std::shared_ptr<const Scenario> scenario, const zab::Chooser& chooser,
                       const ServerFactory& servers, const RecordSink& sink,
                       const Watchers& watchers)
    : scenario_(std::move(scenario)) {
  BuiltCluster built =
      BuildCluster(*scenario_, chooser, servers ? servers : ServerFactory(ZabProcessFactory), sink);
  world_ = std::move(built.world);
  checker_ = world_->AddObserver(std::make_unique<Checker>(*scenario_));
  engine_ = world_->AddObserver(
      std::make_unique<Engine>(EngineSetup{.scenario = scenario_,
                                           .healed = std::move(built.healed),
                                           .liveness_client = built.liveness_client,
                                           .checker = checker_}));
  if (watchers.disk_sink) {
    world_->AddObserver(
        std::make_unique<DiskTeller>(checker_, scenario_->ServerCount(), watchers.disk_sink));
  }
  if (watchers.measure) {
    meter_ =
        world_->AddObserver(std::make_unique<MeterObserver>(scenario_, engine_, watchers.rows));
    world_->WatchFiles(*meter_);
  }
  StartCluster(*world_);
  engine().Begin(*world_, engine_);
}

std::unique_ptr<Simulation> Simulation::Clone() const {
  std::unique_ptr<Simulation> clone(new Simulation());
  clone->scenario_ = scenario_;
  clone->world_ = world_->Clone();
  clone->checker_ = checker_;
  clone->engine_ = engine_;
  clone->meter_ = meter_;
  return clone;
}

Measured Simulation::Measurements() {
  Measured measured = static_cast<MeterObserver&>(world_->observer(*meter_)).Finish(*world_);
  const FaultCount faults = engine().faults().Total();
  measured[Counter::kFaultsRequested] = faults.requested;
  measured[Counter::kFaultsEffective] = faults.effective;
  return measured;
}

bool Simulation::Step() {
  return world_->RunNext(engine().EndOfRun());
}

RunResult RunOnce(const Scenario& scenario, uint64_t seed, const RunOptions& options) {
  const ServerFactory servers =
      options.bug ? WithBug(*options.bug->bug, options.servers) : options.servers;
  Simulation simulation(std::make_shared<const Scenario>(scenario),
                        zab::Chooser(seed, options.draws), servers, options.sink,
                        {.disk_sink = options.disk_sink, .measure = true, .rows = options.rows});
  ViolationReporter reporter(options);
  const Stop stop = RunLoop(simulation, options, reporter);
  if (stop == Stop::kEnd) simulation.checker().Finish(simulation.world());
  reporter.Report(simulation.checker().violations());
  simulation.engine().SettleArmedFaults(simulation.world());

  const Engine& engine = simulation.engine();
  const sim::World& world = simulation.world();
  const auto& clients = engine.leader_clients().clients();
  RunResult result{.seed = seed,
                   .bug = options.bug,
                   .violations = simulation.checker().violations(),
                   .deadlines = DeadlinesAfter(stop, engine.deadlines()),
                   .unknown = WhyUnknown(stop, scenario, engine.deadlines()),
                   .interrupted = stop == Stop::kInterrupted,
                   .sometimes = engine.Sometimes(),
                   .events = world.event_count(),
                   .records = world.trace().count(),
                   .time = world.now(),
                   .trace_hash = world.trace().hash(),
                   .faults = engine.faults(),
                   .actions = engine.actions(),
                   .requests = engine.requests(),
                   .probes = engine.probes(),
                   .measured = simulation.Measurements(),
                   .leader_clients = {clients.begin(), clients.end()},
                   .lesson = engine.LessonRecords()};
  if (engine.liveness_client()) std::erase(result.leader_clients, *engine.liveness_client());
  if (result.bug) {
    if (result.bug->in_each_run) result.unmet = NotShown(result);
  } else if (stop == Stop::kEnd) {
    result.unmet = UnmetAtEnd(simulation);
    result.excuse = engine.WhyItMayStop(simulation.world());
  }
  result.verdict = VerdictOf(scenario, result);
  return result;
}

bool ExpectsViolation(const Scenario& scenario) {
  return scenario.expect.verdict == Verdict::kViolation || !scenario.expect.violates.empty();
}

}  // namespace scenario
