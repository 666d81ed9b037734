// Strategies: the runs of a campaign, that derived scenarios are valid files, and coverage.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "protocol/base/hash.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/search/coverage.h"
#include "scenarios/runner/search/explored_run.h"
#include "scenarios/runner/search/state_watch.h"
#include "scenarios/runner/search/strategy.h"
#include "tests/support/shipped.h"

namespace explore_test {
namespace {

using scenario::Strategy;

scenario::Document Swarm() {
  return support::MustLoad(support::ShippedScenario("ci/swarm"));
}

TEST(Strategy, ARunIsAFunctionOfRootSeedAndIndex) {
  const auto first = scenario::PlanRun(7, 41, {1, 1, 1}, scenario::kDefaultMix);
  const auto again = scenario::PlanRun(7, 41, {1, 1, 1}, scenario::kDefaultMix);
  EXPECT_EQ(first.seed, again.seed);
  EXPECT_EQ(first.strategy, again.strategy);
  EXPECT_EQ(first.file, again.file);
  EXPECT_NE(first.seed, scenario::PlanRun(8, 41, {1, 1, 1}, scenario::kDefaultMix).seed);
}

TEST(Strategy, StrategiesAreDrawnByTheMix) {
  std::array<int, scenario::kStrategyCount> counts{};
  std::set<size_t> files;
  for (uint64_t i = 0; i < 10'000; ++i) {
    const auto run = scenario::PlanRun(1, i, {1, 1, 1}, {1, 0, 3});
    ++counts[static_cast<size_t>(run.strategy)];
    files.insert(run.file);
  }
  EXPECT_NEAR(counts[0], 2500, 200);
  EXPECT_EQ(counts[1], 0);
  EXPECT_EQ(files.size(), 3u);
}

TEST(Strategy, FilesAreDrawnByTheirWeights) {
  const auto weighted = [](absl::string_view weight) {
    return *scenario::Document::Load(support::ShippedScenario("leader-crash"),
                                     {absl::StrCat("/run/weight=", weight)});
  };
  const std::vector<uint64_t> weights = scenario::FileWeights(
      {support::MustLoad(support::ShippedScenario("leader-crash")), weighted("3"), weighted("6")});
  EXPECT_EQ(weights, (std::vector<uint64_t>{1, 3, 6}));
  std::array<int, 3> counts{};
  for (uint64_t i = 0; i < 10'000; ++i) {
    ++counts[scenario::PlanRun(1, i, weights, scenario::kDefaultMix).file];
  }
  EXPECT_NEAR(counts[0], 1000, 150);
  EXPECT_NEAR(counts[1], 3000, 200);
  EXPECT_NEAR(counts[2], 6000, 200);
}

TEST(Strategy, MixesAreReadAndWritten) {
  const auto mix = scenario::ParseMix("pctcp:3,random");
  ASSERT_TRUE(mix.ok()) << mix.status();
  EXPECT_EQ(scenario::ToString(*mix), "random:1,pctcp:3");
  for (const char* bad : {"", "pos", "random:0", "random:x", "random:1:2", "random,,pctcp"}) {
    EXPECT_FALSE(scenario::ParseMix(bad).ok()) << bad;
  }
}

/// A derived scenario can be written as a file that reads back as the same experiment.
TEST(Strategy, ADerivedScenarioIsAFileWithTheSameMeaning) {
  for (const std::string& path : support::ShippedScenarios()) {
    const scenario::Document document = support::MustLoad(path);
    for (int i = 0; i < 30 * scenario::kStrategyCount; ++i) {
      const auto strategy = static_cast<Strategy>(i % scenario::kStrategyCount);
      const auto derived = DeriveScenario(document, strategy, static_cast<uint64_t>(i));
      ASSERT_TRUE(derived.ok()) << derived.status();
      const std::string text = ToFileText(*derived);
      const auto read = scenario::Document::Parse(text, "derived.json");
      ASSERT_TRUE(read.ok()) << path << ": " << read.status() << "\n" << text;
      ASSERT_EQ(read->digest(), DigestOf(*derived)) << path << "\n" << text;
    }
  }
}

/// The longest times that a file may have: what is devised from them has none that is longer.
TEST(Strategy, WhatIsDevisedFromTheLongestTimesIsAFile) {
  constexpr char kFile[] = R"({"format":"zabsim/1","cluster":{"voters":["n1","n2","n3"]},
"network":{"default":{"latency":{"dist":"exp","floor":"1000000000s","mean":"10000000s"}}},
"disk":{"default":{"fsync":{"dist":"exp","mean":"6000000s","cap":"1000000000s"}}},
"nemesis":[{"kind":"partition","interval":"1000000000s","duration":"1000000000s"}],
"end":{"virtual":"1000000000s"}})";
  const std::vector<std::vector<std::string>> changes = {
      {},
      {"/nemesis=[]"},
      {"/nemesis=[]", R"(/end/quiet={"at":"1000000000s"})"},
      {"/nemesis=[]", R"(/timing={"tick_time":"10000000s","init_limit":100,"sync_limit":100})"},
      {"/nemesis=[]", R"(/timing={"tick_time":"1000000s","init_limit":160,"sync_limit":160})"}};
  for (const auto& change : changes) {
    const auto document = scenario::Document::Parse(kFile, "longest.json", change);
    ASSERT_TRUE(document.ok()) << document.status();
    for (int i = 0; i < 20 * scenario::kStrategyCount; ++i) {
      const auto strategy = static_cast<Strategy>(i % scenario::kStrategyCount);
      const auto derived = DeriveScenario(*document, strategy, static_cast<uint64_t>(i));
      ASSERT_TRUE(derived.ok()) << derived.status();
      const auto read = scenario::Document::Parse(ToFileText(*derived), "derived.json");
      ASSERT_TRUE(read.ok()) << read.status() << ToFileText(*derived);
    }
  }
}

