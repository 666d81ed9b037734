#include "sim/network.h"

#include <gtest/gtest.h>

#include "tests/sim/toy_process.h"

namespace sim {
namespace network_test {
namespace {

using zab::Milliseconds;
using zab::Seconds;

constexpr LinkId k12{kN1, kN2};
constexpr LinkId k21{kN2, kN1};
constexpr PortNumber kOtherPort = 0;

LinkProfile Latency(Distribution latency) {
  return {.latency = latency};
}

// ---- Connecting ---------------------------------------------------------------------------------

TEST(Connect, TakesOneRoundTrip) {
  auto world = ToyWorld(2);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "2ms connected 1"}));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"0s start", "3ms accepted a1 from 1"}));
}

TEST(Connect, AcceptedConnectionsAreNumberedPerProcess) {
  auto world = ToyWorld(3);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(5)));
  As(*world, kN3).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(10)));
  EXPECT_EQ(LogOf(*world, kN2),
            (Lines{"0s start", "3ms accepted a1 from 1", "8ms accepted a2 from 3"}));
  world->Crash(kN2, CrashKind::kKill);
  world->Restart(kN2);
  world->RunUntil(At(Milliseconds(20)));
  As(*world, kN3).Connect(kC2, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(30)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"10ms start", "23ms accepted a1 from 3"}));
}

TEST(Connect, IsRefusedWithoutAListener) {
  auto world = ToyWorld(2);
  As(*world, kN1).Connect(kC1, kN2, kOtherPort);
  As(*world, kN2).Unlisten(kToyPort);
  As(*world, kN1).Connect(kC2, kN2, kToyPort);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1),
            (Lines{"0s start", "2ms connect-failed 1", "2ms connect-failed 2"}));
}

TEST(Connect, IsRefusedByAMachineWhoseProcessWasKilled) {
  auto world = ToyWorld(2);
  world->Crash(kN2, CrashKind::kKill);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "2ms connect-failed 1"}));
}

TEST(Connect, TimesOutWhereNothingAnswers) {
  auto world = ToyWorld(2);
  world->Crash(kN2, CrashKind::kPower);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "5s connect-failed 1"}));
}

TEST(Connect, IsRepeatedUntilTheMachineAnswers) {
  auto world = ToyWorld(2);
  world->Crash(kN2, CrashKind::kPower);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Seconds(1)));
  world->Restart(kN2);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "1.402s connected 1"}));
}

TEST(Connect, CanBeCancelled) {
  auto world = ToyWorld(2);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(1)));
  As(*world, kN1).Close(kC1);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start"}));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"0s start"}));  // The handshake was never completed.
}

// ---- Order --------------------------------------------------------------------------------------

TEST(Stream, KeepsTheOrderWhateverTheLatency) {
  auto world = ConnectedToys(Latency(Uniform(Milliseconds(1), Milliseconds(50))));
  world->RunUntil(At(Seconds(1)));
  LogOf(*world, kN2);
  std::vector<std::string> sent;
  for (int i = 0; i < 50; ++i) {
    sent.push_back(absl::StrCat(i));
    SendText(*world, kN1, kC1, sent.back());
    world->RunUntil(world->now() + Milliseconds(1));
  }
  world->RunUntil(At(Seconds(5)));
  std::vector<std::string> received;
  for (const std::string& line : LogOf(*world, kN2)) {
    received.push_back(line.substr(line.rfind(' ') + 1));
  }
  EXPECT_EQ(received, sent);
}

TEST(Stream, ASlowPacketDelaysTheNextOne) {
  auto world = ConnectedToys();
  world->DelayNext(k12, kTag, Milliseconds(100));
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b", false, kTag);
  SendText(*world, kN1, kC1, "c", false, kTag);
  world->RunUntil(At(Seconds(1)));
  SendText(*world, kN1, kC1, "d", false, kTag);
  world->RunUntil(At(Seconds(2)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received a", "111ms received b", "111ms received c",
                                       "1.001s received d"}));
}

TEST(Stream, LossKeepsOrderAndLosesNothing) {
  auto world = ConnectedToys({.latency = Const(Milliseconds(1)), .loss = {1, 3}}, 5);
  world->RunUntil(At(Seconds(10)));
  LogOf(*world, kN2);
  std::vector<std::string> sent;
  for (int i = 0; i < 100; ++i) {
    sent.push_back(absl::StrCat(i));
    SendText(*world, kN1, kC1, sent.back());
    world->RunUntil(world->now() + Milliseconds(100));
  }
  world->RunUntil(At(Seconds(200)));
  std::vector<std::string> received;
  for (const std::string& line : LogOf(*world, kN2)) {
    received.push_back(line.substr(line.rfind(' ') + 1));
  }
  EXPECT_EQ(received, sent);
}

