// Servers with a known bug switched on.
#pragma once

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// `servers` (empty: real ones) with that bug.
ServerFactory WithBug(const BugEntry& bug, ServerFactory servers);
/// The same with the bug that the story is of, if it is of one.
ServerFactory WithBugOf(const Scenario& scenario, ServerFactory servers);

}  // namespace scenario