/// With added faults a story's own expectations do not apply.
TEST(Strategy, EveryShippedScenarioHoldsUnderDrawnFaults) {
  for (const std::string& path : support::ShippedScenarios()) {
    const scenario::Document document = support::MustLoad(path);
    if (scenario::ExpectsViolation(document.scenario())) continue;  // It expects violations.
    for (uint64_t seed = 1; seed <= 2 * scenario::kStrategyCount; ++seed) {
      const auto strategy = static_cast<Strategy>(seed % scenario::kStrategyCount);
      auto derived = DeriveScenario(document, strategy, seed);
      ASSERT_TRUE(derived.ok()) << derived.status();
      derived->known_bug.reset();
      const scenario::Explored explored = Explore(*derived, seed);
      EXPECT_EQ(explored.verdict, scenario::RunVerdict::kHeld)
          << path << ", " << Name(strategy) << ", seed " << seed << ": " << explored.first;
    }
  }
}

/// `run.swarm` draws in every run what campaigns draw by default.
TEST(Strategy, SwarmIsDrawnOnce) {
  const scenario::Document plain = Swarm();
  const std::string path = ZABSIM_SOURCE_DIR "/scenarios/ci/swarm.json";
  const auto asked = *scenario::Document::Load(path, {"/run/swarm=true"});
  const auto never = *scenario::Document::Load(path, {"/run/swarm=false"});
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const auto drawn = DeriveScenario(plain, Strategy::kRandom, seed);
    EXPECT_EQ(CanonicalText(*drawn),
              CanonicalText(*DeriveScenario(asked, Strategy::kRandom, seed)));
    scenario::Scenario run = *asked.Instantiate(seed);
    run.run.seeds = drawn->run.seeds;
    run.run.weight.reset();
    EXPECT_EQ(CanonicalText(*drawn), CanonicalText(run));
    EXPECT_EQ(DeriveScenario(never, Strategy::kRandom, seed)->nemesis.size(),
              plain.scenario().nemesis.size());
  }
}

TEST(Strategy, AFileRunsLikeTheDerivedScenario) {
  const scenario::Document document = Swarm();
  for (int strategy = 0; strategy < scenario::kStrategyCount; ++strategy) {
    const auto derived = DeriveScenario(document, static_cast<Strategy>(strategy), 5);
    ASSERT_TRUE(derived.ok()) << derived.status();
    const auto read = scenario::Document::Parse(ToFileText(*derived), "derived.json");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(scenario::RunOnce(*derived, 5).trace_hash,
              scenario::RunOnce(*read->Instantiate(5), 5).trace_hash);
  }
}

TEST(Strategy, ARealEnsembleHolds) {
  const scenario::Document document = Swarm();
  scenario::Coverage coverage;
  for (uint64_t i = 0; i < 60; ++i) {
    const scenario::PlannedRun run = scenario::PlanRun(3, i, {1}, scenario::kDefaultMix);
    const auto explored = Explore(document, run);
    ASSERT_TRUE(explored.ok()) << explored.status();
    EXPECT_EQ(explored->verdict, scenario::RunVerdict::kHeld)
        << Name(run.strategy) << " seed " << run.seed << ": " << explored->first;
    coverage.Add(i, *explored);
  }
  EXPECT_EQ(coverage.MissingProbes(), std::vector<std::string>{"canary"});
  EXPECT_GT(coverage.states().size(), 200u);
}

