// Swarm configuration: each seed gets a different mix of faults.  (Groce et al., ISSTA'12)
#pragma once

#include "protocol/base/random.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Drops a random half of the nemeses, draws how often and for how long the others strike, and
/// draws the properties of links, disks and limits.  Bounds `end.events` where the file does not.
/// Clears `run.swarm`, which is then done.
void DrawSwarm(Scenario& scenario, zab::Chooser& chooser);

}  // namespace scenario
