// Strategies: how the runs of a campaign differ.  Each is a pure function from a scenario and a
// seed to a scenario.  What it does is expressed in the scenario language, so that every failure is
// a file that can be run, read and shrunk. (SEARCH.md 2)
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/parse/document.h"

namespace scenario {

constexpr StrategyMix kDefaultMix = {35, 40, 25};

/// Parses names with optional weights (default 1), such as "random,pctcp:3".  kInvalidArgument:
/// what was wanted.
absl::StatusOr<StrategyMix> ParseMix(absl::string_view text);
/// In the format of ParseMix.
std::string ToString(const StrategyMix& mix);

/// One run of a campaign.
struct PlannedRun {
  uint64_t index = 0;  // From 0.
  size_t file = 0;     // Index into the campaign's files.
  Strategy strategy{};
  uint64_t seed = 0;
};

/// How often a campaign takes each of its files: their `run.weight`.
std::vector<uint64_t> FileWeights(const std::vector<Document>& documents);

/// Plans run `index` of the campaign with this root seed.  Depends only on its arguments, so that
/// shards are disjoint and their union is the campaign.  `files`: the weight of each, at least 1.
PlannedRun PlanRun(uint64_t root_seed, uint64_t index, const std::vector<uint64_t>& files,
                   const StrategyMix& mix);

/// The scenario of a run: Document::Instantiate, then swarm configuration unless the file has
/// `run.swarm`, then the additions of the strategy.  A story (a scenario without a nemesis) gets
/// the expectations of HoldUnderAnyFaults.  The result has the single seed, so that its text
/// describes the whole run.
absl::StatusOr<Scenario> DeriveScenario(const Document& document, Strategy strategy, uint64_t seed);

}  // namespace scenario
