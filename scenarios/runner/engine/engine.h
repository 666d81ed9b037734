// Engine: executes a scenario in a world.  It fires events, runs the nemeses, starts the quiet
// phase, watches deadlines, and collects facts for the judge.  It does not judge.
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
#include "scenarios/runner/state/leader_clients.h"
#include "scenarios/runner/verdict/deadlines.h"
#include "sim/observer.h"
#include "sim/world.h"

namespace scenario {

struct EngineSetup {
  std::shared_ptr<const Scenario> scenario;  // Immutable, shared by all clones.
  std::vector<NodeId> healed;                // From BuildCluster.
  std::optional<NodeId> liveness_client;
  std::optional<sim::ObserverId> checker;  // nullopt: a test without a checker.
};

/// An observer that must be added after the Checker.  A plain value: it keeps no reference to the
/// world between calls.
class Engine : public sim::Observer {
 public:
  explicit Engine(EngineSetup setup);

  std::unique_ptr<sim::Observer> Clone() const override { return std::make_unique<Engine>(*this); }

  /// Sets all alarms.  Call once, before the world runs; `self` is this observer's id in the world.
  void Begin(sim::World& world, sim::ObserverId self);

  void OnTrace(sim::World& world, const sim::Record& traced) override;
  void OnAfterStep(sim::World& world, uint64_t token) override;
  void OnAlarm(sim::World& world, uint64_t token) override;

  /// Starts the quiet phase now, as end.quiet does at its time, and makes the liveness client write
  /// (again).  Requires an end.quiet.  Faults scheduled for later are suppressed.
  void QuietNow(sim::World& world);
  /// At the end: what was armed and has not struck had no effect.
  void SettleArmedFaults(const sim::World& world);

  // ---- What has happened so far -----------------------------------------------------------------
  const RunFacts& facts() const { return facts_; }
  std::optional<NodeId> liveness_client() const { return setup_.liveness_client; }
  const FaultTally& faults() const { return faults_.tally; }
  /// What each action of each event has done, one event after the other.
  const std::vector<ActionCount>& actions() const { return actions_; }
  /// Requests that were sent, by block of the workload.
  const std::vector<uint64_t>& requests() const { return requests_; }
  /// The faults of the nemeses so far.
  const std::vector<AppliedFault>& applied_faults() const { return faults_.applied_faults; }
  /// The servers that run after quiet; empty if there is no quiet phase.
  const std::vector<NodeId>& healed() const { return setup_.healed; }
  const LeaderClients& leader_clients() const { return leader_clients_; }
  /// The number of records per probe.
  const std::array<uint64_t, kProbeCount>& probes() const { return probes_; }
  const std::vector<Deadlines::Entry>& deadlines() const { return deadlines_.entries(); }
  /// When the run ends, as far as is known by now: end.virtual, or end.settle after the deadlines.
  zab::Time EndOfRun() const;
  /// Whether each was seen, in the order of Expect::sometimes.
  std::vector<bool> Sometimes() const;
  /// Whether each was seen, in the order of Expect::never.
  std::vector<bool> Never() const;
  /// The records at which the lesson stops, as in LessonWatch::Records.
  std::vector<uint64_t> LessonRecords() const { return lesson_.Records(); }
  /// With the atlas off: why the healed servers can no longer elect a leader; empty if they can.
  std::string WhyItMayStop(sim::World& world) const;

 private:
  /// The purpose of an alarm.  The token of OnAlarm holds it with an index and a number.
  enum class AlarmKind : uint8_t { kEvent, kQuiet, kDeadline, kNemesis, kClock };
  /// The token of OnAfterStep that is not an event's.
  static constexpr uint64_t kBeginDeadlines = ~uint64_t{0};
  /// The position in Expect::sometimes followed by Expect::never.
  using ReachabilityIndex = uint32_t;

  const Scenario& scenario() const { return *setup_.scenario; }
  Context ContextIn(sim::World& world, std::optional<NodeId> self = std::nullopt) const;
  const Reachability& ReachabilityAt(ReachabilityIndex index) const;
  bool Seen(const Reachability& reachability, ReachabilityIndex index) const;

  // Collecting facts.
  void CollectFacts(sim::World& world, const Record& record, const Context& context);
  void OnReturned(const Record& record, const Context& context);
  void RememberRequest(sim::World& world, const Record& record);
  void CountCommit(sim::World& world);
  void SignalLeader(sim::World& world);

  // Events.
  bool WaitsForTraffic() const;
  void Trigger(sim::World& world, const Record& record, const Context& context);
  void Fire(sim::World& world, EventIndex index, std::optional<NodeId> self);
  void PerformAction(sim::World& world, EventIndex index, size_t action,
                     std::optional<NodeId> self);
  bool IsSuppressed(const Action& action) const;
  void OnTime(sim::World& world, EventIndex index, uint64_t round);

  // Quiet and alarms.
  void Quiet(sim::World& world);
  void RestorePhysics(sim::World& world);
  void SettleServers(sim::World& world);
  void StopLoops(sim::World& world);
  void StartDeadlines(sim::World& world, std::optional<EventIndex> from);
  void BeginDeadlines(sim::World& world);
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
  std::optional<zab::ServerId> signalled_leader_;

  // Indices by the probe they wait for.
  std::array<std::vector<EventIndex>, kProbeCount> triggers_;
  std::array<std::vector<ReachabilityIndex>, kProbeCount> reachabilities_;
  bool reads_traffic_ = false;  // Whether anything waits for a message sent or delivered.

  // For the judge.
  FaultLog faults_;
  std::vector<ActionCount> actions_;
  std::vector<size_t> first_action_;  // In actions_, by event.
  std::vector<uint64_t> requests_;
  uint64_t committed_ = 0;  // Transactions.
  LeaderClients leader_clients_;
  std::array<uint64_t, kProbeCount> probes_{};
  std::vector<bool> seen_;  // By ReachabilityIndex; stays false for events.
  absl::btree_set<std::pair<int64_t, int64_t>> pending_writes_;  // Client id and cxid.
};

}  // namespace scenario
