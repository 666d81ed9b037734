// A run whose trace a StateWatch observes.
#include "scenarios/runner/search/explored_run.h"

#include "absl/strings/str_cat.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/search/signature.h"

namespace scenario {

std::string FirstFailure(const RunResult& result, const Scenario& scenario) {
  const PrimaryFailure failure = PrimaryFailureOf(result, scenario);
  if (failure.violation != nullptr) {
    return absl::StrCat(failure.violation->name, ": ", failure.violation->facts.en);
  }
  if (failure.deadline != nullptr) {
    return absl::StrCat("deadline missed: ", failure.deadline->name);
  }
  switch (result.verdict) {
    case RunVerdict::kUnmet: return result.unmet.empty() ? "unmet" : result.unmet[0];
    case RunVerdict::kUnknown: return result.unknown;
    case RunVerdict::kViolated:
    case RunVerdict::kLate:
    case RunVerdict::kVacuous:
    case RunVerdict::kNotDeterministic:
    case RunVerdict::kHeld: break;
  }
  return "";
}

Explored Explore(const Scenario& scenario, uint64_t seed, const ServerFactory& servers,
                 zab::DrawWatch* draws) {
  StateWatch watch(scenario.ServerCount());
  const RunResult result = RunOnce(scenario, seed,
                                   {.sink = [&](const Record& record) { watch.OnRecord(record); },
                                    .servers = WithBugOf(scenario, servers),
                                    .draws = draws});
  Explored explored{.verdict = result.verdict,
                    .signature = SignatureOf(result, scenario),
                    .first = FirstFailure(result, scenario),
                    .shows_bug = PrimaryFailureOf(result, scenario).names_bug,
                    .events = result.events,
                    .trace_hash = result.trace_hash,
                    .sometimes = result.sometimes,
                    .probes = result.probes,
                    .states = watch.states(),
                    .encounters = {watch.encounters().begin(), watch.encounters().end()},
                    .actions = result.actions};
  for (int i = 0; i < kFaultKindCount; ++i) {
    explored.faults += result.faults.Of(static_cast<FaultKind>(i)).effective;
  }
  return explored;
}

absl::StatusOr<Explored> Explore(const Document& document, const PlannedRun& run,
                                 const ServerFactory& servers) {
  const absl::StatusOr<Scenario> scenario = DeriveScenario(document, run.strategy, run.seed);
  if (!scenario.ok()) return scenario.status();
  return Explore(*scenario, run.seed, servers);
}

}  // namespace scenario
