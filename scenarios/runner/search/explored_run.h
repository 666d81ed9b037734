// One run of a campaign and its report: the verdict, the failure's signature, and the coverage.
// Pure, like a run.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/state_watch.h"
#include "scenarios/runner/search/strategy.h"
#include "scenarios/runner/verdict/result.h"

namespace scenario {

/// What a run reports to its campaign.
struct Explored {
  RunVerdict verdict = RunVerdict::kHeld;
  std::string signature;   // Empty if it held.
  std::string first;       // The failure, in one line.
  bool shows_bug = false;  // In a story of a known bug: whether the bug showed.
  uint64_t events = 0;
  zab::Hash128 trace_hash;
  std::vector<bool> sometimes;  // In the order of Expect::sometimes.
  std::array<uint64_t, kProbeCount> probes{};
  std::vector<uint64_t> states;  // StateWatch::states().
  std::vector<Encounter> encounters;
  uint64_t faults = 0;               // The number of effective faults.
  std::vector<ActionCount> actions;  // As RunResult::actions; a strategy's own events come last.
};

/// Executes the planned run of the document.  Fails only if DeriveScenario does.
absl::StatusOr<Explored> Explore(const Document& document, const PlannedRun& run,
                                 const ServerFactory& servers = {});
/// Runs a derived scenario, with its known bug switched on if it has one.  `draws` as in
/// RunOptions.
Explored Explore(const Scenario& scenario, uint64_t seed, const ServerFactory& servers = {},
                 zab::DrawWatch* draws = nullptr);

/// The failure in one line; empty if the run held.
std::string FirstFailure(const RunResult& result, const Scenario& scenario);

}  // namespace scenario
