// Failures that the swarm finds in broken peers, made explicit and shrunk: each reproduces on its
// own, in the same way.
#include "scenarios/runner/shrink/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/signature.h"
#include "scenarios/runner/shrink/concretise.h"
#include "scenarios/runner/shrink/replayer.h"
#include "tests/support/broken_peer.h"
#include "tests/support/mutants.h"
#include "tests/support/shipped.h"

namespace shrink_test {
namespace {

using scenario::Document;
using scenario::Shrunk;

Document Swarm(const std::vector<std::string>& overrides = {}) {
  return support::MustLoad(support::ShippedScenario("ci/swarm"), overrides);
}

struct Ran {
  scenario::RunResult result;
  std::string signature;
};

Ran RunSeed(const Document& document, uint64_t seed, const scenario::ServerFactory& servers = {}) {
  const scenario::Scenario scenario = *document.Instantiate(seed);
  scenario::RunResult result = scenario::RunOnce(scenario, seed, {.servers = servers});
  std::string signature = scenario::SignatureOf(result, scenario);
  return {std::move(result), std::move(signature)};
}

/// Runs the file with its own seed.
Ran RunText(const std::string& text, const scenario::ServerFactory& servers = {}) {
  const auto document = Document::Parse(text, "shrunk.json");
  if (!document.ok()) return {.signature = std::string(document.status().message())};
  return RunSeed(*document, document->scenario().run.seeds[0], servers);
}

/// The first seeds of the swarm with which the peer fails.
std::vector<uint64_t> FailingSeeds(const Document& document, const scenario::ServerFactory& servers,
                                   size_t count) {
  std::vector<uint64_t> seeds;
  for (uint64_t seed = 1; seed <= 60 && seeds.size() < count; ++seed) {
    if (!RunSeed(document, seed, servers).signature.empty()) seeds.push_back(seed);
  }
  return seeds;
}

// ---- Concretise ---------------------------------------------------------------------------------

// Excludes runs whose clients never sent a request: clients without operations do not connect.
TEST(Concretise, TheRunIsTheSame) {
  const Document document = Swarm();
  size_t all = 0;
  std::string others;
  for (const auto& [name, servers] : support::Mutants()) {
    for (const uint64_t seed : FailingSeeds(document, servers, 3)) {
      const Ran before = RunSeed(document, seed, servers);
      const Ran after = RunText(scenario::CompactJson(scenario::Concretise(
                                    *document.Instantiate(seed), seed, {}, servers)),
                                servers);
      ++all;
      if (after.signature != before.signature) {
        absl::StrAppend(&others, name, ", seed ", seed, "\n");
      } else if (!before.result.violations.empty()) {
        EXPECT_EQ(after.result.violations[0].time, before.result.violations[0].time)
            << name << ", seed " << seed;
        EXPECT_EQ(after.result.violations[0].facts, before.result.violations[0].facts);
      }
    }
  }
  EXPECT_GE(all, 40u);
  EXPECT_LE(std::ranges::count(others, '\n'), 2) << others;
}

// Runs that hold reach their end, so that they contain all faults and requests of 14 s.
TEST(Concretise, ARunThatHoldsIsTheSameToItsEnd) {
  const Document document = Swarm();
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const Ran before = RunSeed(document, seed);
    const Ran after = RunText(
        scenario::CompactJson(scenario::Concretise(*document.Instantiate(seed), seed, {}, {})));
    ASSERT_EQ(after.result.verdict, scenario::RunVerdict::kHeld) << after.signature;
    for (const auto counter : {scenario::Counter::kCommitted, scenario::Counter::kElections}) {
      EXPECT_EQ(after.result.measured[counter], before.result.measured[counter]) << "seed " << seed;
    }
    EXPECT_EQ(after.result.probes[static_cast<size_t>(scenario::Probe::kMsgSent)],
              before.result.probes[static_cast<size_t>(scenario::Probe::kMsgSent)]);
  }
}

// ---- Shrink -------------------------------------------------------------------------------------

size_t Median(std::vector<size_t> numbers) {
  std::ranges::sort(numbers);
  return numbers[numbers.size() / 2];
}

// Whatever is removed, such a run takes as long.
TEST(Shrink, ARunThatOnlyTheGuardEndsIsGivenUpAtOnce) {
  const Document document = Swarm({"/end/events=3000"});
  ASSERT_EQ(RunSeed(document, 1).signature, "unknown: the guard of 3000 events was reached");
  uint64_t replays = 0;
  const auto shrunk =
      scenario::Shrink(document, 1, {.progress = [&](uint64_t) { return ++replays > 0; }});
  EXPECT_EQ(shrunk.status().message(), "seed 1 is ended only by the guard of 3000 events");
  EXPECT_EQ(replays, 0u);
}

// With few draws, so that the sizes say something about the shrinker and not about the campaign.
TEST(Shrink, LeavesAFewFaultsAndRequests) {
  const Document document =
      Swarm({R"(/run/vary={"/cluster/server/snapshot_size_factor":["0%","33%","off"],
                           "/disk/default/on_crash":["lose_unsynced","torn","keep"]})"});
  std::vector<size_t> faults;
  std::vector<size_t> operations;
  for (const char* name : {"log-not-synced", "current-epoch-not-synced",
                           "accepted-epoch-not-synced", "received-not-synced", "log-not-truncated",
                           "commit-at-once", "wrong-reads", "uptodate-at-once"}) {
    const scenario::ServerFactory servers = support::Mutants().at(name);
    for (const uint64_t seed : FailingSeeds(document, servers, 2)) {
      const auto shrunk = Shrink(document, seed, {.servers = servers});
      ASSERT_TRUE(shrunk.ok()) << name << ": " << std::string(shrunk.status().message());
      EXPECT_EQ(shrunk->signature, RunSeed(document, seed, servers).signature) << name;
      EXPECT_EQ(RunText(shrunk->text, servers).signature, shrunk->signature) << name;
      EXPECT_EQ(RunText(shrunk->text).signature, "") << name << ": real peers fail too";
      EXPECT_EQ(shrunk->written, scenario::Written::kAll) << name;
      EXPECT_LE(shrunk->replays, 1000u) << name;
      EXPECT_LE(shrunk->faults, 3u) << name << shrunk->text;
      EXPECT_LE(shrunk->operations, 8u) << name << shrunk->text;
      EXPECT_EQ(shrunk->text.find("nemesis"), std::string::npos) << shrunk->text;
      faults.push_back(shrunk->faults);
      operations.push_back(shrunk->operations);
    }
  }
  EXPECT_LE(Median(faults), 3u);
  EXPECT_LE(Median(operations), 5u);
}

TEST(Shrink, SameInputSameBytes) {
  const Document document = Swarm();
  const scenario::ServerFactory servers = support::Mutants().at("log-not-truncated");
  const uint64_t seed = FailingSeeds(document, servers, 1).at(0);
  const auto one = Shrink(document, seed, {.servers = servers});
  const auto two = Shrink(document, seed, {.servers = servers});
  EXPECT_EQ(one->text, two->text);
  EXPECT_EQ(one->replays, two->replays);
}

TEST(Shrink, FiveServersBecomeThree) {
  const Document document = Swarm({R"(/cluster/voters=["n1","n2","n3","n4","n5"])"});
  const scenario::ServerFactory servers = support::Mutants().at("log-not-synced");
  const auto shrunk = Shrink(document, 1, {.servers = servers});
  ASSERT_TRUE(shrunk.ok());
  EXPECT_EQ(shrunk->servers, 3u) << shrunk->text;
}

// Without a quorum every deadline is missed, for a reason that is not that of the failure.
TEST(Shrink, AQuorumStillRunsAfterQuiet) {
  const Document document =
      Swarm({R"(/cluster/voters=["n1","n2","n3","n4","n5"])", "/nemesis=[]",
             R"(/end/quiet={"at":"1s","heal":["n1","n2","n5"]})",
             R"(/expect/deadlines=[{"name":"soon","until":"write_ok","within":"1ns"}])"});
  const auto shrunk = Shrink(document, 1);
  ASSERT_TRUE(shrunk.ok()) << std::string(shrunk.status().message());
  EXPECT_EQ(shrunk->servers, 3u) << shrunk->text;
  const auto again = Document::Parse(shrunk->text, "again.json");
  ASSERT_TRUE(again.ok());
  const auto* healed = std::get_if<std::vector<zab::ServerId>>(&again->scenario().end.quiet->heal);
  EXPECT_TRUE(healed == nullptr || healed->size() >= 2) << shrunk->text;
}

// The leader stays without power and quiet heals too few servers: the faults before quiet are
// dropped.
TEST(Shrink, AMissedDeadline) {
  const Document document = Swarm({"/run/vary={}", R"(/end/quiet={"at":"14s","heal":["n1"]})"});
  const Ran original = RunSeed(document, 2);
  ASSERT_EQ(original.result.verdict, scenario::RunVerdict::kLate);
  const auto shrunk = Shrink(document, 2);
  ASSERT_TRUE(shrunk.ok()) << std::string(shrunk.status().message());
  EXPECT_EQ(RunText(shrunk->text).signature, original.signature);
  EXPECT_EQ(shrunk->faults, 0u) << shrunk->text;
  EXPECT_EQ(shrunk->operations, 0u) << shrunk->text;
  EXPECT_NE(shrunk->text.find("has leader"), std::string::npos) << shrunk->text;
}

TEST(Shrink, ARunThatHoldsIsRejected) {
  const auto shrunk = Shrink(support::MustLoad(support::ShippedScenario("write-path")), 1);
  EXPECT_EQ(shrunk.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Shrink, TheBudgetAndTheCallerCanStopIt) {
  const Document document = Swarm();
  const scenario::ServerFactory servers = support::Mutants().at("proposals-lost");
  const uint64_t seed = FailingSeeds(document, servers, 1).at(0);
  const auto few = Shrink(document, seed, {.budget = 30, .servers = servers});
  ASSERT_TRUE(few.ok());
  EXPECT_LE(few->replays, 30u);
  const auto stopped =
      Shrink(document, seed,
             {.servers = servers, .progress = [](uint64_t replays) { return replays < 20; }});
  ASSERT_TRUE(stopped.ok());
  EXPECT_EQ(stopped->replays, 20u);
  EXPECT_EQ(RunText(stopped->text, servers).signature, stopped->signature);
}

// Corrupted bytes are drawn for the nemesis; an event would corrupt others.  Then the nemesis
// stays.
TEST(Shrink, WhatCannotBeMadeExplicitStaysRandom) {
  const Document document = support::MustLoad(support::ShippedScenario("ci/disk-swarm"));
  const scenario::ServerFactory servers = support::ErrorBlindServers();
  for (const uint64_t seed : FailingSeeds(document, servers, 3)) {
    const auto shrunk = Shrink(document, seed, {.budget = 400, .servers = servers});
    ASSERT_TRUE(shrunk.ok()) << std::string(shrunk.status().message());
    EXPECT_EQ(RunText(shrunk->text, servers).signature, shrunk->signature) << shrunk->text;
  }
}

TEST(Shrink, TheStoryNamesFaultsServersTimesAndTheViolation) {
  const Document document =
      Swarm({R"(/nemesis=[{"kind":"partition","interval":"3s","duration":"1500ms"}])"});
  const scenario::ServerFactory servers = support::Mutants().at("log-not-truncated");
  const uint64_t seed = FailingSeeds(document, servers, 1).at(0);
  const auto shrunk = Shrink(document, seed, {.servers = servers});
  for (const char* word :
       {"At ", "the network is cut: n", " | n", "TRUNC", "ProcessConsistency is violated"}) {
    EXPECT_NE(shrunk->story.en.find(word), std::string::npos) << word << "\n" << shrunk->story.en;
  }
  for (const char* word : {"网络", "违反：重启不丢也不多（ProcessConsistency）"}) {
    EXPECT_NE(shrunk->story.zh.find(word), std::string::npos) << word << "\n" << shrunk->story.zh;
  }
}

// ---- The replayer -------------------------------------------------------------------------------

TEST(Replayer, GivesUpACandidateAfterSoManyEvents) {
  const Document document = support::MustLoad(support::ShippedScenario("bugs/zookeeper-4643"));
  const auto tree = ToValue(document.scenario());
  scenario::Replayer replayer(10, {}, {});
  const auto replay = replayer.Run(tree);
  ASSERT_TRUE(replay.ok()) << replay.status();
  ASSERT_FALSE(replay->signature.empty());
  replayer.Demand(replay->signature, 100);
  EXPECT_EQ(replayer.FailsAt(tree), std::nullopt);
  scenario::Replayer patient(10, {}, {});
  patient.Demand(replay->signature, replay->result.events);
  EXPECT_NE(patient.FailsAt(tree), std::nullopt);
}

}  // namespace
}  // namespace shrink_test
