// Strategies: how the runs of a campaign differ.  Each is a pure function from a scenario and a
// seed to a scenario: what it does is said in the language, so that every failure is a file that
// anybody can run, read and shrink. (SEARCH.md 2)
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/parse/document.h"

namespace scenario {

constexpr StrategyMix kDefaultMix = {35, 40, 25};

/// "random,pctcp:3": names with weights, 1 if not given.  kInvalidArgument says what was wanted.
absl::StatusOr<StrategyMix> ParseMix(absl::string_view text);
/// As ParseMix reads it.
std::string ToString(const StrategyMix& mix);

/// One run of a campaign.
struct PlannedRun {
  uint64_t index = 0;  // From 0.
  size_t file = 0;     // Which of the campaign's files.
  Strategy strategy{};
  uint64_t seed = 0;
};

/// Run `index` of the campaign with that root seed: a function of its arguments alone, so that
/// shards are disjoint and their union is the campaign.
PlannedRun PlanRun(uint64_t root_seed, uint64_t index, size_t files, const StrategyMix& mix);

/// The scenario of that run: Document::Instantiate, swarm configuration unless the file has a word
/// on it, then what the strategy adds.  A story, which
/// has no nemesis, is held to what holds under any faults.  Its seeds are the one seed, so that its
/// text is the whole run.
absl::StatusOr<Scenario> DeriveScenario(const Document& document, Strategy strategy, uint64_t seed);

}  // namespace scenario
