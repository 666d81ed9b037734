// What processes take time for: hand-overs, work, the start, and the resets after the end.
#include "sim/machine.h"

#include <gtest/gtest.h>

#include "tests/sim/toy_process.h"

namespace sim {
namespace machine_test {
namespace {

using zab::Milliseconds;
using zab::Seconds;

constexpr LinkId k12{kN1, kN2};

MachineProfile HandOver(TaskKind kind, const Distribution& delay) {
  MachineProfile machine;
  machine.hand_over[kind] = delay;
  return machine;
}

TEST(HandOver, TakesItsTime) {
  auto world = ToyWorld(1);
  world->SetMachine(kN1, HandOver(1, Const(Milliseconds(5))));
  As(*world, kN1).HandOver(1, 10);
  As(*world, kN1).HandOver(2, 20);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "0s task 2 20", "5ms task 1 10"}));
}

TEST(HandOver, OfOneKindKeepsItsOrder) {
  auto world = ToyWorld(1);
  world->SetMachine(kN1, HandOver(1, Uniform(Milliseconds(1), Milliseconds(50))));
  for (uint64_t i = 1; i <= 20; ++i) As(*world, kN1).HandOver(1, i);
  world->RunUntil(At(Seconds(1)));
  const Lines log = LogOf(*world, kN1);
  ASSERT_EQ(log.size(), 21);
  for (size_t i = 1; i <= 20; ++i) {
    EXPECT_TRUE(log[i].ends_with(absl::StrCat("task 1 ", i))) << log[i];
  }
  EXPECT_FALSE(log[1].starts_with("0s "));
}

TEST(HandOver, IsOfTheProcessThatAskedForIt) {
  auto world = ToyWorld(1);
  world->SetMachine(kN1, HandOver(1, Const(Milliseconds(5))));
  As(*world, kN1).HandOver(1, 10);
  world->Crash(kN1, CrashKind::kKill);
  world->Restart(kN1);
  As(*world, kN1).HandOver(1, 11);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "5ms task 1 11"}));
}

TEST(Work, InputsWaitUntilItIsDone) {
  auto world = ConnectedToys();
  Host n2 = As(*world, kN2);
  EXPECT_FALSE(n2.working());
  n2.SetTimer({.name = 1}, Milliseconds(2));
  SendText(*world, kN1, kC1, "a");
  n2.Work(Milliseconds(5));
  EXPECT_TRUE(n2.working());
  world->RunUntil(At(Milliseconds(14)));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  world->RunUntil(At(Milliseconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"15ms worked", "15ms received a", "15ms timer 1"}));
  EXPECT_FALSE(n2.working());
}

TEST(Work, WhatWaitsForItIsMeasured) {
  auto world = ConnectedToys();
  As(*world, kN2).SetTimer({.name = 1}, Milliseconds(2));
  SendText(*world, kN1, kC1, "a");
  As(*world, kN2).Work(Milliseconds(5));
  world->RunUntil(At(Milliseconds(14)));
  const QueueUse meanwhile = world->InputQueue(kN2);  // Since 11 ms, and since 12 ms.
  EXPECT_EQ(meanwhile.longest(), 2u);
  EXPECT_EQ(meanwhile.waited(), static_cast<uint64_t>(Milliseconds(5).nanoseconds));
  world->RunUntil(At(Milliseconds(20)));
  EXPECT_EQ(world->InputQueue(kN2).waited(), static_cast<uint64_t>(Milliseconds(7).nanoseconds));
  EXPECT_EQ(world->InputQueue(kN1).longest(), 0u);
}

TEST(Work, GoesOnWhileTheProcessIsPausedAndIsToldFirst) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a");
  As(*world, kN2).Work(Milliseconds(5));
  world->Pause(kN2);
  world->RunUntil(At(Milliseconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  world->Resume(kN2);
  world->RunUntil(At(Milliseconds(30)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"20ms worked", "20ms received a"}));
}

TEST(Work, OutlastsAPause) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a");
  As(*world, kN2).Work(Milliseconds(15));
  world->Pause(kN2);
  world->RunUntil(At(Milliseconds(12)));
  world->Resume(kN2);
  world->RunUntil(At(Milliseconds(30)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"25ms worked", "25ms received a"}));
}

