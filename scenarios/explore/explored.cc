// A run with a StateWatch at its trace.
#include "scenarios/explore/explored.h"

#include "absl/strings/str_cat.h"
#include "scenarios/explore/signature.h"

namespace scenario {

std::string FirstFailure(const RunResult& result, const Scenario& scenario) {
  switch (result.verdict) {
    case RunVerdict::kViolated:
      if (result.violations.empty()) return "no violation where one is expected";
      return absl::StrCat(result.violations[0].name, ": ", result.violations[0].facts);
    case RunVerdict::kLate:
      for (size_t i = 0; i < result.deadlines.size(); ++i) {
        if (result.deadlines[i].status != DeadlineStatus::kMissed) continue;
        return absl::StrCat("deadline missed: ", scenario.expect.deadlines[i].name);
      }
      return "deadline missed";
    case RunVerdict::kUnmet: return result.unmet.empty() ? "unmet" : result.unmet[0];
    case RunVerdict::kUnknown: return result.unknown;
    case RunVerdict::kVacuous:
    case RunVerdict::kNotDeterministic:
    case RunVerdict::kHeld: break;
  }
  return "";
}

Explored Explore(const Scenario& scenario, uint64_t seed, const ServerFactory& servers,
                 zab::DrawWatch* draws) {
  StateWatch watch(scenario.ServerCount());
  const RunResult result =
      RunOnce(scenario, seed,
              {.sink = [&](const sim::Record& record) { watch.OnRecord(record); },
               .servers = servers,
               .draws = draws});
  Explored explored{.verdict = result.verdict,
                    .signature = SignatureOf(result, scenario),
                    .first = FirstFailure(result, scenario),
                    .events = result.events,
                    .trace_hash = result.trace_hash,
                    .sometimes = result.sometimes,
                    .probes = result.probes,
                    .states = watch.states(),
                    .encounters = {watch.encounters().begin(), watch.encounters().end()}};
  for (int i = 0; i < kFaultKindCount; ++i) {
    explored.faults += result.faults.Of(static_cast<FaultKind>(i)).effective;
  }
  return explored;
}

absl::StatusOr<Explored> Explore(const Document& document, const PlannedRun& run,
                                 const ServerFactory& servers) {
  const absl::StatusOr<Scenario> scenario = Devise(document, run.strategy, run.seed);
  if (!scenario.ok()) return scenario.status();
  return Explore(*scenario, run.seed, servers);
}

}  // namespace scenario
