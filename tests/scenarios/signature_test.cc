// Signatures: the same failure has the same signature for all seeds, and different failures have
// different ones.
#include "scenarios/runner/search/signature.h"

#include <gtest/gtest.h>

#include <map>

#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/strategy.h"
#include "tests/support/broken_messages.h"
#include "tests/support/shipped.h"

namespace signature_test {
namespace {

/// The number of runs per signature, over seeds from 1; runs that held have an empty signature.
std::map<std::string, int> Signatures(const support::Sabotage& sabotage, uint64_t seeds) {
  const scenario::Document document = support::MustLoad(support::ShippedScenario("ci/swarm"));
  std::map<std::string, int> counts;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto scenario = DeriveScenario(document, scenario::Strategy::kRandom, seed);
    const scenario::RunResult result =
        scenario::RunOnce(*scenario, seed, {.servers = support::BrokenServers(sabotage)});
    ++counts[SignatureOf(result, *scenario)];
  }
  return counts;
}

TEST(Signature, OneCauseHasOneSignatureForAllSeeds) {
  const auto counts =
      Signatures(support::SkipFileOperation(zab::FileKind::kFsync, "currentEpoch"), 20);
  EXPECT_EQ(counts.size(), 1u) << testing::PrintToString(counts);
  EXPECT_TRUE(counts.begin()->first.starts_with("violated: DurableNewLeaderAck at newleader_acked"))
      << counts.begin()->first;
}

TEST(Signature, ACauseWithSeveralSymptomsHasAFew) {
  const auto counts = Signatures(support::LoseProposals(40), 20);
  EXPECT_LE(counts.size(), 4u) << testing::PrintToString(counts);
  EXPECT_FALSE(counts.contains(""));
}

TEST(Signature, ContainsNoNamesOrNumbersOfARun) {
  for (const auto& [signature, runs] : Signatures(support::DiffInsteadOfTrunc(), 30)) {
    for (const char* name : {"n1", "n2", "n3", "1:", "2:"}) {
      EXPECT_EQ(signature.find(name), std::string::npos) << signature;
    }
  }
}

TEST(Signature, ARunThatHoldsHasNone) {
  const auto counts = Signatures([](zab::Effects&) {}, 5);
  EXPECT_EQ(counts.size(), 1u);
  EXPECT_TRUE(counts.contains(""));
}

TEST(Signature, OfAMissedDeadlineIsItsName) {
  const scenario::Document document = support::MustLoad(
      support::ShippedScenario("ci/swarm"),
      {"/nemesis=[]",
       R"(/expect/deadlines=[{"name":"soon","from":"quiet","until":"write_ok","within":"1ns"}])"});
  const scenario::Scenario scenario = *document.Instantiate(1);
  EXPECT_EQ(SignatureOf(scenario::RunOnce(scenario, 1), scenario), "late: soon");
}

TEST(Signature, OfAnUnmetExpectationIsItsDescription) {
  const scenario::Document document = support::MustLoad(
      support::ShippedScenario("write-path"), {R"(/expect/never=[{"on":"established"}])"});
  const scenario::Scenario scenario = *document.Instantiate(1);
  EXPECT_EQ(SignatureOf(scenario::RunOnce(scenario, 1), scenario),
            "unmet: never established: seen");
}

}  // namespace
}  // namespace signature_test
