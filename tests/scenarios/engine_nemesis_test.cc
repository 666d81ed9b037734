// Nemeses and quiet with idle servers.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "scenarios/runner/faults/nemesis.h"
#include "tests/scenarios/engine_toys.h"

namespace scenario::engine_nemesis {

using engine_toys::At;
using engine_toys::Establish;
using engine_toys::MakeScenario;
using engine_toys::Named;
using engine_toys::Stage;
using zab::Milliseconds;
using zab::Seconds;

size_t DownIn(Stage& stage, uint16_t servers) {
  size_t down = 0;
  for (uint16_t i = 1; i <= servers; ++i) {
    if (!stage.world().running({i}) || stage.world().paused({i})) ++down;
  }
  return down;
}

size_t CutLinksIn(Stage& stage, uint16_t servers) {
  size_t cut = 0;
  for (uint16_t i = 1; i <= servers; ++i) {
    for (uint16_t j = 1; j <= servers; ++j) {
      if (i != j && stage.world().network().IsCut({{i}, {j}})) ++cut;
    }
  }
  return cut;
}

TEST(EngineNemesis, NeverTakesMoreThanAMinorityDown) {
  for (const uint16_t servers : {uint16_t{3}, uint16_t{5}}) {
    Scenario scenario = MakeScenario(servers, At(Seconds(1000)));
    const std::vector<Selector> all{{Selector::Minority{}}, Named(1), Named(2), Named(3)};
    scenario.nemesis = {
        {.kind = NemesisKind::kCrashRestart,
         .interval = Seconds(1),
         .duration = Seconds(2),
         .targets = all},
        {.kind = NemesisKind::kPause,
         .interval = Seconds(1),
         .duration = Seconds(2),
         .targets = all},
        {.kind = NemesisKind::kRollingRestart, .interval = Seconds(5), .duration = Seconds(1)}};
    Stage stage(scenario);
    size_t most = 0;
    for (int i = 0; i < 4000; ++i) {
      stage.RunUntil(Milliseconds(250 * i));
      most = std::max(most, DownIn(stage, servers));
    }
    EXPECT_EQ(most, (servers - 1u) / 2);
    const FaultTally& faults = stage.engine().faults();
    EXPECT_GT(faults.Of(FaultKind::kCrash).effective, 100u);
    EXPECT_GT(faults.Of(FaultKind::kPause).effective, 100u);
    EXPECT_GT(faults.Total().requested, faults.Total().effective);
  }
}

TEST(EngineNemesis, TakesAllDownIfItsLimitPermits) {
  Scenario scenario = MakeScenario(3, At(Seconds(100)));
  scenario.nemesis = {{.kind = NemesisKind::kCrashRestart,
                       .interval = Seconds(2),
                       .duration = Seconds(1),
                       .targets = {{Selector::List{{Named(1), Named(2), Named(3)}}}},
                       .limit = MostDown::kAll}};
  Stage stage(scenario);
  size_t most = 0;
  for (int i = 0; i < 400; ++i) {
    stage.RunUntil(Milliseconds(250 * i));
    most = std::max(most, DownIn(stage, 3));
  }
  EXPECT_EQ(most, 3u);
}

TEST(EngineNemesis, StartsWithTheMeanInterval) {
  Scenario scenario = MakeScenario(3, At(Seconds(10'000)));
  scenario.nemesis = {{.kind = NemesisKind::kPartition,
                       .interval = Seconds(5),
                       .duration = Seconds(2),
                       .shapes = {Shape::kHalves, Shape::kOne}}};
  Stage stage(scenario);
  stage.RunUntil(Seconds(10'000));
  const FaultCount count = stage.engine().faults().Of(FaultKind::kPartition);
  EXPECT_GT(count.requested, 1850u);
  EXPECT_LT(count.requested, 2150u);
}

TEST(EngineNemesis, StrikesOnlyBetweenFromAndUntil) {
  Scenario scenario = MakeScenario(3, At(Seconds(100)));
  scenario.nemesis = {{.kind = NemesisKind::kClog,
                       .interval = Milliseconds(200),
                       .duration = Milliseconds(100),
                       .from = At(Seconds(10)),
                       .until = At(Seconds(20))}};
  Stage stage(scenario);
  stage.RunUntil(Seconds(10));
  EXPECT_EQ(stage.engine().faults().Total().requested, 0u);
  stage.RunUntil(Seconds(20));
  const uint64_t requested = stage.engine().faults().Total().requested;
  EXPECT_GT(requested, 20u);
  stage.RunUntil(Seconds(100));
  EXPECT_EQ(stage.engine().faults().Total().requested, requested);
}

TEST(EngineNemesis, PartitionShapes) {
  // Links cut among five servers, n5 leading.
  const std::vector<std::pair<Shape, size_t>> shapes{{Shape::kHalves, 12},
                                                     {Shape::kOne, 8},
                                                     {Shape::kLeaderMinority, 12},
                                                     {Shape::kBridge, 8},
                                                     {Shape::kOneway, 4}};
  for (const auto& [shape, links] : shapes) {
    Scenario scenario = MakeScenario(5, At(Seconds(100)));
    scenario.nemesis = {{.kind = NemesisKind::kPartition,
                         .interval = Milliseconds(1),
                         .duration = Seconds(1000),
                         .shapes = {shape},
                         .from = At(Seconds(1))}};
    Stage stage(scenario);
    Establish(stage, 5, 5);
    while (stage.engine().faults().Total().requested == 0 && stage.world().RunNext()) {
    }
    EXPECT_EQ(CutLinksIn(stage, 5), links) << static_cast<int>(shape);
    if (shape == Shape::kLeaderMinority) {
      size_t reached = 0;
      for (uint16_t i = 1; i <= 4; ++i)
        reached += stage.world().network().IsCut({{5}, {i}}) ? 0 : 1;
      EXPECT_EQ(reached, 1u);
    }
  }
}

size_t CloggedLinksIn(Stage& stage, uint16_t servers) {
  size_t clogged = 0;
  for (uint16_t i = 1; i <= servers; ++i) {
    for (uint16_t j = 1; j <= servers; ++j) {
      if (i != j && stage.world().network().IsClogged({{i}, {j}})) ++clogged;
    }
  }
  return clogged;
}

/// Runs until a nemesis that strikes once, from 1 s, has struck.
void RunUntilItStrikes(Stage& stage) {
  while (stage.engine().faults().Total().requested == 0 && stage.world().RunNext()) {
  }
}

TEST(EngineNemesis, SwizzleClogsAndReleasesOneByOne) {
  Scenario scenario = MakeScenario(5, At(Seconds(1000)));
  scenario.nemesis = {{.kind = NemesisKind::kSwizzleClog,
                       .interval = Milliseconds(1),
                       .duration = Seconds(4),
                       .from = At(Seconds(1)),
                       .until = At(Milliseconds(1001))}};
  std::vector<size_t> largest;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Stage stage(scenario, seed);
    RunUntilItStrikes(stage);
    if (stage.engine().faults().Total().requested == 0) continue;  // No strike before `until`.
    const zab::Duration begin = stage.world().now() - zab::Time{};
    std::vector<size_t> counts;
    for (int i = 0; i <= 80; ++i) {
      counts.push_back(CloggedLinksIn(stage, 5));
      stage.RunUntil(begin + Milliseconds(50 * (i + 1)));
    }
    const auto peak = std::ranges::max_element(counts);
    largest.push_back(*peak);
    EXPECT_TRUE(std::is_sorted(counts.begin(), peak)) << seed;
    EXPECT_TRUE(std::is_sorted(peak, counts.end(), std::greater<>())) << seed;
    EXPECT_GT(*peak, counts.front()) << seed;
    EXPECT_EQ(stage.engine().faults().Of(FaultKind::kClog).effective, *peak) << seed;
    stage.RunUntil(begin + Milliseconds(4100));
    EXPECT_EQ(CloggedLinksIn(stage, 5), 0u) << seed;
  }
  ASSERT_GT(largest.size(), 5u);
  EXPECT_GE(std::ranges::min(largest), 8u);   // All of one server.
  EXPECT_LE(std::ranges::max(largest), 20u);  // All links.
}

TEST(EngineNemesis, FlapLeaderHitsTheCurrentLeader) {
  for (const Shape shape : {Shape::kPause, Shape::kCut, Shape::kKill}) {
    Scenario scenario = MakeScenario(5, At(Seconds(100)));
    scenario.nemesis = {{.kind = NemesisKind::kFlapLeader,
                         .interval = Milliseconds(1),
                         .duration = Seconds(1),
                         .shapes = {shape},
                         .from = At(Seconds(1)),
                         .until = At(Seconds(2))}};
    Stage stage(scenario);
    Establish(stage, 4, 5);
    RunUntilItStrikes(stage);
    EXPECT_EQ(stage.world().paused({4}), shape == Shape::kPause);
    EXPECT_EQ(stage.world().running({4}), shape != Shape::kKill);
    EXPECT_EQ(CutLinksIn(stage, 5), shape == Shape::kCut ? 8u : 0u);
    EXPECT_EQ(stage.engine().faults().Total().effective, 1u);
    stage.RunUntil(Seconds(10));
    EXPECT_TRUE(stage.world().running({4}) && !stage.world().paused({4}));
    EXPECT_EQ(CutLinksIn(stage, 5), 0u);
  }
}

TEST(EngineNemesis, AGrayLinkIsSlowOneWayAndForAWhile) {
  Scenario scenario = MakeScenario(3, At(Seconds(100)));
  scenario.nemesis = {{.kind = NemesisKind::kGrayLink,
                       .interval = Seconds(2),
                       .duration = Seconds(1),
                       .targets = {Named(1)},
                       .factor = 30,
                       .from = At(Seconds(1))}};
  scenario.end.quiet = ::scenario::Quiet{.at = At(Seconds(50)), .heal = HealAll{}};
  Stage stage(scenario);
  const auto slow = [&] {
    size_t count = 0;
    for (uint16_t i = 1; i <= 3; ++i) {
      for (uint16_t j = 1; j <= 3; ++j) {
        if (i == j || stage.world().network().profile({{i}, {j}}) == LinkProfile{}) continue;
        EXPECT_EQ(stage.world().network().profile({{i}, {j}}).latency,
                  sim::Const(Milliseconds(30)));
        EXPECT_TRUE(i == 1 || j == 1);
        ++count;
      }
    }
    return count;
  };
  RunUntilItStrikes(stage);
  EXPECT_EQ(slow(), 1u);
  size_t idle = 0;
  for (int i = 10; i < 500; ++i) {
    stage.RunUntil(Milliseconds(100 * i));
    if (slow() == 0) ++idle;
  }
  EXPECT_GT(idle, 100u);
  EXPECT_GT(stage.engine().faults().Of(FaultKind::kSetLink).effective, 10u);
  stage.RunUntil(Seconds(50));
  EXPECT_EQ(slow(), 0u);  // Quiet.
}

TEST(EngineQuiet, EndsAllFaultsAndRunsTheHealedServers) {
  Scenario scenario = MakeScenario(5, At(Seconds(100)));
  scenario.nemesis = {
      {.kind = NemesisKind::kPartition,
       .interval = Milliseconds(500),
       .duration = Seconds(5),
       .shapes = {Shape::kHalves, Shape::kOneway}},
      {.kind = NemesisKind::kCrashRestart, .interval = Milliseconds(500), .duration = Seconds(5)}};
  SetLink slow{.from = Named(1), .to = Named(2)};
  slow.change.latency = sim::Const(Seconds(1));
  SetDisk disk{.target = Named(1)};
  disk.change.fsync = sim::Const(Seconds(1));
  scenario.events = {{.id = "slow",
                      .trigger = AtTime{At(Seconds(1)), std::nullopt},
                      .actions = {slow, disk, Pause{Named(2)}}},
                     {.id = "late",
                      .trigger = AtTime{At(Seconds(30)), std::nullopt},
                      .actions = {Crash{.target = Named(1)}, Restart{Named(4)}}}};
  scenario.end.quiet =
      ::scenario::Quiet{.at = At(Seconds(20)), .heal = std::vector<zab::ServerId>{{1}, {2}, {3}}};
  Stage stage(scenario);
  stage.RunUntil(Milliseconds(1500));
  EXPECT_EQ(stage.world().network().profile({{1}, {2}}).latency, sim::Const(Seconds(1)));
  stage.RunUntil(Seconds(99));
  EXPECT_EQ(CutLinksIn(stage, 5), 0u);
  EXPECT_EQ(stage.world().network().profile({{1}, {2}}), LinkProfile{});
  EXPECT_EQ(stage.world().disk({1}).profile(), DiskProfile{});
  for (uint16_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(stage.world().running({i}), i <= 3) << i;  // Despite the late event.
    EXPECT_FALSE(stage.world().paused({i})) << i;
  }
  EXPECT_EQ(stage.event(1).fired, 1u);
}

TEST(EngineQuiet, CoreIsARandomQuorum) {
  Scenario scenario = MakeScenario(5, At(Seconds(10)));
  scenario.end.quiet = ::scenario::Quiet{.at = At(Seconds(1)), .heal = HealCore{}};
  std::vector<std::vector<NodeId>> drawn;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const BuiltCluster built = BuildCluster(scenario, seed, engine_toys::IdleServers);
    EXPECT_EQ(built.healed.size(), 3u);
    drawn.push_back(built.healed);
    Stage stage(scenario, seed);
    stage.RunUntil(Seconds(2));
    EXPECT_EQ(DownIn(stage, 5), 2u);
    for (const NodeId node : built.healed) EXPECT_TRUE(stage.world().running(node));
  }
  EXPECT_NE(std::count(drawn.begin(), drawn.end(), drawn[0]), 10);
}

}  // namespace scenario::engine_nemesis