scenario::Explored Seeing(std::vector<uint64_t> states) {
  return {.states = std::move(states)};
}

TEST(Coverage, CountsNewAndRareStates) {
  scenario::Coverage coverage;
  EXPECT_EQ(coverage.Add(0, Seeing({1, 2, 3})), 3u);
  EXPECT_EQ(coverage.Add(1, Seeing({1, 2, 4})), 1u);
  EXPECT_EQ(coverage.Singletons(), 2u);
  EXPECT_EQ(coverage.UnseenMillionths(), 333'333u);  // 2 of 6.
  EXPECT_EQ(coverage.curve().back(), std::pair(uint64_t{2}, uint64_t{4}));
}

/// A leader closes the connection of a slow learner without a message of its own.
TEST(Coverage, TheReasonForAClosedConnectionIsSeen) {
  scenario::StateWatch watch(3);
  scenario::Record closed{.node = {1}};
  closed.event = {.probe = scenario::Probe::kChannelDown,
                  .reason = zab::Reason::kSlowLearner,
                  .peer = zab::ServerId{2}};
  watch.OnRecord(closed);
  ASSERT_EQ(watch.encounters().size(), 1u);
  EXPECT_EQ(watch.encounters().begin()->reason, zab::Reason::kSlowLearner);
}

TEST(Coverage, LearnersAreTooSlowInTheCampaignOfSnapshots) {
  const scenario::Document document = support::MustLoad(support::ShippedScenario("ci/snap-swarm"));
  uint64_t closings = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const auto derived = DeriveScenario(document, Strategy::kRandom, seed);
    ASSERT_TRUE(derived.ok()) << derived.status();
    for (const scenario::Encounter& encounter : Explore(*derived, seed).encounters) {
      closings += encounter.reason == zab::Reason::kSlowLearner;
    }
  }
  EXPECT_GT(closings, 0u);
}

TEST(Coverage, ShardsMergeToTheWhole) {
  scenario::Coverage whole, even, odd;
  for (uint64_t run = 0; run < 20; ++run) {
    const auto explored = Seeing({run / 3, run % 7, 100});
    whole.Add(run, explored);
    (run % 2 == 0 ? even : odd).Add(run, explored);
  }
  scenario::Coverage merged = scenario::Coverage::From(odd.Keep());
  merged.Merge(even);
  EXPECT_EQ(merged.runs(), whole.runs());
  EXPECT_EQ(merged.Singletons(), whole.Singletons());
  EXPECT_EQ(merged.observations(), whole.observations());
  for (const auto& [state, seen] : whole.states()) {
    EXPECT_EQ(merged.states().at(state).first_run, seen.first_run);
  }
}

/// A million states, some of them in two runs: what is kept is small, in whatever order it came.
TEST(Coverage, WhatIsKeptIsBoundedAndMergesToTheWhole) {
  constexpr uint64_t kRuns = 200, kStatesPerRun = 5'000;
  scenario::Coverage whole, first, last;
  for (uint64_t run = 0; run < kRuns; ++run) {
    std::vector<uint64_t> states;
    for (uint64_t i = 0; i < kStatesPerRun; ++i) {
      states.push_back(zab::Hash64Of(absl::StrCat(run * kStatesPerRun * 9 / 10 + i)) / 8 * 8);
    }
    whole.Add(run, Seeing(states));
    (run < kRuns / 2 ? first : last).Add(run, Seeing(states));
    ASSERT_LE(whole.states().size(), scenario::kMostStatesKept);
  }
  const double distinct = kRuns * kStatesPerRun * 0.9;
  EXPECT_NEAR(static_cast<double>(whole.state_count()), distinct, distinct * 0.06);
  EXPECT_NEAR(static_cast<double>(whole.UnseenMillionths()), 800'000, 50'000);
  last.Merge(first);
  EXPECT_EQ(last.state_count(), whole.state_count());
  EXPECT_EQ(last.Singletons(), whole.Singletons());
}

TEST(Coverage, ACampaignWithoutRunsMissesEverything) {
  const scenario::Coverage blind;
  EXPECT_GT(blind.MissingProbes().size(), 10u);
  EXPECT_EQ(blind.UnseenMillionths(), 1'000'000u);
}

}  // namespace
}  // namespace explore_test
