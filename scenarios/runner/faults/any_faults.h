// The expectations for a scenario to which faults are added that its author did not plan, by the
// crash sweep or by campaigns.
#pragma once

#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Keeps the scenario's faults and workload but replaces its expectations: `violates` stays, while
/// `outcome`, deadlines and `sometimes`, which an additional fault may invalidate, are removed.
/// After quiet (added at the end if there is none) the scenario must reach has_leader, write_ok and
/// all_equal within RecoveryBound, unless that is longer than a
/// scenario file can express.
void HoldUnderAnyFaults(Scenario& scenario);

}  // namespace scenario
