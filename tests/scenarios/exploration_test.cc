// Bounded worlds: counts, the shortest way to a known bug, and that neither interning nor a hash
// hides a state.
#include "scenarios/runner/explore/exploration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenarios/runner/explore/certificate.h"
#include "tests/support/shipped.h"

namespace exploration_test {
namespace {

using scenario::explore::Ended;
using scenario::explore::Engine;
using scenario::explore::Explored;
using scenario::explore::Keeping;
using ::testing::ElementsAre;

/// One write and one kill in three servers, changed by `set`.
scenario::Scenario World(std::vector<std::string> set) {
  return support::MustLoad(support::ShippedScenario("explore/one-write-one-crash"), set).scenario();
}

const std::vector<std::string>& OneWrite() {
  static const std::vector<std::string> kSet = {"/explore/budget={\"writes\":1}"};
  return kSet;
}

TEST(Exploration, KeepingEachStateOnceMakesNoDifference) {
  const scenario::Scenario world = World(OneWrite());
  Engine once(world);
  Engine each_time(world, Keeping::kEachTime);
  const Explored a = ExploreAll(world, once);
  const Explored b = ExploreAll(world, each_time);
  EXPECT_EQ(a.ended, Ended::kComplete);
  EXPECT_EQ(a.reached.states, 53U);
  EXPECT_EQ(a.reached.transitions, 108U);
  EXPECT_EQ(a.reached.states, b.reached.states);
  EXPECT_EQ(a.reached.transitions, b.reached.transitions);
  EXPECT_EQ(a.reached.depth, b.reached.depth);
  EXPECT_EQ(a.set_hash, b.set_hash);
  EXPECT_EQ(a.terminal, b.terminal);
  EXPECT_GT(each_time.sizes().servers, once.sizes().servers);
}

const std::vector<std::string>& OneWriteOneKill() {
  static const std::vector<std::string> kSet = {"/explore/budget={\"writes\":1,\"kills\":1}",
                                                "/explore/bounds/states=20000"};
  return kSet;
}

TEST(Exploration, TheAuditFindsNoDifference) {
  const scenario::Scenario world = World(OneWriteOneKill());
  Engine engine(world);
  ExploreAll(world, engine);
  const Engine::Audit audit = engine.RunAudit();
  EXPECT_GT(audit.pairs, 100U);
  EXPECT_EQ(audit.differences, 0U) << audit.first;
}

// A field that a hash forgets makes no difference to it.
TEST(Exploration, TheHashOfAServerForgetsNoFieldOfItsCoreButThese) {
  const scenario::Scenario world = World(OneWrite());
  Engine engine(world);
  const auto state = engine.Start().state;
  const scenario::explore::Server& server = engine.server(state, zab::ServerId{1});
  ASSERT_TRUE(server.peer);
  std::vector<std::string> forgotten;
  server.peer->core().Fields([&](absl::string_view name, const auto&) {
    if (HashOf(server, name) == HashOf(server)) forgotten.emplace_back(name);
  });
  EXPECT_THAT(forgotten, ElementsAre("config", "chooser", "entity", "ids", "now",
                                     "own_notifications", "role_serial"));
}

TEST(Exploration, AKnownBugIsFoundOnAShortestPath) {
  const scenario::Scenario world =
      World({"/known_bug={\"id\":\"ZOOKEEPER-4394\",\"violates\":["
             "\"NoBadState\"]}"});
  Engine engine(world);
  const Explored explored = ExploreAll(world, engine);
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->broken.invariant, "NoBadState");
  EXPECT_EQ(explored.counterexample->steps.size(), 15U);
}

TEST(Exploration, WhatWasInterruptedIsNoCertificate) {
  const scenario::Scenario world = World(OneWriteOneKill());
  Engine engine(world);
  const Explored explored =
      ExploreAll(world, engine, [](const auto& progress) { return progress.states < 2000; });
  EXPECT_EQ(explored.ended, Ended::kInterrupted);
  EXPECT_FALSE(explored.IsCertificate());
  EXPECT_GT(explored.reached.queued, 0U);
}

TEST(Exploration, BeyondTheBoundsThereIsNoCertificate) {
  const scenario::Scenario world =
      World({"/explore/budget={\"kills\":1}", "/explore/bounds/epoch=1"});
  Engine engine(world);
  const Explored explored = ExploreAll(world, engine);
  EXPECT_GT(explored.pruned, 0U);
  EXPECT_FALSE(explored.IsCertificate());
}

}  // namespace
}  // namespace exploration_test
