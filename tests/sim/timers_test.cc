#include "sim/timers.h"

#include <gtest/gtest.h>

#include "tests/sim/toy_process.h"

namespace sim {
namespace timers_test {
namespace {

TimerKey Key(uint32_t name) {
  return {.name = name};
}

TEST(Timers, FiresOnceAtItsTime) {
  auto world = ToyWorld(1);
  As(*world, kN1).SetTimer(Key(7), zab::Milliseconds(20));
  world->RunUntil(At(zab::Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "20ms timer 7"}));
  EXPECT_EQ(world->event_count(), 2u);
}

TEST(Timers, SetAgainLaterOrSoonerItFiresOnce) {
  auto world = ToyWorld(1);
  As(*world, kN1).SetTimer(Key(1), zab::Milliseconds(20));
  As(*world, kN1).SetTimer(Key(2), zab::Milliseconds(20));
  world->RunUntil(At(zab::Milliseconds(10)));
  As(*world, kN1).SetTimer(Key(1), zab::Milliseconds(50));
  As(*world, kN1).SetTimer(Key(2), zab::Milliseconds(5));
  world->RunUntil(At(zab::Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "15ms timer 2", "60ms timer 1"}));
  EXPECT_EQ(world->event_count(), 3u);  // Stale entries are not counted as events.
}

TEST(Timers, CancelledItDoesNotFireAndSetAgainItDoes) {
  auto world = ToyWorld(1);
  Host host = As(*world, kN1);
  host.SetTimer(Key(1), zab::Milliseconds(20));
  host.SetTimer(Key(2), zab::Milliseconds(20));
  host.CancelTimer(Key(1));
  host.CancelTimer(Key(2));
  host.CancelTimer(Key(3));
  host.SetTimer(Key(2), zab::Milliseconds(30));
  world->RunUntil(At(zab::Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "30ms timer 2"}));
}

// A timer that is set again loses its earlier position: at its new time it comes after everything
// scheduled for that time before.
TEST(Timers, TiesAreOrderedByTheLastSetting) {
  auto world = ToyWorld(1);
  Host host = As(*world, kN1);
  host.SetTimer(Key(1), zab::Milliseconds(10));
  host.SetTimer(Key(2), zab::Milliseconds(20));
  host.SetTimer(Key(1), zab::Milliseconds(20));
  host.SetTimer(Key(3), zab::Milliseconds(20));
  world->RunUntil(At(zab::Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1),
            (Lines{"0s start", "20ms timer 2", "20ms timer 1", "20ms timer 3"}));
}

TEST(Timers, OneNamePerConnection) {
  auto world = ToyWorld(1);
  Host host = As(*world, kN1);
  host.SetTimer({.name = 1, .connection = kC1}, zab::Milliseconds(10));
  host.SetTimer({.name = 1, .connection = kC2}, zab::Milliseconds(20));
  host.CancelTimer({.name = 1, .connection = kC1});
  world->RunUntil(At(zab::Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "20ms timer 1"}));
}

TEST(Timers, ACrashEndsAllTimers) {
  auto world = ToyWorld(1);
  As(*world, kN1).SetTimer(Key(1), zab::Milliseconds(20));
  world->Crash(kN1, CrashKind::kKill);
  world->Restart(kN1);
  As(*world, kN1).SetTimer(Key(1), zab::Milliseconds(30));
  world->RunUntil(At(zab::Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "30ms timer 1"}));
}

}  // namespace
}  // namespace timers_test
}  // namespace sim