TEST(Work, EndsWithTheProcess) {
  auto world = ToyWorld(1);
  As(*world, kN1).Work(Milliseconds(5));
  world->Crash(kN1, CrashKind::kKill);
  world->Restart(kN1);
  As(*world, kN1).SetTimer({.name = 1}, Milliseconds(1));
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "1ms timer 1"}));
}

TEST(Work, CostsWhatTheProfileSays) {
  auto world = ToyWorld(1);
  MachineProfile machine;
  machine.work[3] = Const(Milliseconds(7));
  world->SetMachine(kN1, machine);
  EXPECT_EQ(As(*world, kN1).CostOf(3), Milliseconds(7));
  EXPECT_EQ(As(*world, kN1).CostOf(2), zab::Duration{});
}

TEST(Start, TakesItsTimeAndRefusesUntilThen) {
  auto world = ConnectedToys();
  MachineProfile machine;
  machine.start = Const(Milliseconds(500));
  world->SetMachine(kN2, machine);
  world->Crash(kN2, CrashKind::kPower);
  world->Restart(kN2);
  EXPECT_TRUE(world->Signal(kN2, 7));  // It waits.
  As(*world, kN1).Connect(kC2, kN2, kToyPort);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"12ms connect-failed 2"}));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"510ms start", "510ms signal 7"}));
}

MachineProfile ResetAfter(const Distribution& delay) {
  MachineProfile machine;
  machine.reset = delay;
  return machine;
}

TEST(Reset, ComesAfterItsTime) {
  auto world = ConnectedToys();
  world->SetMachine(kN1, ResetAfter(Const(Milliseconds(12))));
  world->Crash(kN1, CrashKind::kKill);
  // Nobody reads this any more, and nobody refuses it either.
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "late");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"23ms closed a1"}));
}

TEST(Reset, IsDrawnForEachConnection) {
  auto world = ConnectedToys();
  As(*world, kN3).Connect(kC1, kN1, kToyPort);
  world->RunUntil(At(Milliseconds(20)));
  for (const NodeId node : {kN2, kN3}) LogOf(*world, node);
  world->SetMachine(kN1, ResetAfter(Exp(Milliseconds(12), Milliseconds(12))));
  world->Crash(kN1, CrashKind::kKill);
  world->RunUntil(At(Seconds(1)));
  const Lines n2 = LogOf(*world, kN2);
  const Lines n3 = LogOf(*world, kN3);
  ASSERT_EQ(n2.size(), 1);
  ASSERT_EQ(n3.size(), 1);
  EXPECT_NE(n2[0].substr(0, n2[0].find(' ')), n3[0].substr(0, n3[0].find(' ')));
}

TEST(Reset, APowerLossPutsAnEndToIt) {
  auto world = ConnectedToys();
  world->SetMachine(kN1, ResetAfter(Const(Milliseconds(12))));
  world->Crash(kN1, CrashKind::kKill);
  world->RunUntil(At(Milliseconds(15)));
  EXPECT_TRUE(world->Crash(kN1, CrashKind::kPower));
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
}

TEST(Reset, DoesNotTouchConnectionsOfTheNextProcess) {
  auto world = ConnectedToys();
  world->SetMachine(kN1, ResetAfter(Const(Milliseconds(12))));
  world->Crash(kN1, CrashKind::kKill);
  world->Restart(kN1);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"13ms accepted a2 from 1", "23ms closed a1"}));
}

TEST(Machine, AClonedWorldContinuesTheSame) {
  auto world = ConnectedToys();
  MachineProfile machine = HandOver(1, Exp({}, Milliseconds(5)));
  machine.reset = Exp({}, Milliseconds(12));
  world->SetMachine(kN1, machine);
  for (uint64_t i = 1; i <= 5; ++i) As(*world, kN1).HandOver(1, i);
  As(*world, kN1).Work(Milliseconds(2));
  const auto clone = world->Clone();
  for (World* each : {world.get(), clone.get()}) {
    each->RunUntil(At(Milliseconds(40)));
    each->Crash(kN1, CrashKind::kKill);
    each->RunUntil(At(Seconds(1)));
  }
  EXPECT_EQ(LogOf(*clone, kN2), LogOf(*world, kN2));
  EXPECT_EQ(clone->trace().hash(), world->trace().hash());
}

}  // namespace
}  // namespace machine_test
}  // namespace sim
