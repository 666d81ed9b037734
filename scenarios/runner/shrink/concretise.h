// Concretise: a run that was drawn becomes a scenario that says what happened.  Random faults
// become events, generated requests become a script, what was drawn is fixed.  All else is as it
// was, and since draws are keyed, the run is the same.
#pragma once

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// What of a run is written out.
struct Concreteness {
  bool faults = true;      // Of nemeses.
  bool operations = true;  // Of closed blocks.
};

/// Runs it once, as RunOnce does, and returns a file with that one seed.  `scenario` as
/// instantiated for the seed.  It may be refused by the parser: not every fault of a nemesis can be
/// said.
Value Concretise(const Scenario& scenario, uint64_t seed, const Concreteness& what,
                 const ServerFactory& servers);

}  // namespace scenario
