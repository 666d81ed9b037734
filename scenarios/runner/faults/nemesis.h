// Nemeses: random faults that begin at random times and are undone after their duration.  Plain
// state; the engine schedules the alarms.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/runner/faults/fault_log.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "sim/world.h"

namespace scenario {

/// Runs one entry of Scenario::nemesis.
class NemesisRunner {
 public:
  /// The purpose of an alarm.  Alarm::number is the fault for kEnd and kSwizzle, and the server's
  /// sid for kRoll.
  enum class Step : uint8_t { kStart, kEnd, kRoll, kSwizzle };
  struct Alarm {
    zab::Time at;
    Step step{};
    uint64_t number = 0;
  };

  explicit NemesisRunner(size_t index) : index_(index) {}

  /// Returns the first alarm.  Call once, at the start of the run.
  Alarm Begin(const Context& context, sim::World& world) const;
  /// Handles an alarm and returns the alarms to set.  Faults are added to `log`.
  std::vector<Alarm> OnAlarm(Step step, uint64_t number, const Context& context, sim::World& world,
                             FaultLog& log);
  /// Quiet: no new faults begin.  Active faults are forgotten, since the quiet phase undoes them.
  void Stop() { stopped_ = true, active_.clear(); }

 private:
  /// A fault that has to be undone.
  struct Active {
    uint64_t number = 0;
    std::vector<sim::CutId> cuts;
    std::vector<sim::LinkId> clogs;
    std::vector<sim::LinkId> slow_links;
    /// Of kSwizzleClog: the links in the order of clogging, followed by the order of release.
    std::vector<sim::LinkId> swizzle;
    size_t swizzled = 0;  // How many of those steps are done.
    std::vector<NodeId> paused;
    /// With the incarnation that crashed: a server that was restarted and crashed by another fault
    /// since is left to that fault.
    std::vector<std::pair<NodeId, uint64_t>> crashed;
    std::vector<NodeId> slowed;
    std::vector<NodeId> failing;
    std::vector<NodeId> drifting;
    std::optional<Shape> loss;  // The loss to apply to the copies of the crashed servers.
  };

  const Nemesis& Spec(const Context& context) const { return context.scenario.nemesis[index_]; }
  zab::Entity entity() const { return {index_}; }
  /// The entity for draws in streams that events use too; events use their positions.
  zab::Entity ActionEntity() const { return {(uint64_t{1} << 32) + index_}; }
  bool Ended(const Context& context, const sim::World& world) const;
  Alarm NextStart(const Context& context, sim::World& world) const;
  Active Strike(const Context& context, sim::World& world, FaultLog& log);
  // nemesis_disk.cc.
  Shape DrawShape(const Context& context, sim::World& world) const;
  void SlowDown(const Context& context, sim::World& world, Active& active, FaultLog& log) const;
  void FailSome(const Context& context, sim::World& world, Active& active, FaultLog& log) const;
  void LoseSome(const Context& context, sim::World& world, Active& active, FaultLog& log) const;
  void CrashReordered(NodeId node, const Context& context, sim::World& world, Active& active,
                      FaultLog& log) const;
  bool FailToRead(NodeId node, sim::World& world, FaultLog& log) const;
  bool Lose(NodeId node, Shape loss, const Context& context, sim::World& world,
            FaultLog& log) const;

  // nemesis_clock.cc.
  void MoveClocks(const Context& context, sim::World& world, Active& active, FaultLog& log) const;

  // nemesis_links.cc.
  /// The links between the targets and another drawn server, in one direction.
  std::vector<sim::LinkId> DrawLinks(const Context& context, sim::World& world) const;
  /// Clogs the links of DrawLinks; returns those that it clogged.
  std::vector<sim::LinkId> ClogSome(const Context& context, sim::World& world, FaultLog& log) const;
  /// The partition to make; nullopt if it needs a leader and there is none.
  std::optional<Partition> DrawPartition(const Context& context, sim::World& world) const;
  void CutSome(const std::optional<Partition>& partition, const Context& context, sim::World& world,
               Active& active, FaultLog& log) const;
  void SlowLinks(const Context& context, sim::World& world, Active& active, FaultLog& log) const;
  /// The links for Active::swizzle.
  std::vector<sim::LinkId> DrawSwizzle(const Context& context, sim::World& world) const;
  /// Clogs or releases the next link of the fault.
  std::vector<Alarm> Swizzle(uint64_t number, const Context& context, sim::World& world,
                             FaultLog& log);

  std::vector<NodeId> DrawTargets(const Context& context, sim::World& world) const;
  /// Whether the limit allows one more server to be down (crashed or paused).
  bool MayGoDown(const Context& context, const sim::World& world) const;
  void PauseOne(NodeId node, const Context& context, sim::World& world, Active& active,
                FaultLog& log) const;
  void HitLeader(const Context& context, sim::World& world, Active& active, FaultLog& log) const;
  void Crash(NodeId node, sim::CrashKind kind, sim::World& world, const Context& context,
             Active& active, FaultLog& log) const;
  std::vector<Alarm> Roll(uint64_t sid, const Context& context, sim::World& world, FaultLog& log);
  void Undo(const Active& active, const Context& context, sim::World& world, FaultLog& log) const;

  size_t index_;
  bool stopped_ = false;
  bool rolling_ = false;
  uint64_t last_number_ = 0;
  std::vector<Active> active_;
};

/// All servers except these.
std::vector<NodeId> Without(const std::vector<NodeId>& nodes, const Context& context);

/// The kind of fault as which a loss of copies is counted.
FaultKind FaultOf(Shape loss);

}  // namespace scenario
