// Events of a scenario with idle servers: when they fire, and what their actions affect.
#include <gtest/gtest.h>

#include <vector>

#include "scenarios/runner/matching/selector.h"
#include "tests/scenarios/engine_toys.h"

namespace scenario::engine_events {

using engine_toys::At;
using engine_toys::Establish;
using engine_toys::MakeScenario;
using engine_toys::Named;
using engine_toys::Stage;
using zab::Milliseconds;
using zab::Seconds;

constexpr zab::Zxid Z(uint32_t epoch, uint32_t counter) {
  return {{epoch}, counter};
}

Event When(ProbeFilter filter, std::vector<Action> actions) {
  Event event{.id = "e", .trigger = WhenProbe{.filter = std::move(filter)}};
  event.actions = std::move(actions);
  return event;
}

WhenProbe& WhenOf(Event& event) {
  return std::get<WhenProbe>(event.trigger);
}

TEST(EngineEvents, FireAtTheirTimesAndRepeat) {
  Scenario scenario = MakeScenario(3, At(Seconds(10)));
  scenario.events.push_back(
      {.id = "at",
       .trigger = AtTime{At(Seconds(1)), Repeat{.every = Seconds(2), .times = 3}},
       .max = 3,
       .actions = {Pause{Named(1)}, Resume{Named(1)}}});
  scenario.events.push_back({.id = "after",
                             .trigger = AfterEvent{EventIndex{0}, Milliseconds(500)},
                             .actions = {Crash{.target = Named(2)}}});
  Stage stage(scenario);
  stage.RunUntil(Milliseconds(999));
  EXPECT_EQ(stage.event(0).fired, 0u);
  stage.RunUntil(Milliseconds(1499));
  EXPECT_EQ(stage.event(0).fired, 1u);
  EXPECT_TRUE(stage.world().running({2}));
  stage.RunUntil(Milliseconds(1500));
  EXPECT_FALSE(stage.world().running({2}));
  stage.RunUntil(Seconds(10));
  EXPECT_EQ(stage.event(0).fired, 3u);
  EXPECT_EQ(stage.event(1).fired, 1u);  // Its own max, however often it is triggered.
  EXPECT_EQ(stage.engine().faults().Of(FaultKind::kPause).effective, 3u);
}

TEST(EngineEvents, CountFromTheNthMatchToTheirMax) {
  Scenario scenario = MakeScenario(3, At(Seconds(10)));
  scenario.events.push_back(When({.on = Probe::kProposed, .by = Named(3)}, {Note{}}));
  WhenOf(scenario.events[0]).nth = 2;
  scenario.events[0].max = 2;
  Stage stage(scenario);
  const std::vector<uint64_t> fired_after{0, 0, 1, 2, 2};
  const std::vector<uint16_t> speakers{3, 1, 3, 3, 3};
  for (size_t i = 0; i < speakers.size(); ++i) {
    stage.Emit(speakers[i], {.probe = Probe::kProposed});
    EXPECT_EQ(stage.event(0).fired, fired_after[i]) << i;
  }
}

TEST(EngineEvents, FireBeforeTheEffectOrAfterTheStep) {
  for (const Edge edge : {Edge::kBefore, Edge::kAfter}) {
    Scenario scenario = MakeScenario(3, At(Seconds(10)));
    scenario.events.push_back(
        When({.on = Probe::kProposed}, {Crash{.target = {Selector::Self{}}}}));
    WhenOf(scenario.events[0]).edge = edge;
    Stage stage(scenario);
    // The step of an alarm: the record is seen at once, the end of the step comes later.
    stage.world().Emit({2}, ColumnsOf({.probe = Probe::kProposed}));
    EXPECT_EQ(stage.world().running({2}), edge == Edge::kAfter);
    stage.RunUntil(Milliseconds(1));
    EXPECT_FALSE(stage.world().running({2}));
    EXPECT_EQ(stage.event(0).targets, std::vector{NodeId{2}});
  }
}

TEST(EngineEvents, WaitForTheStateTheyName) {
  Scenario scenario = MakeScenario(3, At(Seconds(10)));
  scenario.events.push_back(When({.on = Probe::kProposed}, {Note{}}));
  scenario.events.push_back(When({.on = Probe::kSynced}, {Note{}}));
  WhenOf(scenario.events[1]).condition.fired = EventIndex{0};
  WhenOf(scenario.events[1]).condition.role[zab::ServerId{1}] = Kind::kFollowing;
  Stage stage(scenario);
  stage.Emit(1, {.probe = Probe::kSynced});
  EXPECT_EQ(stage.event(1).fired, 0u);
  stage.Emit(1, {.probe = Probe::kProposed});
  stage.Emit(1, {.probe = Probe::kSynced});
  EXPECT_EQ(stage.event(1).fired, 0u);
  stage.Emit(1, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = {3}});
  stage.Emit(1, {.probe = Probe::kSynced});
  EXPECT_EQ(stage.event(1).fired, 1u);
}

