// Links with a bandwidth and a short queue.
#include <gtest/gtest.h>

#include "tests/sim/toy_process.h"

namespace sim {
namespace bandwidth_test {
namespace {

using zab::Microseconds;
using zab::Milliseconds;
using zab::Seconds;

constexpr LinkId k12{kN1, kN2};

/// A packet of one byte takes 1 ms, of 42 bytes 2 ms; then 1 ms of latency.
LinkProfile Narrow(std::optional<uint64_t> queue = std::nullopt) {
  return {.bandwidth = (kHeaderSize + 1) * 1000, .queue = queue};
}

TEST(Bandwidth, PacketsAreTransmittedOneAfterAnother) {
  auto world = ConnectedToys();
  world->SetLink(k12, Narrow());
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, std::string(42, 'b'));
  SendText(*world, kN1, kC1, "c");
  world->RunUntil(At(Milliseconds(30)));
  SendText(*world, kN1, kC1, "d");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2),
            (Lines{"12ms received a", absl::StrCat("14ms received ", std::string(42, 'b')),
                   "15ms received c", "32ms received d"}));
}

TEST(Bandwidth, IsSharedByAllConnectionsOfTheLink) {
  auto world = ConnectedToys();
  As(*world, kN1).Connect(kC2, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(20)));
  LogOf(*world, kN1);
  LogOf(*world, kN2);
  world->SetLink(k12, Narrow());
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC2, "b");
  SendText(*world, kN1, kC1, "c");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"22ms received a", "23ms received b", "24ms received c"}));
}

TEST(Bandwidth, TheOtherDirectionHasItsOwn) {
  auto world = ConnectedToys();
  world->SetLink(k12, Narrow());
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "b");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"12ms received a"}));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"11ms received b"}));
}

TEST(Bandwidth, SendDoneComesWithTheLastByte) {
  auto world = ConnectedToys();
  world->SetLink(k12, Narrow());
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b", /*wants_done=*/true);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"12ms send-done 1"}));
}

TEST(Bandwidth, RoundsTheTimeUp) {
  auto world = ConnectedToys();
  world->SetLink(k12, {.bandwidth = int64_t{3} << 30});
  SendText(*world, kN1, kC1, "a");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11.000013ms received a"}));  // 12.7 ns.
}

TEST(Queue, HoldsBackPacketsThatDoNotFit) {
  auto world = ConnectedToys();
  world->SetLink(k12, Narrow(2));
  // "a" is being transmitted, "b" and "c" wait; "d" is sent again after 200 ms, followed by "e".
  for (const char* text : {"a", "b", "c", "d", "e"}) SendText(*world, kN1, kC1, text);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"12ms received a", "13ms received b", "14ms received c",
                                       "212ms received d", "213ms received e"}));
}

TEST(Queue, HasRoomAgainAsPacketsLeaveIt) {
  auto world = ConnectedToys();
  world->SetLink(k12, Narrow(1));
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b");
  world->RunUntil(At(Microseconds(11'000)));  // "b" is being transmitted.
  SendText(*world, kN1, kC1, "c");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"12ms received a", "13ms received b", "14ms received c"}));
}

TEST(Queue, IsEmptyAfterARelease) {
  auto world = ConnectedToys();
  world->SetLink(k12, Narrow(3));
  for (const char* text : {"a", "b", "c"}) SendText(*world, kN1, kC1, text);
  world->Clog(k12);
  world->RunUntil(At(Milliseconds(11)));
  world->Release(k12);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"13ms received a", "14ms received b", "15ms received c"}));
}

TEST(Queue, AConnectionThatNeverGetsThroughBreaks) {
  auto world = ConnectedToys();
  As(*world, kN1).Connect(kC2, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(20)));
  LogOf(*world, kN1);
  LinkProfile profile = Narrow(1);
  profile.bandwidth = 1024;
  world->SetLink(k12, profile);
  SendText(*world, kN1, kC1, std::string(50'000, 'x'));  // About 49 s.
  SendText(*world, kN1, kC1, "waits");
  SendText(*world, kN1, kC2, "too much");
  world->RunUntil(At(Seconds(40)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10.02s closed 2"}));
}

TEST(Bandwidth, AClonedWorldContinuesTheSame) {
  auto world = ConnectedToys();
  world->SetLink(k12, Narrow(2));
  for (const char* text : {"a", "b", "c", "d"}) SendText(*world, kN1, kC1, text);
  const auto clone = world->Clone();
  world->RunUntil(At(Seconds(1)));
  clone->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*clone, kN2), LogOf(*world, kN2));
  EXPECT_EQ(clone->trace().hash(), world->trace().hash());
}

}  // namespace
}  // namespace bandwidth_test
}  // namespace sim
