// Performs the actions of events on a world.  Their selectors are evaluated when they are
// performed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "protocol/base/random.h"
#include "scenarios/runner/faults/fault_tally.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "sim/world.h"

namespace scenario {

struct ActionEffect {
  bool effective = false;
  std::string why;              // Why it had no effect; empty if it had one.
  std::vector<NodeId> targets;  // Nodes whose process or disk was affected, each once.
  std::vector<sim::CutId> cuts;
};

/// The name of the action in scenarios.
absl::string_view Name(const Action& action);
/// The kind of fault an action is; nullopt if it is not a fault.
std::optional<FaultKind> FaultOf(const Action& action);
/// The action that undoes the fault; empty if there is none or no single one.
absl::string_view RepairOf(FaultKind fault);
/// The prefix of the id of an event with this action.
absl::string_view EventWordOf(const Action& action);

/// Performs the action now.  Selectors draw for `entity`.  Notes have no effect here; the engine,
/// which knows their event, traces them.
ActionEffect Perform(const Action& action, const Context& context, zab::Entity entity,
                     sim::World& world);

/// Cuts the links that the partition separates.
ActionEffect CutOff(const Partition& partition, const Context& context, zab::Entity entity,
                    sim::World& world);

/// Corrupts the copy on the node's disk if the atlas permits it.  kFailedPrecondition: there is
/// nothing to corrupt, or it may not be; says why.
absl::Status CorruptCopy(NodeId node, HistoryFileKind file, Damage damage, const Context& context,
                         zab::Entity entity, sim::World& world);

/// All links from a node of one list to one of the other.
std::vector<sim::LinkId> LinksBetween(const std::vector<NodeId>& from,
                                      const std::vector<NodeId>& to);
/// Both directions between nodes of different groups.  Nodes of `bridge` are spared.
std::vector<sim::LinkId> LinksAcross(const std::vector<std::vector<NodeId>>& groups,
                                     const std::vector<NodeId>& bridge);

}  // namespace scenario
