// What each `until` of a deadline looks at, and from when: met and missed (LANGUAGE.md 4).
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/scenarios/engine_toys.h"

namespace scenario::engine_deadlines {

using engine_toys::At;
using engine_toys::Establish;
using engine_toys::MakeScenario;
using engine_toys::Named;
using engine_toys::Stage;
using zab::Milliseconds;
using zab::Seconds;

using Until = decltype(Deadline::until);

/// At 10 s the event "go" does this; 5 s later what the deadline waits for must have been seen.
Scenario FromEvent(Until until, std::vector<Action> actions, size_t servers = 3) {
  Scenario scenario = MakeScenario(servers, At(Seconds(100)));
  scenario.events = {{.id = "go",
                      .trigger = AtTime{At(Seconds(10)), std::nullopt},
                      .actions = std::move(actions)}};
  scenario.expect.deadlines = {{"", EventIndex{0}, std::move(until), Seconds(5)}};
  return scenario;
}

const Deadlines::Entry& OnlyDeadline(Stage& stage) {
  return stage.engine().deadlines()[0];
}

void ExpectMissed(Stage& stage) {
  stage.RunUntil(Seconds(100));
  EXPECT_EQ(OnlyDeadline(stage).status, DeadlineStatus::kMissed);
}

/// Met by now, at that time since the start.
void ExpectMet(Stage& stage, zab::Duration at) {
  EXPECT_EQ(OnlyDeadline(stage).status, DeadlineStatus::kMet);
  EXPECT_EQ(OnlyDeadline(stage).met, At(at));
}

Partition OneWay(uint16_t from, uint16_t to) {
  return {.oneway = Partition::Oneway{.from = Named(from), .to = Named(to)}};
}

// ---- A filter -----------------------------------------------------------------------------------

TEST(EngineDeadlines, AFilterIsMetByALaterRecord) {
  Stage stage(FromEvent(ProbeFilter{.on = Probe::kEstablished}, {Note{}}));
  Establish(stage, 3, 3);
  stage.RunUntil(Seconds(12));
  EXPECT_EQ(OnlyDeadline(stage).status, DeadlineStatus::kRunning);
  stage.Emit(3, {.probe = Probe::kEstablished, .epoch = {2}});
  ExpectMet(stage, Seconds(12));
}

TEST(EngineDeadlines, AFilterIsNotMetByAnEarlierRecord) {
  Stage stage(FromEvent(ProbeFilter{.on = Probe::kEstablished}, {Note{}}));
  Establish(stage, 3, 3);
  ExpectMissed(stage);
}

TEST(EngineDeadlines, AFilterIsMetByAnActionOfTheEvent) {
  Stage stage(FromEvent(ProbeFilter{.on = Probe::kCrashed}, {Crash{.target = Named(1)}}));
  stage.RunUntil(Seconds(11));
  ExpectMet(stage, Seconds(10));
}

TEST(EngineDeadlines, AFilterIsNotMetByTheRecordThatFiresTheEvent) {
  for (const Edge edge : {Edge::kBefore, Edge::kAfter}) {
    Scenario scenario = FromEvent(ProbeFilter{.on = Probe::kCrashed}, {Note{}});
    scenario.events[0].trigger = WhenProbe{.filter = {.on = Probe::kCrashed}, .edge = edge};
    Stage stage(scenario);
    stage.Emit(1, {.probe = Probe::kCrashed});
    EXPECT_EQ(stage.event(0).fired, 1u);
    ExpectMissed(stage);
  }
}

// ---- has_leader ---------------------------------------------------------------------------------

TEST(EngineDeadlines, HasLeaderIsMetAtOnceIfTheLeaderStays) {
  Stage stage(FromEvent(State::kHasLeader, {Crash{.target = Named(1)}}));
  Establish(stage, 3, 3);
  stage.RunUntil(Seconds(11));
  ExpectMet(stage, Seconds(10));
}

TEST(EngineDeadlines, HasLeaderLooksAtWhatTheActionsLeave) {
  for (const uint16_t second :
       {uint16_t{2}, uint16_t{3}}) {  // A quorum is lost, with a follower or with the leader.
    Stage stage(
        FromEvent(State::kHasLeader, {Crash{.target = Named(1)}, Crash{.target = Named(second)}}));
    Establish(stage, 3, 3);
    ExpectMissed(stage);
  }
}

TEST(EngineDeadlines, HasLeaderLooksAtTheEndOfTheStepThatFires) {
  Scenario scenario = FromEvent(State::kHasLeader, {Crash{.target = Named(2)}});
  scenario.events[0].trigger =
      WhenProbe{.filter = {.on = Probe::kCrashed, .by = Named(1)}, .edge = Edge::kBefore};
  Stage stage(scenario);
  Establish(stage, 3, 3);
  stage.world().Crash({1}, sim::CrashKind::kPower);
  ExpectMissed(stage);
}

TEST(EngineDeadlines, HasLeaderIsMetByALaterLeader) {
  Stage stage(FromEvent(State::kHasLeader, {Crash{.target = Named(3)}}));
  Establish(stage, 3, 3);
  stage.RunUntil(Seconds(12));
  EXPECT_EQ(OnlyDeadline(stage).status, DeadlineStatus::kRunning);
  Establish(stage, 2, 2);
  ExpectMet(stage, Seconds(12) + zab::Nanoseconds(4));
}

/// A follower counts only if each can reach the other, and neither is paused.
TEST(EngineDeadlines, HasLeaderCountsWhoCanFollow) {
  const std::vector<std::vector<Action>> losses = {
      {OneWay(1, 3), OneWay(2, 3)},
      {OneWay(3, 1), OneWay(3, 2)},
      {OneWay(3, 1), OneWay(2, 3)},
      {Clog{.from = Named(3), .to = Named(1)}, Clog{.from = Named(2), .to = Named(3)}},
      {Pause{Named(1)}, Pause{Named(2)}},
      {Pause{Named(3)}},
  };
  for (const std::vector<Action>& loss : losses) {
    Stage stage(FromEvent(State::kHasLeader, loss));
    Establish(stage, 3, 3);
    ExpectMissed(stage);
  }
  Stage stage(FromEvent(State::kHasLeader, {OneWay(1, 3), OneWay(1, 2), Pause{Named(1)}}));
  Establish(stage, 3, 3);
  stage.RunUntil(Seconds(11));
  ExpectMet(stage, Seconds(10));
}

TEST(EngineDeadlines, HasLeaderIsMetWhenLinksAndServersComeBack) {
  const std::vector<std::pair<std::vector<Action>, Action>> repairs = {
      {{OneWay(1, 3), OneWay(2, 3)}, Heal{}},
      {{Clog{.from = Named(3), .to = Named(1)}, Clog{.from = Named(3), .to = Named(2)}},
       Release{.from = Named(3), .to = Named(1)}},
      {{Pause{Named(3)}}, Resume{Named(3)}},
  };
  for (const auto& [loss, repair] : repairs) {
    Scenario scenario = FromEvent(State::kHasLeader, loss);
    scenario.events.push_back(
        {.id = "back", .trigger = AtTime{At(Seconds(13)), std::nullopt}, .actions = {repair}});
    Stage stage(scenario);
    Establish(stage, 3, 3);
    stage.RunUntil(Seconds(14));
    ExpectMet(stage, Seconds(13));
  }
}

// ---- all_equal ----------------------------------------------------------------------------------

void Deliver(Stage& stage, uint16_t node, uint64_t tree) {
  stage.Emit(node, {.probe = Probe::kDelivered, .zxid = {{1}, 1}, .tree = tree});
}

TEST(EngineDeadlines, AllEqualIsMetByTheServersThatRun) {
  Stage stage(FromEvent(State::kAllEqual, {Crash{.target = Named(3)}}));
  Deliver(stage, 1, 7);
  Deliver(stage, 2, 7);
  Deliver(stage, 3, 8);
  stage.RunUntil(Seconds(11));
  ExpectMet(stage, Seconds(10));
}

TEST(EngineDeadlines, AllEqualIsMetByTheLastThatCatchesUp) {
  Stage stage(FromEvent(State::kAllEqual, {Note{}}));
  Deliver(stage, 1, 7);
  Deliver(stage, 2, 7);
  Deliver(stage, 3, 8);
  stage.RunUntil(Seconds(12));
  EXPECT_EQ(OnlyDeadline(stage).status, DeadlineStatus::kRunning);
  Deliver(stage, 3, 7);
  ExpectMet(stage, Seconds(12));
}

/// All are equal before the event, and one is started by it.
TEST(EngineDeadlines, AllEqualLooksAtWhatTheActionsLeave) {
  Stage stage(FromEvent(State::kAllEqual, {Restart{Named(3)}}));
  stage.world().Crash({3}, sim::CrashKind::kPower);
  Deliver(stage, 1, 7);
  Deliver(stage, 2, 7);
  ExpectMissed(stage);
}

// ---- write_ok -----------------------------------------------------------------------------------

struct Acknowledgment {
  uint16_t client = 4;  // A node; 5 is the liveness client.
  zab::Zxid zxid;
};

/// The status of a write_ok deadline from the event, or from quiet, that begins when 1:7 is
/// committed, after this acknowledgment.
DeadlineStatus AfterWrite(bool from_event, const Acknowledgment& write) {
  Scenario scenario = FromEvent(State::kWriteOk, {Note{}});
  const std::optional<EventIndex> from =
      from_event ? std::optional(EventIndex{0}) : std::optional<EventIndex>();
  scenario.expect.deadlines[0].from = from;
  RunFacts facts(scenario);
  const Context context{scenario, facts, HistoryView(nullptr), std::nullopt};
  facts.cluster.OnRecord({.node = {1}, .event = {.probe = Probe::kCommitted, .zxid = {{1}, 7}}});
  Deadlines deadlines(scenario, NodeId{5});
  EXPECT_TRUE(deadlines.Start(from, At(Seconds(10)), context));
  EXPECT_EQ(deadlines.Begin(At(Seconds(10)), context).size(), 1u);
  deadlines.OnWrite(
      {.node = {write.client}, .event = {.probe = Probe::kReturned, .zxid = write.zxid}}, context);
  return deadlines.entries()[0].status;
}

TEST(EngineDeadlines, WriteOkFromAnEventIsMetByAnyNewWrite) {
  EXPECT_EQ(AfterWrite(true, {.zxid = {{1}, 8}}), DeadlineStatus::kMet);
  EXPECT_EQ(AfterWrite(true, {.client = 5, .zxid = {{2}, 1}}), DeadlineStatus::kMet);
}

TEST(EngineDeadlines, WriteOkIsNotMetByAWriteThatWasCommittedBefore) {
  EXPECT_EQ(AfterWrite(true, {.zxid = {{1}, 7}}), DeadlineStatus::kRunning);
}

TEST(EngineDeadlines, WriteOkFromQuietIsMetByTheLivenessWriteOnly) {
  EXPECT_EQ(AfterWrite(false, {.client = 5, .zxid = {{1}, 8}}), DeadlineStatus::kMet);
  EXPECT_EQ(AfterWrite(false, {.zxid = {{1}, 8}}), DeadlineStatus::kRunning);
}

// ---- Quiet --------------------------------------------------------------------------------------

TEST(EngineDeadlines, FromQuietLookAtTheStateThatQuietLeaves) {
  Scenario scenario = MakeScenario(3, At(Seconds(40)));
  scenario.end.quiet = ::scenario::Quiet{.at = At(Seconds(20)), .heal = HealAll{}};
  scenario.events = {{.id = "cut",
                      .trigger = AtTime{At(Seconds(10)), std::nullopt},
                      .actions = {OneWay(1, 3), OneWay(2, 3)}}};
  scenario.expect.deadlines = {{"leader", std::nullopt, State::kHasLeader, Seconds(5)},
                               {"equal", std::nullopt, State::kAllEqual, Seconds(5)},
                               {"short", std::nullopt, State::kWriteOk, Seconds(50)}};
  Stage stage(scenario);
  Establish(stage, 3, 3);
  stage.RunUntil(Seconds(40));
  const std::vector<Deadlines::Entry>& entries = stage.engine().deadlines();
  EXPECT_EQ(entries[0].status, DeadlineStatus::kMet);
  EXPECT_EQ(entries[0].met, At(Seconds(20)));
  EXPECT_EQ(entries[1].status, DeadlineStatus::kMissed);
  EXPECT_EQ(entries[2].status, DeadlineStatus::kRunning);
}

// ---- The end of the run -------------------------------------------------------------------------

TEST(EngineDeadlines, TheRunEndsWhenTheyAreMetAndTheClusterHasSettled) {
  Scenario scenario = FromEvent(ProbeFilter{.on = Probe::kEstablished}, {Note{}});
  scenario.end.settle = Seconds(3);
  Stage stage(scenario);
  stage.RunUntil(Seconds(12));
  EXPECT_EQ(stage.engine().EndOfRun(), At(Seconds(100)));
  stage.Emit(3, {.probe = Probe::kEstablished, .epoch = {1}});
  EXPECT_EQ(stage.engine().EndOfRun(), At(Seconds(15)));
}

TEST(EngineDeadlines, TheRunEndsWhereItIsWrittenIfOneIsMissed) {
  Scenario scenario = FromEvent(State::kHasLeader, {Note{}});
  scenario.end.settle = Seconds(3);
  scenario.expect.deadlines.push_back(
      {"other", EventIndex{0}, ProbeFilter{.on = Probe::kElected}, Seconds(5)});
  Stage stage(scenario);
  Establish(stage, 3, 3);
  stage.RunUntil(Seconds(20));
  EXPECT_EQ(OnlyDeadline(stage).status, DeadlineStatus::kMet);
  EXPECT_EQ(stage.engine().EndOfRun(), At(Seconds(100)));
}

TEST(EngineDeadlines, TheRunEndsAtItsLatestWhereItIsWritten) {
  Scenario scenario = FromEvent(State::kHasLeader, {Note{}});
  scenario.end.settle = Seconds(1000);
  Stage stage(scenario);
  Establish(stage, 3, 3);
  stage.RunUntil(Seconds(20));
  EXPECT_EQ(stage.engine().EndOfRun(), At(Seconds(100)));
}

}  // namespace scenario::engine_deadlines
