// Verdicts of one run and of all runs of a command.
#include <gtest/gtest.h>

#include "scenarios/runner/verdict/judge.h"
#include "tests/scenarios/engine_toys.h"

namespace scenario::engine_judge {

using engine_toys::At;
using engine_toys::MakeScenario;
using engine_toys::Named;
using zab::Seconds;

Scenario OneEvent() {
  Scenario scenario = MakeScenario(3, At(Seconds(10)));
  scenario.events = {{.id = "crash",
                      .trigger = AtTime{At(Seconds(1)), std::nullopt},
                      .actions = {Crash{.target = Named(1)}}}};
  return scenario;
}

RunResult Held(const Scenario& scenario, uint64_t writes = 10) {
  RunResult result;
  result.sometimes.resize(scenario.expect.sometimes.size());
  result.metrics.writes_acknowledged = writes;
  result.faults.Add(FaultKind::kCrash, true);
  return result;
}

TEST(EngineJudge, TheWorstVerdictCounts) {
  Scenario scenario = OneEvent();
  RunResult result = Held(scenario);
  EXPECT_EQ(VerdictOf(scenario, result), RunVerdict::kHeld);
  result.unknown = "guard";
  EXPECT_EQ(VerdictOf(scenario, result), RunVerdict::kUnknown);
  result.unmet = {"outcome"};
  EXPECT_EQ(VerdictOf(scenario, result), RunVerdict::kUnmet);
  result.deadlines = {{.status = DeadlineStatus::kMissed}};
  EXPECT_EQ(VerdictOf(scenario, result), RunVerdict::kLate);
  result.violations = {{.name = "TotalOrder"}};
  EXPECT_EQ(VerdictOf(scenario, result), RunVerdict::kViolated);
}

TEST(EngineJudge, AnExpectedViolationMustHappen) {
  Scenario scenario = OneEvent();
  scenario.expect.verdict = Verdict::kViolation;
  scenario.expect.violates = {"TotalOrder"};
  RunResult result = Held(scenario);
  EXPECT_EQ(VerdictOf(scenario, result), RunVerdict::kUnmet);
  result.violations = {{.name = "TotalOrder"}};
  EXPECT_EQ(VerdictOf(scenario, result), RunVerdict::kHeld);
  result.violations.push_back({.name = "Integrity"});
  EXPECT_EQ(VerdictOf(scenario, result), RunVerdict::kViolated);
}

TEST(EngineJudge, SometimesIsJudgedOverAllRuns) {
  Scenario scenario = OneEvent();
  scenario.expect.sometimes = {{.what = EventIndex{0}},
                               {.what = EventIndex{0}, .share = zab::Ratio{40, 100}}};
  for (const bool together : {true, false}) {
    Judge judge(scenario, together);
    for (int i = 0; i < 10; ++i) {
      RunResult result = Held(scenario);
      result.sometimes = {i == 0, i < 3};
      judge.Add(result);
    }
    const RunSummary summary = judge.Finish();
    EXPECT_EQ(summary.sometimes, (std::vector<uint64_t>{1, 3}));
    EXPECT_EQ(summary.vacuous.size(), together ? 1u : 0u);
    EXPECT_EQ(summary.verdict, together ? RunVerdict::kVacuous : RunVerdict::kHeld);
  }
}

TEST(EngineJudge, MetricsBoundTheMedian) {
  Scenario scenario = OneEvent();
  scenario.expect.metrics["writes_acknowledged"] = {.at_least = 5, .at_most = 8};
  const auto verdict = [&](const std::vector<uint64_t>& writes) {
    Judge judge(scenario, true);
    for (const uint64_t count : writes) judge.Add(Held(scenario, count));
    return judge.Finish().verdict;
  };
  EXPECT_EQ(verdict({0, 5, 100}), RunVerdict::kHeld);
  EXPECT_EQ(verdict({0, 4, 100}), RunVerdict::kUnmet);
  EXPECT_EQ(verdict({0, 9, 100}), RunVerdict::kUnmet);
  EXPECT_EQ(verdict({5, 100}), RunVerdict::kHeld);  // The lower of the middle two.
}

TEST(EngineJudge, FaultsWithoutEffectAreVacuous) {
  Scenario scenario = OneEvent();
  RunResult result;
  result.faults.Add(FaultKind::kCrash, false);
  Judge judge(scenario, true);
  judge.Add(result);
  EXPECT_EQ(judge.Finish().verdict, RunVerdict::kVacuous);
  judge.Add(Held(scenario));
  EXPECT_EQ(judge.Finish().verdict, RunVerdict::kHeld);
  scenario.events.clear();  // A file without faults is not vacuous.
  Judge calm(scenario, true);
  calm.Add(RunResult{});
  EXPECT_EQ(calm.Finish().verdict, RunVerdict::kHeld);
}

TEST(EngineJudge, OrderOfExitCodes) {
  const std::vector<int> order{70, 74, 10, 12, 11, 13, 14, 15, 0};
  for (size_t i = 0; i < order.size(); ++i) {
    for (size_t j = i; j < order.size(); ++j) {
      EXPECT_EQ(WorseExitCode(order[i], order[j]), order[i]);
      EXPECT_EQ(WorseExitCode(order[j], order[i]), order[i]);
    }
  }
}

TEST(EngineJudge, ResultIsOneLineOfJsonWithTheHostApart) {
  Scenario scenario = OneEvent();
  scenario.id = "s";
  scenario.expect.sometimes = {{.what = EventIndex{0}}};
  RunResult result = Held(scenario);
  result.seed = 18446744073709551615u;
  result.violations = {
      {.name = "TotalOrder", .time = At(Seconds(1)), .record = 7, .facts = {"\"a\"", "“甲”"}}};
  const std::string plain = ToJson(result, scenario, "d", std::nullopt);
  EXPECT_EQ(plain.find('\n'), std::string::npos);
  EXPECT_NE(plain.find(R"("seed":"18446744073709551615")"), std::string::npos);
  EXPECT_NE(plain.find(R"("facts":"\"a\"")"), std::string::npos);
  EXPECT_NE(plain.find(R"("crash":{"requested":1,"effective":1})"), std::string::npos);
  EXPECT_EQ(plain.find("host"), std::string::npos);
  const std::string hosted = ToJson(result, scenario, "d", HostInfo{.compiler = "g++"});
  EXPECT_EQ(hosted.substr(0, plain.size() - 1), plain.substr(0, plain.size() - 1));
  EXPECT_NE(hosted.find(R"("compiler":"g++")"), std::string::npos);
}

}  // namespace scenario::engine_judge
