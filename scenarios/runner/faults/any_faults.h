// What a scenario is held to when it meets faults that its author did not think of: those of the
// crash sweep, and those of campaigns.
#pragma once

#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Its faults and its work stay; of what it expects, only the violations.  What its script leads to
/// (`outcome`, deadlines, `sometimes`) does not hold under one more fault.  Owed after quiet, which
/// is at the end if there is none, are has_leader, write_ok and all_equal within the bound of
/// random faults.
void HoldUnderAnyFaults(Scenario& scenario);

}  // namespace scenario
