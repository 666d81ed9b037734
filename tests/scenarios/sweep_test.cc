// The crash sweep: which points it finds, that it crashes exactly there, and that its results do
// not depend on how it gets there.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "scenarios/runner/crash_sweep/crash_json.h"
#include "scenarios/runner/crash_sweep/crash_plan.h"
#include "scenarios/runner/run/run.h"
#include "tests/support/shipped.h"

namespace sweep_test {
namespace {

using namespace scenario;

struct Subject {
  std::shared_ptr<const Scenario> scenario;
  CleanRun clean;
};

Subject Make(const std::string& id, const std::vector<std::string>& overrides = {}) {
  const Document document = support::MustLoad(support::ShippedScenario(id), overrides);
  Subject subject{.scenario = PrepareSweep(*document.Instantiate(1))};
  subject.clean = FindCrashPoints(subject.scenario, 1);
  return subject;
}

/// The point of the server's nth file operation with this kind and prefix, at this edge.
const CrashPoint* FindFile(const Subject& subject, uint16_t node, zab::FileKind file,
                           const std::string& prefix, PointKind kind, PointEdge edge) {
  for (const CrashPoint& point : subject.clean.points) {
    if (point.node == NodeId{node} && point.kind == kind && point.edge == edge &&
        point.file == file && point.path.starts_with(prefix)) {
      return &point;
    }
  }
  return nullptr;
}

struct Crashed {
  CrashOutcome outcome;
  std::vector<Record> records;  // From the event of the crash on.
};

Crashed Crash(const Subject& subject, const CrashPoint& point, const SweepCrash& kind) {
  Crashed crashed;
  CrashBrancher brancher(subject.scenario, 1);
  brancher.AdvanceTo(point.event);
  crashed.outcome =
      brancher.Crash({.event = point.event, .orders = {{point.number, kind}}},
                     [&](const Record& record) { crashed.records.push_back(record); });
  return crashed;
}

/// What the crashed server has on its disk after its restart.
std::string Recovered(const Crashed& crashed) {
  for (const Record& record : crashed.records) {
    if (record.event.probe == Probe::kRecovered && record.node == crashed.outcome.hits.at(0).node) {
      return ToString(record.event.zxid);
    }
  }
  return "never";
}

uint64_t Count(const Crashed& crashed, Probe probe, Kind kind, NodeId node) {
  uint64_t count = 0;
  for (const Record& record : crashed.records) {
    const TraceEvent& event = record.event;
    if (event.probe == probe && event.kind == kind && record.node == node) ++count;
  }
  return count;
}

TEST(CrashPoints, AreNumberedInOrderAndOfServers) {
  const Subject subject = Make("write-path");
  ASSERT_TRUE(subject.clean.violations.empty());
  std::set<PointKind> kinds;
  for (size_t i = 0; i < subject.clean.points.size(); ++i) {
    const CrashPoint& point = subject.clean.points[i];
    EXPECT_EQ(point.number, i + 1);
    EXPECT_LE(point.node.value, 3);
    if (i > 0) {
      EXPECT_GE(point.event, subject.clean.points[i - 1].event);
    }
    if (!point.heartbeat) kinds.insert(point.kind);
  }
  EXPECT_EQ(kinds.size(), static_cast<size_t>(kPointKindCount));
}

TEST(CrashPoints, HaveEdges) {
  const Subject subject = Make("write-path");
  const std::vector<CrashPoint>& points = subject.clean.points;
  uint64_t issued = 0;
  uint64_t completed = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    const CrashPoint& point = points[i];
    if (point.kind == PointKind::kFileIssued && point.edge == PointEdge::kBefore) ++issued;
    if (point.kind != PointKind::kFileCompleted || point.edge != PointEdge::kBefore) continue;
    ++completed;
    ASSERT_LT(i + 1, points.size());
    EXPECT_EQ(points[i + 1].edge, PointEdge::kUntold);
    EXPECT_EQ(points[i + 1].event, point.event);
    EXPECT_EQ(points[i + 1].path, point.path);
  }
  EXPECT_EQ(issued, completed);  // Nothing crashes in this run, and everything is done at its end.
  EXPECT_GT(issued, 50u);
}

TEST(CrashPoints, OnlyStepsThatCarryPingsAreHeartbeats) {
  const Subject subject = Make("write-path");
  uint64_t heartbeats = 0;
  for (const CrashPoint& point : subject.clean.points) {
    if (point.message == Kind::kPingMessage) {
      EXPECT_TRUE(point.heartbeat);
    }
    if (!point.heartbeat) continue;
    ++heartbeats;
    EXPECT_NE(point.kind, PointKind::kFileIssued);
    EXPECT_NE(point.kind, PointKind::kFileCompleted);
    if (point.kind == PointKind::kSent) {
      EXPECT_EQ(point.message, Kind::kPingMessage);
    }
  }
  EXPECT_GT(heartbeats, 100u);
  EXPECT_LT(heartbeats, subject.clean.points.size());
}

TEST(CrashPoints, EndAtTheLimitOfEvents) {
  const Subject subject = Make("write-path", {"/end/events=200"});
  EXPECT_EQ(subject.clean.events, 200u);
  ASSERT_FALSE(subject.clean.points.empty());
  EXPECT_LE(subject.clean.points.back().event, 200u);
}

TEST(CrashPoints, WatchingChangesNothing) {
  for (const char* id : {"write-path", "old-leader-trunc", "snapshot-power-loss"}) {
    const Document document = support::MustLoad(support::ShippedScenario(id));
    EXPECT_EQ(ToString(Make(id).clean.trace_hash),
              ToString(RunOnce(*document.Instantiate(1), 1).trace_hash))
        << id;
  }
}

TEST(CrashPoints, HaveDescriptions) {
  const Subject subject = Make("write-path");
  const CrashPoint* point = FindFile(subject, 1, zab::FileKind::kFsync, "log.",
                                     PointKind::kFileCompleted, PointEdge::kUntold);
  ASSERT_NE(point, nullptr);
  EXPECT_EQ(Describe(*point, *subject.scenario),
            "n1 at " + ToString(point->time) + ", untold file_completed fsync log.100000001");
}

// The one write of this scenario is 1:1.
TEST(CrashAtAPoint, ASyncThatWasNotDoneHasNotHappened) {
  const Subject subject = Make("write-path");
  const auto at = [&](PointEdge edge, const SweepCrash& kind) {
    const CrashPoint* point =
        FindFile(subject, 1, zab::FileKind::kFsync, "log.", PointKind::kFileCompleted, edge);
    return Recovered(Crash(subject, *point, kind));
  };
  EXPECT_NE(at(PointEdge::kBefore, SweepCrash{SweepCrash::Kind::kPower}), "1:1");
  EXPECT_EQ(at(PointEdge::kBefore, SweepCrash{SweepCrash::Kind::kKill}),
            "1:1");  // The page cache survives.
}

// ... and the name of the new file is durable only after a directory sync.
TEST(CrashAtAPoint, ADirectorySyncCountsWhenItIsDone) {
  const Subject subject = Make("write-path");
  std::vector<std::string> recovered;
  bool synced = false;
  for (const CrashPoint& point : subject.clean.points) {
    if (point.node != NodeId{1} || point.kind != PointKind::kFileCompleted) continue;
    synced = synced || (point.file == zab::FileKind::kFsync && point.path.starts_with("log."));
    if (!synced || point.file != zab::FileKind::kSyncDir || point.edge == PointEdge::kAfter)
      continue;
    recovered.push_back(Recovered(Crash(subject, point, SweepCrash{SweepCrash::Kind::kPower})));
    if (recovered.size() == 2) break;
  }
  ASSERT_EQ(recovered.size(), 2u);
  EXPECT_NE(recovered[0], "1:1");  // Before.
  EXPECT_EQ(recovered[1], "1:1");  // Done, the server not notified.
}

TEST(CrashAtAPoint, BeforeASendNothingIsSentAndAfterItAllIs) {
  const Subject subject = Make("write-path");
  const CrashPoint* before = nullptr;
  const CrashPoint* after = nullptr;
  for (const CrashPoint& point : subject.clean.points) {
    if (point.node != NodeId{1} || point.message != Kind::kAckMessage) continue;
    if (point.kind != PointKind::kSent || point.time < zab::Time{} + zab::Seconds(1)) continue;
    if (before == nullptr && point.edge == PointEdge::kBefore) before = &point;
    if (before != nullptr && after == nullptr && point.edge == PointEdge::kAfter) after = &point;
  }
  ASSERT_NE(before, nullptr);
  ASSERT_NE(after, nullptr);
  const auto acks_in_time = [&](const CrashPoint& point) {
    Crashed crashed = Crash(subject, point, SweepCrash{SweepCrash::Kind::kPower});
    std::erase_if(crashed.records, [&](const Record& record) {
      return record.event.peer != zab::ServerId{1} || record.time > point.time + kRestartAfter;
    });
    return Count(crashed, Probe::kMsgDelivered, Kind::kAckMessage, NodeId{3});
  };
  EXPECT_EQ(acks_in_time(*before), 0u);
  EXPECT_EQ(acks_in_time(*after), 1u);
}

TEST(CrashAtAPoint, RestartsAndRecovers) {
  const Subject subject = Make("write-path");
  const CrashPoint& point = subject.clean.points[subject.clean.points.size() / 2];
  const Crashed crashed = Crash(subject, point, SweepCrash{SweepCrash::Kind::kPower});
  EXPECT_EQ(crashed.outcome.verdict, RunVerdict::kHeld);
  ASSERT_EQ(crashed.outcome.hits.size(), 1u);
  EXPECT_EQ(crashed.outcome.hits[0].node, point.node);
  EXPECT_EQ(crashed.outcome.hits[0].time, point.time);
  for (const Record& record : crashed.records) {
    if (record.event.probe == Probe::kRestarted) {
      EXPECT_EQ(record.time, point.time + kRestartAfter);
    }
  }
  EXPECT_EQ(Count(crashed, Probe::kRestarted, Kind::kNone, point.node), 1u);
  EXPECT_EQ(Count(crashed, Probe::kReturned, Kind::kOk, NodeId{6}) > 0, true);
}

TEST(CrashAtAPoint, ThatNeverComesIsUnknown) {
  const Subject subject = Make("write-path");
  const CrashBrancher brancher(subject.scenario, 1);
  const CrashOutcome outcome = brancher.Crash(
      {.orders = {{subject.clean.points.size() + 1, SweepCrash{SweepCrash::Kind::kKill}}}});
  EXPECT_EQ(outcome.verdict, RunVerdict::kUnknown);
  EXPECT_TRUE(outcome.hits.empty());
}

TEST(Sweep, ResultsDoNotDependOnTheWayToAPoint) {
  const Subject subject = Make("write-path");
  CrashBrancher through(subject.scenario, 1);
  for (const CrashRun& run : PlanSingles(subject.clean, {.every = 101})) {
    through.AdvanceTo(run.event);
    CrashBrancher fresh(subject.scenario, 1);
    fresh.AdvanceTo(run.event);
    EXPECT_EQ(through.Crash(run).trace_hash, fresh.Crash(run).trace_hash);
  }
}

TEST(Sweep, PairsCrashTwiceAndRecover) {
  const Subject subject = Make("follower-diff");
  const std::vector<CrashRun> singles = PlanSingles(subject.clean, {.every = 97});
  SweepJudge judge(subject.clean);
  std::vector<CrashOutcome> outcomes;
  CrashBrancher first(subject.scenario, 1);
  for (const CrashRun& run : singles) {
    first.AdvanceTo(run.event);
    outcomes.push_back(first.Crash(run));
    judge.Add(run, outcomes.back());
  }
  CrashBrancher second(subject.scenario, 1);
  for (const CrashRun& run : DrawPairs(singles, outcomes, 1, 60)) {
    second.AdvanceTo(run.event);
    const CrashOutcome outcome = second.Crash(run);
    if (outcome.hits.size() == 2) {
      EXPECT_EQ(outcome.hits[1].number, run.orders[1].number);
    }
    judge.Add(run, outcome);
  }
  const SweepSummary summary = judge.Finish();
  EXPECT_EQ(summary.verdict, RunVerdict::kHeld) << "pair or point " << summary.worst.value_or(0);
  EXPECT_EQ(summary.pairs.runs, 60u);
  EXPECT_GT(summary.pairs.points, 50u);
  EXPECT_FALSE(summary.worst);
  const std::string json = ToJson(summary, subject.clean, std::nullopt, *subject.scenario, "d", 1);
  EXPECT_NE(json.find(R"("pairs":{"held":60,)"), std::string::npos) << json;
}

TEST(Sweep, EveryShippedStoryHoldsAtSomePoints) {
  for (const std::string& path : support::ShippedScenarios()) {
    const Document document = support::MustLoad(path);
    if (ExpectsViolation(document.scenario())) continue;  // It expects violations.
    const auto scenario = PrepareSweep(*document.Instantiate(1));
    const CleanRun clean = FindCrashPoints(scenario, 1);
    CrashBrancher brancher(scenario, 1);
    for (const CrashRun& run :
         PlanSingles(clean, {.every = std::max<uint64_t>(clean.points.size() / 20, 1)})) {
      brancher.AdvanceTo(run.event);
      EXPECT_EQ(brancher.Crash(run).verdict, RunVerdict::kHeld)
          << path << " --point=" << run.orders[0].number;
    }
  }
}

}  // namespace
}  // namespace sweep_test
