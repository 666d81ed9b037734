// Verdicts of one run and of all runs of a command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/document.h"
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
  result.measured[Counter::kWritesAcknowledged] = writes;
  result.faults.Add(FaultKind::kCrash, true);
  result.actions = {{.performed = 1, .effective = 1}};
  return result;
}

TEST(EngineJudge, TheWorstVerdictCounts) {
  const Scenario scenario = OneEvent();
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

TEST(EngineJudge, AnyMetricMayBeBounded) {
  Scenario scenario = OneEvent();
  scenario.expect.metrics["write_latency_max"] = {.at_most = 8};
  const auto summary = [&](const std::vector<std::vector<uint64_t>>& runs) {
    Judge judge(scenario, true);
    for (const std::vector<uint64_t>& latencies : runs) {
      RunResult result = Held(scenario);
      for (const uint64_t one : latencies) result.measured.Add(Quantity::kWriteLatency, one);
      judge.Add(result);
    }
    return judge.Finish();
  };
  EXPECT_EQ(summary({{3, 8}, {9}, {}}).verdict, RunVerdict::kHeld);  // The last one does not count.
  EXPECT_EQ(summary({{3, 9}, {9}}).verdict, RunVerdict::kUnmet);
  EXPECT_EQ(summary({{3, 9}}).medians.at("write_latency_max"), 9u);
  EXPECT_THAT(summary({{}, {}}).unmet,
              testing::ElementsAre("metric write_latency_max: wanted at most 8, found that no run "
                                   "has observed it"));
}

/// What makes these runs of the scenario vacuous.
std::vector<std::string> VacuousOf(const Scenario& scenario, const std::vector<RunResult>& runs) {
  Judge judge(scenario, true);
  for (const RunResult& run : runs) judge.Add(run);
  const RunSummary summary = judge.Finish();
  EXPECT_EQ(summary.verdict, summary.vacuous.empty() ? RunVerdict::kHeld : RunVerdict::kVacuous);
  return summary.vacuous;
}

/// A run in which servers were elected.
RunResult Elected() {
  RunResult result;
  result.probes[static_cast<size_t>(Probe::kElected)] = 3;
  return result;
}

using Lines = std::vector<std::string>;

TEST(EngineJudge, AnActionThatNeverHadAnEffectIsVacuous) {
  Scenario scenario = OneEvent();
  RunResult missed = Elected();
  missed.actions = {{.performed = 1, .why = "n1 is down already"}};
  EXPECT_EQ(VacuousOf(scenario, {missed}),
            Lines{"event crash, crash: no effect, n1 is down already"});
  EXPECT_EQ(VacuousOf(scenario, {missed, Held(scenario)}), Lines{});
  EXPECT_EQ(VacuousOf(scenario, {Elected()}), Lines{"event crash, crash: the event never fired"});
  scenario.events[0].actions = {Restart{Named(1)}};  // Repairs may be meant for what did not come.
  EXPECT_EQ(VacuousOf(scenario, {Elected()}), Lines{});
  missed.actions[0].why = "n1 runs already";
  EXPECT_EQ(VacuousOf(scenario, {missed}),
            Lines{"event crash, restart: no effect, n1 runs already"});
}

TEST(EngineJudge, ANemesisThatMissesIsVacuousIfNoFaultHadAnEffect) {
  Scenario scenario = OneEvent();
  scenario.nemesis = {{.kind = NemesisKind::kPause}};
  RunResult run = Held(scenario);
  run.faults.Add(FaultKind::kPause, false);
  EXPECT_EQ(VacuousOf(scenario, {run}), Lines{});
  scenario.events.clear();
  RunResult missed = Elected();
  missed.faults.Add(FaultKind::kPause, false);
  EXPECT_EQ(VacuousOf(scenario, {missed}), Lines{"no fault of the file took effect"});
}

TEST(EngineJudge, RunsInWhichNothingHappensAreVacuous) {
  const Scenario scenario = MakeScenario(3, At(Seconds(10)));
  EXPECT_EQ(VacuousOf(scenario, {Elected()}), Lines{});
  EXPECT_EQ(VacuousOf(scenario, {}), Lines{"no run was made"});
  EXPECT_EQ(VacuousOf(scenario, {RunResult{}}),
            Lines{"no server was elected before the end of the run at 10s"});
  RunResult cut_off;  // By a guard.
  cut_off.verdict = RunVerdict::kUnknown;
  Judge judge(scenario, true);
  judge.Add(cut_off);
  EXPECT_EQ(judge.Finish().verdict, RunVerdict::kUnknown);
  Judge stopped(scenario, true);
  stopped.LeaveOut(3, "interrupted");
  EXPECT_EQ(stopped.Finish().verdict, RunVerdict::kUnknown);
}

TEST(EngineJudge, AWorkloadThatBeginsTooLateIsVacuous) {
  Scenario scenario = MakeScenario(3, At(Seconds(10)));
  scenario.end.quiet = Quiet{.at = At(Seconds(5)), .heal = HealAll{}};
  scenario.workload = {{.id = "w", .kind = Closed{.from = At(Seconds(5))}}};
  RunResult run = Elected();
  run.requests = {0};
  EXPECT_EQ(VacuousOf(scenario, {run}),
            Lines{"workload w: it begins at 5s, after quiet, and sends nothing"});
  run.requests = {1};
  EXPECT_EQ(VacuousOf(scenario, {run}), Lines{});
  scenario.workload[0].kind = Closed{.from = At(Seconds(4))};  // Perhaps it found no server.
  run.requests = {0};
  EXPECT_EQ(VacuousOf(scenario, {run}), Lines{});
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

TEST(EngineJudge, AResultSaysWhatWasSetAndDrawn) {
  const auto document = Document::Parse(
      R"({"format":"zabsim/1","cluster":{"voters":["n1"]},"end":{"virtual":"1s"},
          "run":{"vary":{"/timing/tick_time":["7ms","9ms"]}}})",
      "varied.json", {"/end/virtual=2s"});
  ASSERT_TRUE(document.ok()) << document.status();
  const auto scenario = document->Instantiate(1);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  const bool first = scenario->timing.tick_time == zab::Milliseconds(7);
  EXPECT_NE(ToJson(RunResult{}, *scenario, "d", std::nullopt)
                .find(absl::StrCat(R"("set":["/end/virtual=2s"],"drawn":{"/timing/tick_time":")",
                                   first ? "7ms" : "9ms", R"("})")),
            std::string::npos);
  EXPECT_EQ(document->scenario().derivation.drawn.size(), 0u);
}

}  // namespace scenario::engine_judge
