// Requires safety always, and progress once the faults are over.
#include "scenarios/runner/faults/any_faults.h"

#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {

void HoldUnderAnyFaults(Scenario& scenario) {
  const zab::Duration bound = RecoveryBound(scenario.timing);
  scenario.expect = {.violates = scenario.expect.violates};
  if (bound + zab::Milliseconds(1) <= kLongestDuration) {  // Beyond that no file can wait.
    scenario.expect.deadlines = {{"a leader", std::nullopt, State::kHasLeader, bound},
                                 {"a write", std::nullopt, State::kWriteOk, bound},
                                 {"all equal", std::nullopt, State::kAllEqual, bound}};
  }
  if (!scenario.end.quiet) scenario.end.quiet = Quiet{.at = scenario.end.at, .heal = HealAll{}};
}

}  // namespace scenario
