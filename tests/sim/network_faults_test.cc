#include <gtest/gtest.h>

#include "tests/sim/toy_process.h"

namespace sim {
namespace network_faults_test {
namespace {

using zab::Milliseconds;
using zab::Seconds;

constexpr LinkId k12{kN1, kN2};
constexpr LinkId k21{kN2, kN1};

// ---- Deaths -------------------------------------------------------------------------------------

TEST(Kill, ResetsConnectionsAfterTheDataInFlight) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a");
  world->Crash(kN1, CrashKind::kKill);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received a", "11ms closed a1"}));
}

TEST(Kill, ResetsAreSwallowedByCuts) {
  auto world = ConnectedToys();
  world->Cut({k12});
  world->Crash(kN1, CrashKind::kKill);
  world->RunUntil(At(Seconds(20)));
  world->HealAll();
  world->RunUntil(At(Seconds(40)));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "b");
  world->RunUntil(At(Seconds(50)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"40.002s closed a1"}));
}

TEST(PowerLoss, IsSilent) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a");
  world->Crash(kN1, CrashKind::kPower);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received a"}));
}

TEST(PowerLoss, TheOtherEndBreaksAfterTenSeconds) {
  auto world = ConnectedToys();
  world->Crash(kN1, CrashKind::kPower);
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "a");
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"10.01s closed a1"}));
}

TEST(PowerLoss, TheRestartedMachineAnswersWithAReset) {
  auto world = ConnectedToys();
  world->Crash(kN1, CrashKind::kPower);
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "a");
  world->RunUntil(At(Milliseconds(500)));
  world->Restart(kN1);
  world->RunUntil(At(Seconds(20)));
  // Sent again at 610 ms; the reset takes another millisecond.
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"612ms closed a1"}));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"500ms start"}));
}

TEST(PowerLoss, LosesIncomingPackets) {
  auto world = ConnectedToys();
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "a");
  world->Crash(kN1, CrashKind::kPower);
  world->Restart(kN1);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10ms start"}));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"212ms closed a1"}));
}

// n1 has sent to n2 and n3 when it dies.
void ExpectInFlight(const InFlight& in_flight, CrashKind kind, const Lines& n2, const Lines& n3) {
  auto world = ConnectedToys();
  As(*world, kN1).Connect(kC2, kN3, kToyPort);
  world->RunUntil(At(Milliseconds(20)));
  LogOf(*world, kN3);
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC2, "b");
  EXPECT_TRUE(world->Crash(kN1, kind, in_flight));
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), n2);
  EXPECT_EQ(LogOf(*world, kN3), n3);
}

TEST(InFlight, IsKeptDroppedOrKeptForSome) {
  const Lines a{"21ms received a"};
  const Lines b{"21ms received b"};
  ExpectInFlight(InFlight::Keep(), CrashKind::kPower, a, b);
  ExpectInFlight(InFlight::Drop(), CrashKind::kPower, {}, {});
  ExpectInFlight(InFlight::OnlyTo({kN3}), CrashKind::kPower, {}, b);
  ExpectInFlight(InFlight::OnlyTo({kN3}), CrashKind::kKill, {"21ms closed a1"},
                 {"21ms received b", "21ms closed a1"});
}

TEST(InFlight, PacketsWaitingForRetransmissionDieWithTheirSender) {
  auto world = ConnectedToys();
  world->Cut({k12});
  SendText(*world, kN1, kC1, "a");
  world->Crash(kN1, CrashKind::kPower);
  world->HealAll();
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
}

TEST(Kill, AConnectionThatWasClosedBeforeStillCloses) {
  auto world = ConnectedToys();
  const CutId cut = world->Cut({k12}).id;
  SendText(*world, kN1, kC1, "a");
  As(*world, kN1).Close(kC1);
  world->Crash(kN1, CrashKind::kKill);
  world->Heal(cut);
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"211ms received a", "211ms closed a1"}));
}

TEST(Halt, ResetsLikeAKill) {
  auto world = ConnectedToys();
  As(*world, kN1).Halt(/*reason=*/20);
  EXPECT_FALSE(world->running(kN1));
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms closed a1"}));
}

// ---- Clogs --------------------------------------------------------------------------------------

TEST(Clog, HoldsEverythingUntilTheRelease) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "on the wire");
  EXPECT_TRUE(world->Clog(k12));
  EXPECT_FALSE(world->Clog(k12));
  SendText(*world, kN1, kC1, "a", /*wants_done=*/true);
  As(*world, kN1).Close(kC2);  // Unknown: has no effect.
  world->RunUntil(At(Seconds(60)));
  EXPECT_EQ(LogOf(*world, kN1), Lines{});  // No send-done, no break.
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  EXPECT_TRUE(world->Release(k12));
  EXPECT_FALSE(world->Release(k12));
  world->RunUntil(At(Seconds(70)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"60s send-done 1"}));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"60.001s received on the wire", "60.001s received a"}));
}

TEST(Clog, IsOneWay) {
  auto world = ConnectedToys();
  world->Clog(k12);
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "a");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"11ms received a"}));
}

TEST(Clog, KeepsOrDropsWhatADeadNodeHasSent) {
  for (const bool keep : {true, false}) {
    auto world = ConnectedToys();
    world->Clog(k12);
    SendText(*world, kN1, kC1, "a");
    world->Crash(kN1, CrashKind::kKill, keep ? InFlight::Keep() : InFlight::Drop());
    world->RunUntil(At(Seconds(1)));
    EXPECT_EQ(LogOf(*world, kN2), Lines{});
    EXPECT_TRUE(world->ReleaseAll());
    EXPECT_FALSE(world->ReleaseAll());
    world->RunUntil(At(Seconds(2)));
    EXPECT_EQ(LogOf(*world, kN2), keep ? (Lines{"1.001s received a", "1.001s closed a1"})
                                       : (Lines{"1.001s closed a1"}));
  }
}

