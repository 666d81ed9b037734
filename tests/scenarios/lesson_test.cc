// Where a lesson stops: at the record that its filter matches, or after the actions of an event.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/verdict/result.h"

namespace scenario::lesson_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Watched {
  std::vector<Record> records;
  RunResult result;
  std::string json;

  const Record& At(uint64_t id) const { return records.at(id - 1); }
};

/// The three servers write `writes` times; n1 is killed at 2 s.
Watched RunWith(const std::string& lesson) {
  const auto document = Document::Parse(
      absl::StrCat(R"({"format": "zabsim/1", "cluster": {"voters": ["n1", "n2", "n3"]},
        "workload": [{"id": "w", "kind": "script", "clients": {"c1": {"server": "n3"}}, "ops": [
          {"id": "a", "at": "1s", "client": "c1", "op": "create", "path": "/a"},
          {"id": "b", "at": "3s", "client": "c1", "op": "create", "path": "/b"}]}],
        "events": [{"id": "kill", "at": "2s", "do": [{"crash": {"target": "n1", "kind": "kill"}}]}],
        "end": {"virtual": "5s"})",
                   lesson, "}"),
      "lesson.json");
  EXPECT_TRUE(document.ok()) << document.status();
  Watched watched;
  const Scenario& scenario = document->scenario();
  watched.result = RunOnce(
      scenario, 1, {.sink = [&](const Record& record) { watched.records.push_back(record); }});
  watched.json = ToJson(watched.result, scenario, document->digest(), std::nullopt);
  return watched;
}

std::string StopAt(const std::string& when) {
  return absl::StrCat(R"({"when": )", when,
                      R"(, "ask": "?", "choices": ["a", "b"], "answer": 0, "explain": "!"})");
}

std::string LessonOf(const std::string& stops) {
  return absl::StrCat(R"(, "lesson": {"order": 1, "stops": [)", stops, "]}");
}

TEST(Lesson, StopsAtTheNthMatchOfItsFilter) {
  const Watched run =
      RunWith(LessonOf(absl::StrCat(StopAt(R"({"on": "logged", "by": "n1", "zxid": "1:1"})"), ",",
                                    StopAt(R"({"on": "quorum", "by": "leader", "nth": 2})"))));
  ASSERT_EQ(run.result.lesson.size(), 2U);
  const Record& logged = run.At(run.result.lesson[0]);
  EXPECT_EQ(logged.event.probe, Probe::kLogged);
  EXPECT_EQ(logged.node, NodeId{1});
  const Record& quorum = run.At(run.result.lesson[1]);
  EXPECT_EQ(quorum.event.probe, Probe::kQuorum);
  EXPECT_EQ(quorum.event.zxid.counter, 2U);
}

TEST(Lesson, StopsAfterTheActionsOfAnEvent) {
  const Watched run = RunWith(LessonOf(StopAt(R"({"event": "kill"})")));
  ASSERT_EQ(run.result.lesson.size(), 1U);
  const uint64_t id = run.result.lesson[0];
  EXPECT_EQ(run.At(id).time, zab::Time{} + zab::Seconds(2));
  bool crashed = false;
  for (uint64_t i = 1; i <= id; ++i) crashed |= run.At(i).event.probe == Probe::kCrashed;
  EXPECT_TRUE(crashed);
}

TEST(Lesson, ReportsStopsThatWereNotReached) {
  const Watched run = RunWith(LessonOf(StopAt(R"({"event": "kill", "nth": 2})")));
  EXPECT_THAT(run.result.lesson, ElementsAre(0));
  EXPECT_THAT(run.json, HasSubstr(R"("lesson":[0])"));
}

TEST(Lesson, ChangesNothingInTheRun) {
  const Watched with = RunWith(LessonOf(StopAt(R"({"event": "kill"})")));
  const Watched without = RunWith("");
  EXPECT_EQ(with.result.trace_hash, without.result.trace_hash);
  EXPECT_THAT(without.result.lesson, IsEmpty());
  EXPECT_THAT(without.json, Not(HasSubstr(R"("lesson":[)")));
}

}  // namespace
}  // namespace scenario::lesson_test