TEST(Stream, SendDoneComesWhenThePacketHasLeft) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a", /*wants_done=*/true);
  SendText(*world, kN1, kC1, "b");
  world->RunUntil(At(Milliseconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10ms send-done 1"}));
  const CutId cut = world->Cut({k12}).id;
  SendText(*world, kN1, kC1, "c", /*wants_done=*/true);
  world->RunUntil(At(Milliseconds(100)));
  world->Heal(cut);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"220ms send-done 1"}));
}

// ---- Cuts ---------------------------------------------------------------------------------------

TEST(Cut, RetransmitsAfter200MillisecondsDoublingAndBreaksAfterTenSeconds) {
  for (const int64_t healed_at : {0, 200, 201, 600, 1400, 3000, 6000, 9000}) {
    auto world = ConnectedToys();
    const CutId cut = world->Cut({k12}).id;
    SendText(*world, kN1, kC1, "a");
    const zab::Time sent = world->now();
    world->RunUntil(sent + Milliseconds(healed_at) - zab::Nanoseconds(healed_at == 0 ? 0 : 1));
    world->Heal(cut);
    world->RunUntil(At(Seconds(30)));
    int64_t attempt = 0;
    for (const int64_t at : {200, 600, 1400, 3000, 6000, 9000}) {
      if (at >= healed_at && attempt == 0) attempt = at;
    }
    EXPECT_EQ(LogOf(*world, kN2),
              (Lines{ToString(sent + Milliseconds(attempt + 1)) + " received a"}))
        << healed_at;
  }
}

TEST(Cut, BreaksTheSendersEndAfterTenSecondsAndLeavesTheOtherHalfOpen) {
  auto world = ConnectedToys();
  world->Cut({k12, k21});
  SendText(*world, kN1, kC1, "a");
  world->RunUntil(At(Seconds(30)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10.01s closed 1"}));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  world->HealAll();
  world->RunUntil(At(Seconds(40)));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});  // Half open: it is not notified.
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "b");
  world->RunUntil(At(Seconds(50)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"40.002s closed a1"}));
}

TEST(Cut, LosesPacketsOnTheWire) {
  auto world = ConnectedToys(Latency(Const(Milliseconds(1))));
  SendText(*world, kN1, kC1, "a");
  world->RunUntil(At(zab::Microseconds(10'500)));
  SendText(*world, kN1, kC1, "b");
  const CutId cut = world->Cut({k12}).id;
  world->RunUntil(At(Milliseconds(100)));
  world->Heal(cut);
  world->RunUntil(At(Seconds(1)));
  // Both are sent again 200 ms after "a" was first sent.
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"211ms received a", "211ms received b"}));
}

TEST(Cut, AOneWayCutAffectsOneDirection) {
  auto world = ConnectedToys();
  world->Cut({k12});
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "b");
  world->RunUntil(At(Milliseconds(100)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"11ms received b"}));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
}

TEST(Cut, OverlappingCutsAreCounted) {
  auto world = ConnectedToys();
  const World::CutResult first = world->Cut({k12, k21});
  const World::CutResult second = world->Cut({k12});
  EXPECT_TRUE(first.effective);
  EXPECT_FALSE(second.effective);
  EXPECT_TRUE(world->Heal(first.id));  // Opens k21.
  EXPECT_FALSE(world->Heal(first.id));
  EXPECT_TRUE(world->network().IsCut(k12));
  EXPECT_FALSE(world->network().IsCut(k21));
  EXPECT_TRUE(world->HealAll());
  EXPECT_FALSE(world->HealAll());
  EXPECT_FALSE(world->network().IsCut(k12));
}

TEST(Cut, SettingsOfTheLinkCount) {
  auto world = ConnectedToys();
  EXPECT_TRUE(
      world->SetLink(k12, {.rto_max = Milliseconds(300), .break_after = Milliseconds(1000)}));
  world->Cut({k12});
  SendText(*world, kN1, kC1, "a");
  world->RunUntil(At(Seconds(30)));
  // The reset takes the direction that is cut.
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"1.01s closed 1"}));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
}

// ---- Closing ------------------------------------------------------------------------------------

TEST(Close, ArrivesAfterWhatWasSent) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a");
  As(*world, kN1).Close(kC1);
  SendText(*world, kN1, kC1, "b");  // Too late.
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "unread");
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received a", "11ms closed a1"}));
  EXPECT_EQ(LogOf(*world, kN1), Lines{});
}

TEST(Close, IsRepeatedThroughACut) {
  auto world = ConnectedToys();
  const CutId cut = world->Cut({k12}).id;
  As(*world, kN1).Close(kC1);
  world->RunUntil(At(Milliseconds(500)));
  world->Heal(cut);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"611ms closed a1"}));
}

TEST(Close, FromBothEndsNotifiesNeither) {
  auto world = ConnectedToys();
  As(*world, kN1).Close(kC1);
  As(*world, kN2).Close(ToyOf(*world, kN2).accepted());
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), Lines{});
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
}

}  // namespace
}  // namespace network_test
}  // namespace sim
