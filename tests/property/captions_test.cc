// What captions say where a known bug breaks a rule: what the bug does, not the rule.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "scenarios/runner/captions/caption.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/run/run.h"
#include "tests/support/shipped.h"

namespace captions_test {
namespace {

using scenario::Kind;
using scenario::Probe;
using scenario::Record;
using testing::HasSubstr;
using testing::Not;

/// The run of a bug's story, with the bug.
struct BugRun {
  std::string bug;
  scenario::Scenario scenario;
  std::vector<Record> records;
  scenario::RunResult result;

  std::string Why(const Record& record) const { return Explain(record, scenario, bug).why.en; }
  /// Whether the bug changes what is said of a record.
  bool TellsOfBug(const Record& record) const {
    const scenario::Explanation with = Explain(record, scenario, bug);
    const scenario::Explanation without = Explain(record, scenario);
    return with.why.en != without.why.en && with.why.zh != without.why.zh;
  }
};

BugRun RunOf(const scenario::Document& document) {
  BugRun run{.bug = document.scenario().known_bug->id,
             .scenario = *document.Instantiate(document.scenario().run.seeds[0])};
  run.result =
      scenario::RunOnce(run.scenario, document.scenario().run.seeds[0],
                        {.sink = [&run](const Record& record) { run.records.push_back(record); },
                         .bug = scenario::BugIn(run.scenario, *scenario::FindBug(run.bug))});
  return run;
}

BugRun RunOf(const std::string& story) {
  return RunOf(support::MustLoad(support::ShippedScenario(story)));
}

/// The first record of that server and probe in that epoch.
const Record& Find(const BugRun& run, uint16_t node, Probe probe, uint32_t epoch, Kind kind) {
  for (const Record& record : run.records) {
    const bool found = record.node.value == node && record.event.probe == probe &&
                       record.event.epoch.value == epoch && record.event.kind == kind;
    if (found) return record;
  }
  ADD_FAILURE() << "n" << node << ": no " << Name(probe) << " in epoch " << epoch;
  return run.records.front();
}

TEST(Captions, SayWhatTheBugDoesWhereItActs) {
  const BugRun late = RunOf("bugs/zookeeper-3911");
  EXPECT_THAT(late.Why(Find(late, 1, Probe::kNewLeaderAcked, 2, Kind::kNone)),
              HasSubstr("none of it is on disk"));
  const BugRun early = RunOf("bugs/zookeeper-4643");
  EXPECT_THAT(early.Why(Find(early, 1, Probe::kEpochPersisted, 2, Kind::kCurrent)),
              HasSubstr("stores the epoch before the history"));
  const BugRun unsynced = RunOf("bugs/zookeeper-2872");
  EXPECT_THAT(unsynced.Why(Find(unsynced, 1, Probe::kNewLeaderAcked, 2, Kind::kNone)),
              HasSubstr("a power loss would take it"));
}

TEST(Captions, TellOfEveryBugInItsStory) {
  std::set<std::string> told;
  for (const std::string& path : support::ShippedScenarios()) {
    const scenario::Document document = support::MustLoad(path);
    if (!document.scenario().known_bug) continue;
    const BugRun run = RunOf(document);
    for (const Record& record : run.records) {
      EXPECT_THAT(Explain(record, run.scenario).why.en, Not(HasSubstr("With this bug")));
      if (run.TellsOfBug(record)) told.insert(run.bug);
    }
    EXPECT_TRUE(told.contains(run.bug)) << run.bug;
  }
  EXPECT_EQ(told.size(), scenario::AllBugs().size());
}

// Where the checker finds that a server acknowledges or installs what is not on its disk.
TEST(Captions, NeverGiveTheRuleWhereTheCheckerSeesItBroken) {
  size_t seen = 0;
  for (const std::string& path : support::ShippedScenarios()) {
    const scenario::Document document = support::MustLoad(path);
    if (!document.scenario().known_bug) continue;
    const BugRun run = RunOf(document);
    for (const scenario::Violation& violation : run.result.violations) {
      const Record& record = run.records[violation.record - 1];
      const Probe probe = record.event.probe;
      const bool claims = probe == Probe::kAcked || probe == Probe::kNewLeaderAcked ||
                          probe == Probe::kSnapInstalled;
      const bool broken = violation.name == "DurableAck" ||
                          violation.name == "DurableNewLeaderAck" ||
                          violation.name == "ProcessConsistency";
      if (!claims || !broken) continue;
      ++seen;
      EXPECT_TRUE(run.TellsOfBug(record))
          << run.bug << " #" << record.id << ": " << run.Why(record);
    }
  }
  EXPECT_GE(seen, 5U);
}

}  // namespace
}  // namespace captions_test
