// What strategies are made of, in files of their own.  All draws are of the run's seed.
#pragma once

#include "protocol/base/random.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// One to three faults, each at a drawn occurrence of a drawn probe, before it or after it.
void DrawProbeFaults(Scenario& scenario, zab::Chooser& chooser);

/// Constant latencies by priority instead of drawn ones, within what the scenario says is possible,
/// and up to three changes.
void DrawPriorities(Scenario& scenario, zab::Chooser& chooser);

/// When random faults end: quiet, or the end where there is none.
zab::Time EndOfFaults(const Scenario& scenario);

/// An id "NAME1", "NAME2", ... that no event has.
std::string FreshId(const Scenario& scenario, absl::string_view name);

}  // namespace scenario
