// The building blocks of strategies.  All draws come from the run's seed.
#pragma once

#include "protocol/base/random.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Adds one to three faults, each before or after a random occurrence of a random probe.
void DrawProbeFaults(Scenario& scenario, zab::Chooser& chooser);

/// Replaces random latencies by constant ones according to priorities, within the bounds of the
/// scenario, and adds up to three changes of priorities.
void DrawPriorities(Scenario& scenario, zab::Chooser& chooser);

/// When random faults end: at quiet, or at the end if there is no quiet.
zab::Time EndOfFaults(const Scenario& scenario);

/// An unused event id "NAME1", "NAME2", ...
std::string FreshId(const Scenario& scenario, absl::string_view name);

}  // namespace scenario
