// Names, weights, and the plan of a campaign.
#include "scenarios/runner/search/strategy.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "scenarios/runner/faults/any_faults.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/sections.h"
#include "scenarios/runner/parse/swarm.h"
#include "scenarios/runner/search/strategies.h"

namespace scenario {
namespace {

constexpr zab::Stream kFileOfRun("fuzz/file");
constexpr zab::Stream kStrategyOfRun("fuzz/strategy");
constexpr zab::Stream kSeedOfRun("fuzz/seed");

/// A position, each as likely as its weight says.
template <class Weights>
size_t DrawWeighted(zab::Stream stream, uint64_t index, const Weights& weights,
                    zab::Chooser& chooser) {
  const uint64_t total = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
  uint64_t drawn = chooser.Below(stream, {index}, total);
  size_t position = 0;
  while (drawn >= weights[position]) drawn -= weights[position++];
  return position;
}

/// Replaces the expectations of a story, which assume only its own faults.
/// Quiet comes early enough for what is owed after it: a run cannot be longer than a file can
/// express.
void ExpectRandomFaults(Scenario& scenario) {
  HoldUnderAnyFaults(scenario);
  if (scenario.expect.deadlines.empty()) return;
  const zab::Duration owed = RecoveryBound(scenario.timing) + zab::Milliseconds(1);
  zab::Time& quiet = scenario.end.quiet->at;
  quiet = std::min(quiet, zab::Time{} + (kLongestDuration - owed));
  scenario.end.at = std::clamp(scenario.end.at, quiet + owed, zab::Time{} + kLongestDuration);
}

std::optional<Strategy> ParseStrategy(absl::string_view name) {
  for (const Strategy strategy : kStrategies) {
    if (Name(strategy) == name) return strategy;
  }
  return std::nullopt;
}

absl::Status BadMix(absl::string_view found) {
  return absl::InvalidArgumentError(
      absl::StrCat("wanted random, probe_sweep or pctcp, each with a weight from 1 to 1000 if you "
                   "like, as in random:2,pctcp; found \"",
                   found, "\""));
}

}  // namespace

absl::StatusOr<StrategyMix> ParseMix(absl::string_view text) {
  StrategyMix mix{};
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const std::vector<absl::string_view> words = absl::StrSplit(part, ':');
    const std::optional<Strategy> strategy = ParseStrategy(words[0]);
    uint64_t weight = 1;
    const bool good =
        words.size() == 1 || (words.size() == 2 && absl::SimpleAtoi(words[1], &weight) &&
                              weight >= 1 && weight <= kLargestWeight);
    if (!strategy || !good) return BadMix(part);
    mix[static_cast<size_t>(*strategy)] = weight;
  }
  return mix;
}

std::string ToString(const StrategyMix& mix) {
  std::string text;
  for (size_t i = 0; i < mix.size(); ++i) {
    if (mix[i] == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : ",", Name(static_cast<Strategy>(i)), ":", mix[i]);
  }
  return text;
}

std::vector<uint64_t> FileWeights(const std::vector<Document>& documents) {
  std::vector<uint64_t> weights;
  weights.reserve(documents.size());
  for (const Document& document : documents) {
    weights.push_back(document.scenario().run.weight.value_or(kDefaultWeight));
  }
  return weights;
}

PlannedRun PlanRun(uint64_t root_seed, uint64_t index, const std::vector<uint64_t>& files,
                   const StrategyMix& mix) {
  zab::Chooser chooser(root_seed);
  return {.index = index,
          .file = DrawWeighted(kFileOfRun, index, files, chooser),
          .strategy = static_cast<Strategy>(DrawWeighted(kStrategyOfRun, index, mix, chooser)),
          .seed = chooser.Bits(kSeedOfRun, {index})};
}

absl::StatusOr<Scenario> DeriveScenario(const Document& document, Strategy strategy,
                                        uint64_t seed) {
  absl::StatusOr<Scenario> scenario = document.Instantiate(seed);
  if (!scenario.ok()) return scenario;
  zab::Chooser chooser(seed);
  scenario->run.seeds = {.from = seed, .count = 1};
  scenario->run.weight.reset();
  if (scenario->nemesis.empty()) ExpectRandomFaults(*scenario);
  const std::optional<bool> swarm = document.scenario().run.swarm;
  if (!swarm) DrawSwarm(*scenario, chooser);  // Otherwise it has already been drawn.
  if (strategy == Strategy::kProbeSweep) DrawProbeFaults(*scenario, chooser);
  if (strategy == Strategy::kPctcp) DrawPriorities(*scenario, chooser);
  return scenario;
}

zab::Time EndOfFaults(const Scenario& scenario) {
  return scenario.end.quiet ? scenario.end.quiet->at : scenario.end.at;
}

std::string FreshId(const Scenario& scenario, absl::string_view name) {
  for (size_t number = 1;; ++number) {
    std::string id = absl::StrCat(name, number);
    const bool taken =
        std::ranges::any_of(scenario.events, [&](const Event& event) { return event.id == id; });
    if (!taken) return id;
  }
}

}  // namespace scenario
