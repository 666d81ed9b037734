// What servers that serve nobody wait for, in words: for a timeline in which nothing happens.
#pragma once

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/state/cluster_state.h"

namespace scenario {

/// "n1, n2 for votes of a quorum; n3 for the history of its leader": those that run and have not
/// reached their broadcast phase.  Empty if there are none.
Text WaitsOf(const ClusterState& state, const Scenario& scenario);

}  // namespace scenario
