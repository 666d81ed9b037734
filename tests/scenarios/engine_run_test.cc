// Whole runs of real servers: the promises of proposed-not-committed.json, and reproducibility.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"

namespace scenario::engine_run {

std::string PathOf(const std::string& id) {
  return std::string(ZABSIM_SOURCE_DIR) + "/scenarios/" + id + ".json";
}

Scenario Shipped(const std::string& id, uint64_t seed) {
  const absl::StatusOr<Document> document = Document::Load(PathOf(id));
  EXPECT_TRUE(document.ok()) << document.status().ToString();
  return document->Instantiate(seed).value();
}

/// The problems of a run, one per line; empty if it held.
std::string Complaints(const Scenario& scenario, const RunResult& result) {
  std::string text;
  for (const Violation& violation : result.violations) {
    text += std::string(violation.name) + " at " + zab::ToString(violation.time) + ": " +
            violation.facts.en + "\n";
  }
  for (const std::string& line : result.unmet) text += line + "\n";
  for (size_t i = 0; i < result.deadlines.size(); ++i) {
    if (result.deadlines[i].status == DeadlineStatus::kMissed) {
      text += "late: " + scenario.expect.deadlines[i].name + "\n";
    }
  }
  for (size_t i = 0; i < result.sometimes.size(); ++i) {
    if (!result.sometimes[i])
      text += "not seen: " + Describe(scenario.expect.sometimes[i], scenario) + "\n";
  }
  return text + result.unknown;
}

TEST(EngineRun, AProposalThatReachedOneFollowerSurvives) {
  const Scenario scenario = Shipped("proposed-not-committed", 1);
  const RunResult result = RunOnce(scenario, 1);
  EXPECT_EQ(Complaints(scenario, result), "");
  EXPECT_EQ(result.verdict, RunVerdict::kHeld);
}

TEST(EngineRun, TheSameSeedGivesTheSameRun) {
  const Scenario scenario = Shipped("leader-crash", 1);
  const RunResult first = RunOnce(scenario, 1);
  EXPECT_EQ(Complaints(scenario, first), "");
  EXPECT_GT(first.metrics.committed, 0u);
  const RunResult second = RunOnce(scenario, 1);
  EXPECT_EQ(ToJson(first, scenario, "", std::nullopt), ToJson(second, scenario, "", std::nullopt));
}

TEST(EngineRun, ACloneRunOnGivesTheSameTrace) {
  const auto scenario = std::make_shared<const Scenario>(Shipped("ci/swarm", 3));
  Simulation simulation(scenario, 3);
  simulation.RunUntil(zab::Time{} + zab::Seconds(6));
  const std::unique_ptr<Simulation> clone = simulation.Clone();
  simulation.RunUntil(scenario->end.at);
  clone->RunUntil(scenario->end.at);
  EXPECT_EQ(simulation.world().trace().hash(), clone->world().trace().hash());
  EXPECT_EQ(simulation.world().trace().count(), clone->world().trace().count());
  EXPECT_EQ(simulation.engine().metrics(), clone->engine().metrics());
}

TEST(EngineRun, TheLimitOfEventsMakesARunUnknown) {
  Scenario scenario = Shipped("leader-crash", 1);
  scenario.end.events = 1000;
  const RunResult result = RunOnce(scenario, 1);
  EXPECT_EQ(result.events, 1000u);
  EXPECT_EQ(result.verdict, RunVerdict::kUnknown);
  EXPECT_NE(result.unknown, "");
}

}  // namespace scenario::engine_run
