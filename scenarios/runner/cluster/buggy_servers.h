// Servers with a known bug switched on.
#pragma once

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// `servers` (if empty, the real ones) with the bug switched on.
ServerFactory WithBug(const BugEntry& bug, ServerFactory servers);
/// `servers` with the known bug of the scenario switched on, if it has one.
ServerFactory WithBugOf(const Scenario& scenario, ServerFactory servers);

}  // namespace scenario