TEST(EngineEvents, BindVariablesForLaterFilters) {
  Scenario scenario = MakeScenario(3, At(Seconds(10)));
  scenario.variables.push_back({"z", EventIndex{0}, Column::kZxid});
  scenario.variables.push_back({"who", EventIndex{0}, Column::kBy});
  scenario.events.push_back(
      When({.on = Probe::kProposed, .zxid = AtLeast<zab::Zxid>{Z(1, 2)}}, {}));
  WhenOf(scenario.events[0]).bind = {VariableIndex{0}, VariableIndex{1}};
  scenario.events.push_back(When({.on = Probe::kSynced, .zxid = VariableIndex{0}},
                                 {Crash{.target = {Selector::Bound{VariableIndex{1}}}}}));
  Stage stage(scenario);
  stage.Emit(1,
             {.probe = Probe::kSynced, .zxid = Z(0, 0)});  // An unbound variable matches nothing.
  stage.Emit(3, {.probe = Probe::kProposed, .zxid = Z(1, 1)});
  stage.Emit(3, {.probe = Probe::kProposed, .zxid = Z(1, 2)});
  stage.Emit(1, {.probe = Probe::kSynced, .zxid = Z(1, 1)});
  EXPECT_EQ(stage.event(1).fired, 0u);
  stage.Emit(1, {.probe = Probe::kSynced, .zxid = Z(1, 2)});
  EXPECT_EQ(stage.event(1).fired, 1u);
  EXPECT_FALSE(stage.world().running({3}));
}

TEST(EngineEvents, SelectTheLeaderThatCrashes) {
  Scenario scenario = MakeScenario(3, At(Seconds(10)));
  scenario.events.push_back(
      When({.on = Probe::kCrashed, .by = Selector{Selector::Leader{}}}, {Note{}}));
  scenario.events.push_back({.id = "crash",
                             .trigger = AtTime{At(Seconds(1)), std::nullopt},
                             .actions = {Crash{.target = {Selector::Leader{}}},
                                         Restart{{Selector::TargetOf{EventIndex{1}}}}}});
  Stage stage(scenario);
  Establish(stage, 3, 3);
  EXPECT_TRUE(stage.engine().facts().cluster.HasLeader());
  stage.RunUntil(Seconds(2));
  EXPECT_EQ(stage.event(0).fired, 1u);
  EXPECT_EQ(stage.event(1).targets, std::vector{NodeId{3}});
  EXPECT_EQ(stage.world().incarnation({3}), 2u);
  EXPECT_FALSE(stage.engine().facts().cluster.Leader());
}

TEST(EngineEvents, RecordActionsThatHitNoServer) {
  Scenario scenario = MakeScenario(3, At(Seconds(10)));
  scenario.events.push_back({.id = "nobody",
                             .trigger = AtTime{At(Seconds(1)), std::nullopt},
                             .actions = {Crash{.target = {Selector::Leader{}}}}});
  Stage stage(scenario);
  stage.RunUntil(Seconds(2));
  EXPECT_EQ(stage.event(0).fired, 1u);
  EXPECT_EQ(stage.engine().faults().Total(), (FaultCount{.requested = 1, .effective = 0}));
  EXPECT_EQ(stage.engine().probes()[static_cast<size_t>(Probe::kNote)], 1u);
}

TEST(EngineEvents, PartitionsCutWhatTheyNameAndHealById) {
  Scenario scenario = MakeScenario(5, At(Seconds(10)));
  Partition partition;
  partition.groups = {{Selector::List{{Named(4), Named(5)}}}, Selector{}};
  partition.rest = 1;
  partition.bridge = Named(3);
  scenario.events.push_back(
      {.id = "cut", .trigger = AtTime{At(Seconds(1)), std::nullopt}, .actions = {partition}});
  scenario.events.push_back({.id = "heal",
                             .trigger = AfterEvent{EventIndex{0}, Seconds(1)},
                             .actions = {Heal{EventIndex{0}}}});
  Stage stage(scenario);
  const sim::Network& network = stage.world().network();
  stage.RunUntil(Milliseconds(1500));
  EXPECT_TRUE(network.IsCut({{1}, {5}}));
  EXPECT_TRUE(network.IsCut({{4}, {2}}));
  EXPECT_FALSE(network.IsCut({{1}, {2}}));
  EXPECT_FALSE(network.IsCut({{4}, {5}}));
  EXPECT_FALSE(network.IsCut({{3}, {5}}));
  stage.RunUntil(Milliseconds(2500));
  EXPECT_FALSE(network.IsCut({{1}, {5}}));
}

TEST(EngineEvents, SelectorsDrawFromWhatIsThere) {
  const Scenario scenario = MakeScenario(5, At(Seconds(10)));
  Stage stage(scenario);
  Establish(stage, 5, 5);
  zab::Chooser chooser(7);
  const Context context{scenario, stage.engine().facts(), HistoryView(nullptr), std::nullopt};
  const Selector leader{Selector::Leader{}};
  const Selector any{Selector::Any{{{Selector::Followers{}}}}};
  for (int i = 0; i < 50; ++i) {
    const std::vector<NodeId> one = Evaluate(any, context, {}, chooser);
    ASSERT_EQ(one.size(), 1u);
    EXPECT_LT(one[0].value, 5);
    const auto minority = Evaluate({Selector::Minority{}}, context, {}, chooser);
    EXPECT_EQ(minority.size(), 2u);
    const auto majority = Evaluate({Selector::MajorityWithout{{leader}}}, context, {}, chooser);
    EXPECT_EQ(majority.size(), 3u);
    EXPECT_LT(majority.back().value, 5);
  }
  EXPECT_EQ(Evaluate({Selector::Leader{zab::Epoch{1}}}, context, {}, chooser),
            std::vector{NodeId{5}});
  EXPECT_TRUE(Evaluate({Selector::Leader{zab::Epoch{2}}}, context, {}, chooser).empty());
  EXPECT_TRUE(Contains(any, {4}, context));
  EXPECT_FALSE(Contains(any, {5}, context));
}

}  // namespace scenario::engine_events
