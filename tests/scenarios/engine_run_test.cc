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

/// What the result of a run with this action at 1s says of its effect: the reason, if it had none.
std::string WhyWithoutEffect(const std::string& action) {
  const absl::StatusOr<Document> document = Document::Parse(
      R"({"format":"zabsim/1","cluster":{"voters":["n1","n2","n3"]},
          "workload":[{"kind":"closed","clients":1,"think":"20ms","mix":{"setData":1}}],
          "end":{"virtual":"3s"},"events":[{"id":"e","at":"1s","do":[)" +
          action + "]}]}",
      "armed.json");
  EXPECT_TRUE(document.ok()) << document.status().ToString();
  const RunResult result = RunOnce(*document->Instantiate(1), 1);
  EXPECT_EQ(result.actions[0].performed, 1u);
  EXPECT_EQ(result.faults.Total().effective, result.actions[0].effective);
  return result.actions[0].why;
}

TEST(EngineRun, AFaultThatWaitsHasAnEffectWhenItStrikes) {
  EXPECT_EQ(WhyWithoutEffect(
                R"({"delay_next":{"from":"leader","to":"n1","kind":"PROPOSAL","by":"5ms"}})"),
            "");
  EXPECT_EQ(
      WhyWithoutEffect(R"({"delay_next":{"from":"leader","to":"n1","kind":"SNAP","by":"5ms"}})"),
      "what it waits for never came");
  EXPECT_EQ(WhyWithoutEffect(R"({"fail_io":{"target":"n1","op":"fsync"}})"), "");
  EXPECT_EQ(WhyWithoutEffect(R"({"fail_io":{"target":"n1","op":"fsync","nth":100000}})"),
            "what it waits for never came");
}

TEST(EngineRun, TheSameSeedGivesTheSameRun) {
  const Scenario scenario = Shipped("leader-crash", 1);
  const RunResult first = RunOnce(scenario, 1);
  EXPECT_EQ(Complaints(scenario, first), "");
  EXPECT_GT(first.measured[Counter::kCommitted], 0u);
  const RunResult second = RunOnce(scenario, 1);
  EXPECT_EQ(ToJson(first, scenario, "", std::nullopt), ToJson(second, scenario, "", std::nullopt));
}

/// When the first request of the story of a write is answered, with this value of `server`.
zab::Time AnsweredAt(const std::string& server) {
  const absl::StatusOr<Document> document =
      Document::Load(PathOf("write-path"), {absl::StrCat("/server=", server)});
  EXPECT_TRUE(document.ok()) << document.status().ToString();
  zab::Time answered;
  const RunResult result =
      RunOnce(*document->Instantiate(1), 1, {.sink = [&](const Record& record) {
        if (record.event.probe != Probe::kReturned || answered != zab::Time{}) return;
        EXPECT_EQ(record.event.kind, Kind::kOk);
        answered = record.time;
      }});
  EXPECT_EQ(result.violations.size(), 0u);
  return answered;
}

TEST(EngineRun, WhatAServerTakesTimeForDelaysTheAnswer) {
  const zab::Time instant = AnsweredAt("{}");
  const auto with = [](const std::string& key) {
    return AnsweredAt(absl::StrCat(R"({"default": {)", key, "}}"));
  };
  const std::string seven = R"({"dist": "const", "value": "7ms"})";
  // n1 applies the write and answers; n3 has done so meanwhile.
  EXPECT_EQ(with(R"("hand_over": {"apply": )" + seven + "}") - instant, zab::Milliseconds(7));
  // One of the two that a quorum takes waits for its log writer.
  EXPECT_EQ(with(R"("hand_over": {"acknowledge": )" + seven + "}") - instant, zab::Milliseconds(7));
  EXPECT_EQ(with(R"("request": )" + seven) - instant, zab::Milliseconds(7));
  // REQUEST at n3, the proposal at n1, its ACK at n3, and COMMIT at n1, at least.
  EXPECT_GE(with(R"("message": )" + seven) - instant, zab::Milliseconds(4 * 7));
}

TEST(EngineRun, TheTimesOfRealServersBreakNoPromise) {
  const absl::StatusOr<Document> document =
      Document::Load(PathOf("ci/swarm"), {"/server/default/profile=jvm-loopback"});
  ASSERT_TRUE(document.ok()) << document.status().ToString();
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Scenario scenario = *document->Instantiate(seed);
    const RunResult result = RunOnce(scenario, seed);
    EXPECT_TRUE(result.violations.empty()) << "seed " << seed << Complaints(scenario, result);
    EXPECT_EQ(result.verdict, RunVerdict::kHeld) << "seed " << seed << Complaints(scenario, result);
  }
}

TEST(EngineRun, AResultSaysWhichClientsTheLeaderHad) {
  const Scenario scenario = Shipped("leader-crash", 1);
  const std::string json = ToJson(RunOnce(scenario, 1), scenario, "", std::nullopt);
  const size_t at = json.find("\"leader_clients\":");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(json.substr(at, json.find(']', at) + 1 - at), R"("leader_clients":["c3"])");
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
  EXPECT_EQ(simulation.engine().probes(), clone->engine().probes());
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
