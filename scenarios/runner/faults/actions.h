// Actions of events, done to a world.  Which nodes they mean is found out when they are done.
#pragma once

#include <optional>
#include <vector>

#include "protocol/base/random.h"
#include "scenarios/runner/faults/fault_tally.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "sim/world.h"

namespace scenario {

struct ActionEffect {
  bool effective = false;
  std::vector<NodeId> targets;  // Whose process or disk was hit, each once.
  std::vector<sim::CutId> cuts;
};

/// None: it is no fault.
std::optional<FaultKind> FaultOf(const Action& action);

/// Does it, now.  Selectors draw for `entity`.  A note is only traced: by the engine, who knows
/// whose it is.
ActionEffect Perform(const Action& action, const Context& context, zab::Entity entity,
                     sim::World& world);

/// Cuts what the partition says.
ActionEffect CutOff(const Partition& partition, const Context& context, zab::Entity entity,
                    sim::World& world);

/// Spoils the copy that the node's disk holds, if the atlas lets it.  False: nothing has happened.
bool CorruptCopy(NodeId node, HistoryFileKind file, Damage damage, const Context& context,
                 zab::Entity entity, sim::World& world);

/// All links from a node of one list to one of the other.
std::vector<sim::LinkId> LinksBetween(const std::vector<NodeId>& from,
                                      const std::vector<NodeId>& to);
/// Both directions between nodes of different groups.  Nodes of `bridge` are spared.
std::vector<sim::LinkId> LinksAcross(const std::vector<std::vector<NodeId>>& groups,
                                     const std::vector<NodeId>& bridge);

}  // namespace scenario
