// Selectors: from a name like `any(followers)` to nodes, at the moment of asking.
#pragma once

#include <vector>

#include "protocol/base/random.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"

namespace scenario {

using Nodes = std::vector<NodeId>;

bool Has(const Nodes& nodes, NodeId node);

/// The nodes, each once, in the order in which the selector names them; empty if there are none
/// now. What is drawn is drawn for `entity`.  minority: as many servers as a majority can spare;
/// majority_without(x): a smallest majority that avoids x.
Nodes Evaluate(const Selector& selector, const Context& context, zab::Entity entity,
               zab::Chooser& chooser);

/// Whether the node is one that the selector could name now.  Draws nothing: any(x) is x, minority
/// any server, majority_without(x) any server but x.
bool Contains(const Selector& selector, NodeId node, const Context& context);

/// In the order of their ids.
std::vector<NodeId> AllServers(const Context& context);

}  // namespace scenario
