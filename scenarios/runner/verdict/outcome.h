// Outcomes: whether a finished run ended as the scenario says.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "sim/world.h"

namespace scenario {

/// One line for each entry of Expect::outcome that did not come true, with what was found instead.
///  - leader_after: the first leader established after the first firing of that event.
///  - txn: delivered is applied; absent is neither applied nor on disk.
///  - op: one that was never sent has failed, without an error; one sent and unanswered at the end
///  is
///    indeterminate.
///  - recovered_by: the way that a leader chose last for that server.
std::vector<std::string> UnmetOutcomes(const Scenario& scenario, const RunFacts& facts,
                                       const HistoryView& histories, const sim::World& world);

}  // namespace scenario
