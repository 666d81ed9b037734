// Engine: makes a scenario happen in a world.  It fires events, runs the nemeses, brings quiet
// about, watches deadlines, and collects what the judge wants to know.  It judges nothing.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "scenarios/runner/engine/lesson.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/faults/fault_log.h"
#include "scenarios/runner/faults/nemesis.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/verdict/deadlines.h"
#include "scenarios/runner/verdict/metrics.h"
#include "sim/observer.h"
#include "sim/world.h"

namespace scenario {

struct EngineSetup {
  std::shared_ptr<const Scenario> scenario;  // Immutable, shared by all clones.
  std::vector<NodeId> healed;                // As BuildCluster says.
  std::optional<NodeId> probe_client;
  std::optional<sim::ObserverId> checker;  // None: a test without one.
};

/// An observer behind the Checker.  A plain value: it refers to the world only in calls.
class Engine : public sim::Observer {
 public:
  explicit Engine(EngineSetup setup);

  std::unique_ptr<sim::Observer> Clone() const override { return std::make_unique<Engine>(*this); }

  /// Sets all alarms.  Once, before the world runs; `self` is where it was added.
  void Begin(sim::World& world, sim::ObserverId self);

  void OnTrace(sim::World& world, const Record& record) override;
  void OnAfterStep(sim::World& world, uint64_t token) override;
  void OnAlarm(sim::World& world, uint64_t token) override;

  /// Brings quiet about now, as end.quiet does at its time, and has the probe client write (again).
  /// Only with an end.quiet, and of a scenario whose faults may end early: its later ones are void.
  void QuietNow(sim::World& world);

  // ---- What has happened so far
  // --------------------------------------------------------------------
  const RunFacts& facts() const { return facts_; }
  std::optional<NodeId> probe_client() const { return setup_.probe_client; }
  const FaultTally& faults() const { return faults_.tally; }
  /// What the nemeses have done.
  const std::vector<AppliedFault>& applied_faults() const { return faults_.applied_faults; }
  /// Who runs from quiet on; empty without a quiet.
  const std::vector<NodeId>& healed() const { return setup_.healed; }
  Metrics metrics() const;
  /// Records per probe.
  const std::array<uint64_t, kProbeCount>& probes() const { return probes_; }
  const std::vector<Deadlines::Entry>& deadlines() const { return deadlines_.entries(); }
  /// Whether it was seen, in the order of Expect::sometimes and ::never.
  std::vector<bool> Sometimes() const;
  std::vector<bool> Never() const;
  /// At which records the lesson stops, as LessonWatch::Records.
  std::vector<uint64_t> LessonRecords() const { return lesson_.Records(); }
  /// With the atlas off: why those who are healed cannot elect any more; empty: they can.
  std::string WhyItMayStop(sim::World& world) const;

 private:
  /// What a token of OnAlarm is for: kind, an index and a number in one integer.
  enum class AlarmKind : uint8_t { kEvent, kQuiet, kDeadline, kNemesis, kClock };
  /// A sighting on a probe: position in Expect::sometimes or, behind those, in ::never.
  using ReachabilityIndex = uint32_t;

  const Scenario& scenario() const { return *setup_.scenario; }
  Context ContextIn(sim::World& world, std::optional<NodeId> self = std::nullopt) const;
  const Reachability& ReachabilityAt(ReachabilityIndex index) const;
  bool Seen(const Reachability& reachability, ReachabilityIndex index) const;

  // Facts.
  void Learn(sim::World& world, const Record& record);
  void LearnRequest(sim::World& world, const Record& record);
  void LearnCommit(sim::World& world);
  void TellLeader(sim::World& world);

  // Events.
  void Trigger(sim::World& world, const Record& record, const Context& context);
  void Fire(sim::World& world, EventIndex index, std::optional<NodeId> self);
  void Act(sim::World& world, EventIndex index, size_t action, std::optional<NodeId> self);
  bool IsSuppressed(const Action& action) const;
  void OnTime(sim::World& world, EventIndex index, uint64_t round);

  // Quiet and the rest.
  void Quiet(sim::World& world);
  void RestorePhysics(sim::World& world);
  void SettleServers(sim::World& world);
  void StopLoops(sim::World& world);
  void StartDeadlines(sim::World& world, std::optional<EventIndex> from);
  void SetAlarm(sim::World& world, zab::Time at, AlarmKind kind, size_t index,
                uint64_t number = 0) const;
  void SetAlarms(sim::World& world, size_t nemesis,
                 const std::vector<NemesisRunner::Alarm>& alarms) const;

  EngineSetup setup_;
  sim::ObserverId self_;
  RunFacts facts_;
  Deadlines deadlines_;
  LessonWatch lesson_;
  std::vector<NemesisRunner> nemeses_;
  bool quiet_ = false;
  bool loops_stopped_ = false;
  std::optional<zab::ServerId> told_leader_;

  // Who listens to which probe.
  std::array<std::vector<EventIndex>, kProbeCount> triggers_;
  std::array<std::vector<ReachabilityIndex>, kProbeCount> reachabilities_;

  // For the judge.
  FaultLog faults_;
  Metrics metrics_;
  std::array<uint64_t, kProbeCount> probes_{};
  std::vector<bool> seen_;  // By ReachabilityIndex; those on events stay false.
  absl::btree_set<std::pair<int64_t, int64_t>> pending_writes_;  // Client id and cxid.
};

}  // namespace scenario
