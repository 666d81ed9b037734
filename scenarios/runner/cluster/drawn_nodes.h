// Nodes that are drawn: some of a list, or a quorum.
#pragma once

#include <vector>

#include "protocol/base/random.h"
#include "scenarios/runner/language/physics.h"

namespace scenario {

/// `count` of the candidates, drawn, in ascending order; empty if there are not so many.
std::vector<NodeId> DrawSome(std::vector<NodeId> candidates, size_t count, zab::Stream stream,
                             zab::Entity entity, zab::Chooser& chooser);

/// A smallest majority of servers 1 ... `servers`, drawn, in ascending order.
std::vector<NodeId> DrawQuorum(size_t servers, zab::Chooser& chooser);

}  // namespace scenario
