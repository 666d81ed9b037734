// Concretise: turns a random run into a scenario that states what happened.  Random faults become
// events, generated requests become a script, and drawn values become fixed.  Everything else is
// unchanged, and since draws are keyed, the run is the same.
#pragma once

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Which parts of a run are made explicit.
struct Concreteness {
  bool faults = true;      // The faults of nemeses.
  bool operations = true;  // The operations of closed blocks.
};

/// Runs the scenario once, like RunOnce, and returns a scenario file with this one seed. `scenario`
/// must be instantiated for the seed.  The parser may reject the file, since not every fault of a
/// nemesis can be expressed as an event.
Value Concretise(const Scenario& scenario, uint64_t seed, const Concreteness& what,
                 const ServerFactory& servers);

}  // namespace scenario
