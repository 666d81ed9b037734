// Clocks that drift and jump: on their own, and with the timers of a process.
#include "sim/clock.h"

#include <gtest/gtest.h>

#include "tests/sim/toy_process.h"

namespace sim {
namespace clock_test {
namespace {

using zab::Milliseconds;
using zab::Nanoseconds;
using zab::Seconds;

TEST(Clock, IsAccurateByDefault) {
  const Clock clock;
  EXPECT_EQ(clock.At(At(Seconds(5))).monotonic, At(Seconds(5)));
  EXPECT_EQ(clock.At(At(Seconds(5))).wall, kWallClockStart + Seconds(5));
  EXPECT_EQ(clock.When(At(Seconds(5))), At(Seconds(5)));
}

TEST(Clock, DriftScalesBothClocks) {
  Clock clock;
  clock.SetDrift(200, {});
  EXPECT_EQ(clock.At(At(Seconds(1000))).monotonic, At(Milliseconds(1'000'200)));
  EXPECT_EQ(clock.At(At(Seconds(1000))).wall, kWallClockStart + Milliseconds(1'000'200));
  clock.SetDrift(-100'000, At(Seconds(1000)));
  EXPECT_EQ(clock.At(At(Seconds(1010))).monotonic, At(Milliseconds(1'009'200)));
}

TEST(Clock, StepsMoveTheWallClockAlone) {
  Clock clock;
  clock.Step(Seconds(30));
  clock.Step(Milliseconds(-800));
  EXPECT_EQ(clock.At(At(Seconds(1))).monotonic, At(Seconds(1)));
  EXPECT_EQ(clock.At(At(Seconds(1))).wall, kWallClockStart + Milliseconds(30'200));
}

TEST(Clock, NeverShowsATimeBefore1970OrFarAhead) {
  Clock clock;
  for (int i = 0; i < 20; ++i) clock.Step(Seconds(-1'000'000'000));
  EXPECT_EQ(clock.At(At(Seconds(1))).wall, At(Seconds(1)));
  for (int i = 0; i < 20; ++i) clock.Step(Seconds(1'000'000'000));
  EXPECT_GT(clock.At(At(Seconds(1'000'000'000))).wall, kWallClockStart);
}

// For any drift: at When(t) the clock shows t, and a nanosecond earlier it does not yet.
TEST(Clock, WhenIsTheFirstMoment) {
  for (const int32_t drift : {-100'000, -99'999, -333, -1, 0, 1, 7, 50'000, 100'000}) {
    Clock clock;
    clock.SetDrift(17, At(Seconds(1)));
    clock.SetDrift(drift, At(Seconds(2)));
    const zab::Time shown = clock.At(At(Seconds(2))).monotonic;
    for (int64_t after = 1; after < 3'000'000'000; after = after * 3 + 1) {
      const zab::Time wanted = shown + Nanoseconds(after);
      const zab::Time when = clock.When(wanted);
      EXPECT_GE(clock.At(when).monotonic, wanted) << drift << " " << after;
      EXPECT_LT(clock.At(when - Nanoseconds(1)).monotonic, wanted) << drift << " " << after;
    }
  }
}

// Toys log the time of their own clocks.
TEST(DriftingTimers, FireByTheirOwnClock) {
  auto world = ToyWorld(2);
  world->SetDrift(kN1, 100'000);
  As(*world, kN1).SetTimer({1}, Seconds(11));
  As(*world, kN2).SetTimer({1}, Seconds(11));
  LogOf(*world, kN1);
  LogOf(*world, kN2);
  world->RunUntil(At(Seconds(10)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"11s timer 1"}));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  world->RunUntil(At(Seconds(11)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11s timer 1"}));
}

TEST(DriftingTimers, PendingTimersFollowAChangedDrift) {
  auto world = ToyWorld(1);
  As(*world, kN1).SetTimer({1}, Seconds(11));
  As(*world, kN1).SetTimer({2}, Seconds(20));
  As(*world, kN1).SetTimer({3}, Seconds(3));
  As(*world, kN1).CancelTimer({3});
  LogOf(*world, kN1);
  world->SetDrift(kN1, 100'000);
  world->RunUntil(At(Seconds(10)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"11s timer 1"}));
  world->SetDrift(kN1, -100'000);  // The remaining 9 s take 10 s of the world.
  world->RunUntil(At(Seconds(20) - Nanoseconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), Lines{});
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"20s timer 2"}));
  world->RunUntil(At(Seconds(100)));
  EXPECT_EQ(LogOf(*world, kN1), Lines{});
}

TEST(DriftingTimers, ATimerPendingInAPausedProcessIsNotDueAgain) {
  auto world = ToyWorld(1);
  As(*world, kN1).SetTimer({1}, Seconds(1));
  LogOf(*world, kN1);
  world->Pause(kN1);
  world->RunUntil(At(Seconds(2)));
  world->SetDrift(kN1, -100'000);
  world->Resume(kN1);
  world->RunUntil(At(Seconds(10)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"2s timer 1"}));
}

TEST(DriftingTimers, AClonedWorldContinuesTheSame) {
  auto world = ToyWorld(1);
  world->SetDrift(kN1, 12'345);
  world->StepClock(kN1, Seconds(-5));
  As(*world, kN1).SetTimer({1}, Seconds(11));
  const auto clone = world->Clone();
  world->RunUntil(At(Seconds(20)));
  clone->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*clone, kN1), LogOf(*world, kN1));
  EXPECT_EQ(As(*clone, kN1).now().wall, As(*world, kN1).now().wall);
}

TEST(Clock, OutlivesTheProcess) {
  auto world = ToyWorld(1);
  world->SetDrift(kN1, 100'000);
  world->StepClock(kN1, Seconds(-5));
  world->RunUntil(At(Seconds(10)));
  world->Crash(kN1, CrashKind::kPower);
  world->Restart(kN1);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"11s start"}));
  EXPECT_EQ(As(*world, kN1).now().wall, kWallClockStart + Seconds(17));
}

}  // namespace
}  // namespace clock_test
}  // namespace sim
