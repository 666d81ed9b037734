// Evaluates selectors such as `any(followers)`.
#pragma once

#include <vector>

#include "protocol/base/random.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"

namespace scenario {

using Nodes = std::vector<NodeId>;

bool Has(const Nodes& nodes, NodeId node);

/// The nodes that the selector names now, each once, in the order of the selector; may be empty.
/// Draws use `entity`.  minority: as many servers as a majority can spare; majority_without(x): a
/// smallest majority without x.
Nodes Evaluate(const Selector& selector, const Context& context, zab::Entity entity,
               zab::Chooser& chooser);

/// Whether the selector could name the node now.  Draws nothing: any(x) is treated as x, minority
/// as any server, and majority_without(x) as any server except x.
bool Contains(const Selector& selector, NodeId node, const Context& context);

/// All servers in the order of their ids.
std::vector<NodeId> AllServers(const Context& context);

}  // namespace scenario