// Packets of a dead node are not sent again: after the first loss, everything is lost.
TEST(Clog, LeavesNoGapInWhatADeadNodeHasSent) {
  std::vector<int> seen(4);
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    auto world = ConnectedToys({}, seed);
    world->Clog(k12);
    for (const char* text : {"a", "b", "c"}) SendText(*world, kN1, kC1, text);
    world->Crash(kN1, CrashKind::kPower);
    world->SetLink(k12, {.loss = {1, 2}});
    world->Release(k12);
    world->RunUntil(At(Seconds(20)));
    Lines expected{"11ms received a", "11ms received b", "11ms received c"};
    const Lines received = LogOf(*world, kN2);
    expected.resize(received.size());
    EXPECT_EQ(received, expected);
    ++seen.at(received.size());
  }
  for (const int count : seen) EXPECT_GT(count, 0);
}

// The next process numbers its connections from 1 again.
TEST(Clog, NotifiesNoLaterProcessOfASendDone) {
  auto world = ConnectedToys();
  world->Clog(k12);
  SendText(*world, kN1, kC1, "a", /*wants_done=*/true);
  world->Crash(kN1, CrashKind::kPower);
  world->Restart(kN1);
  As(*world, kN1).Connect(kC1, kN3, kToyPort);
  world->Release(k12);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10ms start", "12ms connected 1"}));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received a"}));
}

// A clog takes precedence over a cut: it stops the retransmission timer.
TEST(Clog, OverACut) {
  auto world = ConnectedToys();
  world->Cut({k12});
  SendText(*world, kN1, kC1, "a");
  world->Clog(k12);
  world->RunUntil(At(Seconds(60)));
  EXPECT_EQ(LogOf(*world, kN1), Lines{});
  world->Release(k12);
  world->RunUntil(At(Seconds(61)));
  world->HealAll();
  world->RunUntil(At(Seconds(65)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"61.401s received a"}));
}

// ---- Breaks -------------------------------------------------------------------------------------

TEST(BreakChannel, ClosesBothEndsAndLosesTheRestFromSomePointOn) {
  std::vector<int> seen(4);
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    auto world = ConnectedToys({}, seed);
    for (const char* text : {"a", "b", "c"}) SendText(*world, kN1, kC1, text);
    EXPECT_TRUE(world->BreakChannel(k21));
    SendText(*world, kN1, kC1, "lost");  // It does not know yet.
    world->RunUntil(At(Seconds(20)));
    EXPECT_EQ(LogOf(*world, kN1), (Lines{"11ms closed 1"}));
    Lines all{"11ms received a", "11ms received b", "11ms received c"};
    const Lines received = LogOf(*world, kN2);
    ASSERT_GE(received.size(), 1u);
    ASSERT_LE(received.size(), 4u);
    all.resize(received.size() - 1);
    all.push_back("11ms closed a1");
    EXPECT_EQ(received, all);
    ++seen[received.size() - 1];
    EXPECT_FALSE(world->BreakChannel(k12));
  }
  for (const int count : seen) EXPECT_GT(count, 0);
}

TEST(BreakChannel, DuringACutAnEndStaysHalfOpen) {
  auto world = ConnectedToys();
  world->Cut({k12});
  EXPECT_TRUE(world->BreakChannel(k12));
  world->RunUntil(At(Seconds(5)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"11ms closed 1"}));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  world->HealAll();
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "b");
  world->RunUntil(At(Seconds(6)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"5.002s closed a1"}));
}

// What the break leaves unsent is still sent, so that a sender that waits for its last byte to
// leave does not wait for ever.
TEST(BreakChannel, DuringACutASenderLearnsOfItFromItsRetries) {
  auto world = ConnectedToys();
  world->Cut({k12});
  world->Cut({k21});
  SendText(*world, kN1, kC1, "never arrives");
  EXPECT_TRUE(world->BreakChannel(k12));
  world->RunUntil(At(Seconds(3)));
  EXPECT_EQ(LogOf(*world, kN1), Lines{});
  world->HealAll();
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"3.012s closed 1"}));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"3.011s closed a1"}));
}

TEST(BreakChannel, EndsAPendingConnect) {
  auto world = ToyWorld(2);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  EXPECT_TRUE(world->BreakChannel(k12));
  world->RunUntil(At(Seconds(20)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "1ms connect-failed 1"}));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"0s start"}));
}

TEST(LinkBreaks, OccurAtRandomAndRefuseConnectsForAWhile) {
  auto world = ToyWorld(
      2, {.breaks = LinkBreaks{.mean_every = Seconds(10), .reconnect = Milliseconds(250)}});
  int breaks = 0;
  int refused = 0;
  uint64_t next = 1;
  As(*world, kN1).Connect({next}, kN2, kToyPort);
  for (int i = 0; i < 10'000; ++i) {  // 1000 s.
    world->RunUntil(world->now() + Milliseconds(100));
    for (const std::string& line : LogOf(*world, kN1)) {
      const bool closed = line.find("closed") != std::string::npos;
      const bool failed = line.find("connect-failed") != std::string::npos;
      if (closed) ++breaks;
      if (failed) ++refused;
      if (closed || failed) As(*world, kN1).Connect({++next}, kN2, kToyPort);
    }
  }
  // Each direction breaks every 10 s: 200 breaks, and at most two connects are refused each time.
  EXPECT_GT(breaks, 150);
  EXPECT_LT(breaks, 250);
  EXPECT_GT(refused, breaks);
  EXPECT_LE(refused, 3 * breaks);
}

}  // namespace
}  // namespace network_faults_test
}  // namespace sim
