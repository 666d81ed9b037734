// Random choice of nodes: some of a list, or a quorum.
#pragma once

#include <vector>

#include "protocol/base/random.h"
#include "scenarios/runner/language/physics.h"

namespace scenario {

/// `count` randomly chosen candidates in ascending order; empty if there are fewer candidates.
std::vector<NodeId> DrawSome(std::vector<NodeId> candidates, size_t count, zab::Stream stream,
                             zab::Entity entity, zab::Chooser& chooser);

/// A randomly chosen smallest majority of servers 1 ... `servers`, in ascending order.
std::vector<NodeId> DrawQuorum(size_t servers, zab::Chooser& chooser);

}  // namespace scenario
