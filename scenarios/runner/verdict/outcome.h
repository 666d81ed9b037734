// Outcomes: whether a finished run ended as the scenario expects.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "sim/world.h"

namespace scenario {

/// One line for each entry of Expect::outcome that does not hold, with what was found instead.
///  - leader_after: the first leader established after the event's first firing.
///  - txn: `delivered` means applied, `absent` means neither applied nor on disk.
///  - op: an operation that was never sent counts as failed, without an error; one that was sent
///    and not answered is indeterminate.
///  - recovered_by: the way that a leader last chose for that server.
std::vector<std::string> UnmetOutcomes(const Scenario& scenario, const RunFacts& facts,
                                       const HistoryView& histories, const sim::World& world);

}  // namespace scenario
