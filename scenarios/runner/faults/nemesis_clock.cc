// Clocks that drift for a while, and wall clocks that step permanently.
#include "scenarios/runner/faults/nemesis.h"
#include "scenarios/runner/matching/selector.h"

namespace scenario {
namespace {

constexpr zab::Stream kClockStream("nemesis/clock");

constexpr zab::Duration kLongestJump = zab::Seconds(3600);

}  // namespace

void NemesisRunner::MoveClocks(const Context& context, sim::World& world, Active& active,
                               FaultLog& log) const {
  const bool steps = DrawShape(context, world) == Shape::kStep;
  const FaultKind fault = steps ? FaultKind::kStepClock : FaultKind::kSetClock;
  const std::vector<NodeId> targets = DrawTargets(context, world);
  if (targets.empty()) log.tally.Add(fault, false);
  const int64_t most = steps ? kLongestJump.nanoseconds : sim::kMaxDrift;
  for (const NodeId node : targets) {
    const int64_t drawn = world.chooser().Between(kClockStream, entity(), -most, most);
    const bool effective = steps ? world.StepClock(node, zab::Nanoseconds(drawn))
                                 : world.SetDrift(node, static_cast<int32_t>(drawn));
    log.tally.Add(fault, effective);
    if (!effective) continue;
    if (steps) {
      log.Log(world, scenario::StepClock{TheNode(node), zab::Nanoseconds(drawn)});
    } else {
      active.drifting.push_back(node);
      log.Log(world, SetClock{TheNode(node), static_cast<int32_t>(drawn)});
    }
  }
}

}  // namespace scenario
