// Clocks of a scenario: as configured, set by actions, and disturbed by the nemesis.
#include <gtest/gtest.h>

#include "tests/scenarios/engine_toys.h"

namespace scenario::engine_clock_test {
namespace {

using engine_toys::At;
using engine_toys::MakeScenario;
using engine_toys::Named;
using engine_toys::Stage;
using zab::Milliseconds;
using zab::Seconds;

zab::Instant ClockOf(Stage& stage, uint16_t node) {
  return sim::Host(stage.world(), {node}, stage.world().incarnation({node})).now();
}
/// The error of the node's wall clock.
zab::Duration ErrorOf(Stage& stage, uint16_t node) {
  const zab::Duration since_start = stage.world().now() - zab::Time{};
  return ClockOf(stage, node).wall - (sim::kWallClockStart + since_start);
}

TEST(EngineClock, IsAsConfigured) {
  Scenario scenario = MakeScenario(3, At(Seconds(100)));
  scenario.clocks[{1}] = {.drift_ppm = 1000, .offset = Seconds(-3)};
  scenario.clocks[{3}] = {
      .steps = {{At(Seconds(10)), Milliseconds(-800)}, {At(Seconds(20)), Seconds(9)}}};
  Stage stage(scenario);
  stage.RunUntil(Seconds(5));
  EXPECT_EQ(ErrorOf(stage, 1), Milliseconds(-2995));
  EXPECT_EQ(ErrorOf(stage, 2), Seconds(0));
  EXPECT_EQ(ErrorOf(stage, 3), Seconds(0));
  stage.RunUntil(Seconds(10));
  EXPECT_EQ(ErrorOf(stage, 3), Milliseconds(-800));
  stage.RunUntil(Seconds(20));
  EXPECT_EQ(ErrorOf(stage, 3), Milliseconds(8200));
  EXPECT_EQ(ClockOf(stage, 3).monotonic, At(Seconds(20)));
  EXPECT_EQ(stage.engine().faults().Total().requested, 0u);
}

TEST(EngineClock, ActionsSetAndStepIt) {
  Scenario scenario = MakeScenario(3, At(Seconds(100)));
  scenario.events = {{.id = "wrong",
                      .trigger = AtTime{At(Seconds(1))},
                      .actions = {StepClock{Named(1), Seconds(-7)}, StepClock{Named(2), {}},
                                  SetClock{Named(2), 50'000}, SetClock{Named(3), 0}}}};
  scenario.end.quiet = ::scenario::Quiet{.at = At(Seconds(21)), .heal = HealAll{}};
  Stage stage(scenario);
  stage.RunUntil(Seconds(11));
  EXPECT_EQ(ErrorOf(stage, 1), Seconds(-7));
  EXPECT_EQ(ErrorOf(stage, 2), Milliseconds(500));
  EXPECT_EQ(stage.engine().faults().Of(FaultKind::kStepClock), (FaultCount{2, 1}));
  EXPECT_EQ(stage.engine().faults().Of(FaultKind::kSetClock), (FaultCount{2, 1}));
  EXPECT_EQ(stage.event(0).targets.size(), 2u);
  stage.RunUntil(Seconds(31));  // Quiet has ended the drift but not corrected its effect.
  EXPECT_EQ(ErrorOf(stage, 2), Seconds(1));
}

TEST(EngineClock, TheNemesisDriftsForAWhileAndStepsPermanently) {
  for (const Shape shape : {Shape::kDrift, Shape::kStep}) {
    Scenario scenario = MakeScenario(3, At(Seconds(1000)));
    scenario.nemesis = {{.kind = NemesisKind::kClock,
                         .interval = Seconds(5),
                         .duration = Seconds(1),
                         .targets = {Named(2)},
                         .shapes = {shape},
                         .from = At(Seconds(1)),
                         .until = At(Seconds(100))}};
    Stage stage(scenario);
    stage.RunUntil(Seconds(110));
    const zab::Duration error = ErrorOf(stage, 2);
    EXPECT_NE(error, Seconds(0));
    EXPECT_EQ(ErrorOf(stage, 1), Seconds(0));
    EXPECT_EQ(ClockOf(stage, 2).monotonic != At(Seconds(110)), shape == Shape::kDrift);
    const FaultKind kind = shape == Shape::kDrift ? FaultKind::kSetClock : FaultKind::kStepClock;
    EXPECT_GT(stage.engine().faults().Of(kind).effective, 5u);
    EXPECT_EQ(stage.engine().faults().Total().effective,
              stage.engine().faults().Of(kind).effective);
    stage.RunUntil(Seconds(900));
    EXPECT_EQ(ErrorOf(stage, 2), error);  // The drift has ended.
  }
}

}  // namespace
}  // namespace scenario::engine_clock_test
