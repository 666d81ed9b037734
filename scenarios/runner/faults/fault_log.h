// FaultLog: the faults of nemeses: how often each kind occurred, and each one as the action of an
// event that would have the same effect.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "protocol/base/time.h"
#include "scenarios/runner/faults/fault_tally.h"
#include "scenarios/runner/language/scenario.h"
#include "sim/world.h"

namespace scenario {

/// A change that a nemesis made to the world; repairs included.
struct AppliedFault {
  zab::Time at;
  Action action;                  // Its selectors name fixed nodes.
  std::optional<sim::CutId> cut;  // Of a Partition and of the Heal that ends it.
};

/// Faults that were armed together: whether the action had an effect is known when they strike.
struct ArmedTogether {
  FaultKind kind{};
  size_t first = 0;  // In World::armed_faults.
  size_t end = 0;
  std::optional<size_t> action;  // In Engine::actions; nullopt: of a nemesis.
};

struct FaultLog {
  FaultTally tally;
  std::vector<ArmedTogether> armed;
  std::vector<AppliedFault> applied_faults;  // In order.

  /// Counts a fault that was just asked for, before which the world had armed so many.
  void Count(FaultKind kind, bool effective, size_t armed_before, const sim::World& world,
             std::optional<size_t> action = std::nullopt) {
    tally.Add(kind, effective);
    const size_t end = world.armed_faults().count();
    if (end > armed_before) armed.push_back({kind, armed_before, end, action});
  }

  void Log(const sim::World& world, Action action, std::optional<sim::CutId> cut = std::nullopt) {
    applied_faults.push_back({world.now(), std::move(action), cut});
  }
};

/// A selector that names this node.
inline Selector TheNode(NodeId node) {
  return {Selector::Node{node}};
}
/// A selector that names these nodes.
inline Selector TheNodes(const std::vector<NodeId>& nodes) {
  if (nodes.size() == 1) return TheNode(nodes.front());
  Selector::List list;
  for (const NodeId node : nodes) list.parts.push_back(TheNode(node));
  return {std::move(list)};
}

}  // namespace scenario
