// Swarm configuration: each seed has its own trouble.  (Groce et al., ISSTA'12)
#pragma once

#include "protocol/base/random.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Drops a random half of the nemeses, draws how often and how long the others strike, and how
/// links, disks and limits are.  What `run.swarm` asks for is then done: it is no longer there.
void DrawSwarm(Scenario& scenario, zab::Chooser& chooser);

}  // namespace scenario
