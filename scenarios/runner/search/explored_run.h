// One run of a campaign and what it tells: the verdict, how the failure is named, and what was
// covered.  Pure, like a run.
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
  std::string first;       // What failed, in one line.
  bool shows_bug = false;  // In a story of a known bug: what it is named by came about.
  uint64_t events = 0;
  zab::Hash128 trace_hash;
  std::vector<bool> sometimes;  // In the order of Expect::sometimes.
  std::array<uint64_t, kProbeCount> probes{};
  std::vector<uint64_t> states;  // StateWatch::states().
  std::vector<Encounter> encounters;
  uint64_t faults = 0;  // Effective ones.
};

/// Runs the planned run of that document.  Fails only where DeriveScenario does.
absl::StatusOr<Explored> Explore(const Document& document, const PlannedRun& run,
                                 const ServerFactory& servers = {});
/// Of a scenario that is devised already.  A known bug that it is of is switched on; `draws` as
/// RunOptions has it.
Explored Explore(const Scenario& scenario, uint64_t seed, const ServerFactory& servers = {},
                 zab::DrawWatch* draws = nullptr);

/// What failed, in one line; empty if it held.
std::string FirstFailure(const RunResult& result, const Scenario& scenario);

}  // namespace scenario
