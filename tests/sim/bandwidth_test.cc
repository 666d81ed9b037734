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

void ExpectUse(const LinkUse& use, uint64_t longest, zab::Duration waited,
               uint64_t retransmissions) {
  EXPECT_EQ(use.queue.longest(), longest);
  EXPECT_EQ(use.queue.waited(), static_cast<uint64_t>(waited.nanoseconds));
  EXPECT_EQ(use.retransmissions, retransmissions);
}

TEST(LinkUse, AMessageWaitsUntilItsLastByteIsTransmitted) {
  auto world = ConnectedToys();
  ExpectUse(world->network().use(k12), 0, {}, 0);
  world->SetLink(k12, Narrow());
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, std::string(42, 'b'));
  SendText(*world, kN1, kC1, "c");
  world->RunUntil(At(Seconds(1)));
  ExpectUse(world->network().use(k12), 3, Milliseconds(1 + 3 + 4), 0);
}

TEST(LinkUse, AMessageOfSeveralSegmentsIsOne) {
  auto world = ConnectedToys();
  world->SetLink(k12, {.bandwidth = kHeaderSize + kSegmentSize});
  SendText(*world, kN1, kC1, std::string(3 * kSegmentSize, 'a'));
  world->RunUntil(At(Seconds(9)));
  ExpectUse(world->network().use(k12), 1, Seconds(3), 0);
}

TEST(LinkUse, WhatFollowsALostPacketWaitsForIt) {
  auto world = ConnectedToys();
  const CutId cut = world->Cut({k12}).id;
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b");
  world->Heal(cut);
  world->RunUntil(At(Seconds(1)));
  ExpectUse(world->network().use(k12), 2, Milliseconds(200 + 200), 1);
}

TEST(LinkUse, APacketThatIsLostOnTheWireWaitsAgain) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a");
  const CutId cut = world->Cut({k12}).id;
  world->RunUntil(At(Milliseconds(20)));
  world->Heal(cut);
  world->RunUntil(At(Seconds(1)));
  ExpectUse(world->network().use(k12), 0, Milliseconds(200), 1);
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
  profile.bandwidth = 30;
  world->SetLink(k12, profile);
  SendText(*world, kN1, kC1, std::string(kSegmentSize, 'x'));  // 50 s.
  SendText(*world, kN1, kC1, "waits");
  SendText(*world, kN1, kC2, "too much");
  world->RunUntil(At(Seconds(40)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10.02s closed 2"}));
}

/// A whole segment takes 10 ms.
LinkProfile TenMilliseconds() {
  return {.bandwidth = (kHeaderSize + static_cast<int64_t>(kSegmentSize)) * 100};
}

/// What n2 has received, as "<time> <count> bytes".
Lines ReceivedSizes(World& world) {
  Lines sizes;
  for (const std::string& line : LogOf(world, kN2)) {
    const size_t text = line.find(" received ");
    if (text == std::string::npos) continue;
    sizes.push_back(absl::StrCat(line.substr(0, text), " ", line.size() - text - 10, " bytes"));
  }
  return sizes;
}

TEST(Segments, OfAMessageArriveOneByOne) {
  auto world = ConnectedToys();
  world->SetLink(k12, TenMilliseconds());
  SendText(*world, kN1, kC1, std::string(2 * kSegmentSize + 110, 'x'), /*wants_done=*/true);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(ReceivedSizes(*world), (Lines{"21ms 1460 bytes", "31ms 1460 bytes", "32ms 110 bytes"}));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"31ms send-done 1"}));  // With the last byte.
}

TEST(Segments, TogetherAreTheMessage) {
  auto world = ConnectedToys();
  world->SetLink(k12, TenMilliseconds());
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += static_cast<char>('a' + i % 23);
  SendText(*world, kN1, kC1, text);
  SendText(*world, kN1, kC1, "behind");
  world->RunUntil(At(Seconds(1)));
  std::string received;
  for (const std::string& line : LogOf(*world, kN2)) {
    received += line.substr(line.find("received ") + 9);
  }
  EXPECT_EQ(received, text + "behind");
}

TEST(Segments, AreForNarrowLinksOnly) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, std::string(100'000, 'x'));
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(ReceivedSizes(*world), (Lines{"11ms 100000 bytes"}));
}

TEST(Segments, TheRestOfAMessageIsWholeOnceTheLinkIsWide) {
  auto world = ConnectedToys();
  world->SetLink(k12, TenMilliseconds());
  SendText(*world, kN1, kC1, std::string(20 * kSegmentSize, 'x'));
  world->SetLink(k12, {});
  world->RunUntil(At(Seconds(1)));
  const Lines sizes = ReceivedSizes(*world);
  ASSERT_EQ(sizes.size(), 13);  // The send buffer holds 11 segments, and one waited.
  EXPECT_EQ(sizes.back(), "121ms 11680 bytes");
}

TEST(Segments, ADelayIsOfTheMessage) {
  auto world = ConnectedToys();
  world->SetLink(k12, TenMilliseconds());
  SendText(*world, kN1, kC1, std::string(2 * kSegmentSize, 'x'), false, kTag);
  world->DelayNext(k12, std::nullopt, Milliseconds(100));
  SendText(*world, kN1, kC1, std::string(2 * kSegmentSize, 'y'), false, kTag);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(ReceivedSizes(*world),
            (Lines{"21ms 1460 bytes", "31ms 1460 bytes", "141ms 1460 bytes", "141ms 1460 bytes"}));
}

TEST(Segments, ALostOneIsSentAgain) {
  auto world = ConnectedToys();
  world->SetLink(k12, TenMilliseconds());
  SendText(*world, kN1, kC1, std::string(4 * kSegmentSize, 'x'));
  world->RunUntil(At(Milliseconds(35)));  // Two have arrived.
  const CutId cut = world->Cut({k12}).id;
  world->Heal(cut);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(ReceivedSizes(*world),
            (Lines{"21ms 1460 bytes", "31ms 1460 bytes", "221ms 1460 bytes", "231ms 1460 bytes"}));
}

TEST(Segments, AMessageMayEndInTheMiddle) {
  auto world = ConnectedToys();
  world->SetLink(k12, TenMilliseconds());
  SendText(*world, kN1, kC1, std::string(30 * kSegmentSize, 'x'));
  world->RunUntil(At(Milliseconds(35)));
  world->Crash(kN1, CrashKind::kKill);
  world->RunUntil(At(Seconds(1)));
  const Lines log = LogOf(*world, kN2);
  // Two have arrived, and eleven are in the send buffer.
  EXPECT_EQ(log.size(), 14);
  EXPECT_EQ(log.back(), "141.266667ms closed a1");
}

TEST(SendBuffer, HoldsBackWhatDoesNotFit) {
  auto world = ConnectedToys();
  As(*world, kN1).Connect(kC2, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(20)));
  LogOf(*world, kN2);
  world->SetLink(k12, TenMilliseconds());
  SendText(*world, kN1, kC1, std::string(100 * kSegmentSize, 'x'));
  // Eleven segments are under way; the connection's 89 others do not hold up this one.
  SendText(*world, kN1, kC2, std::string(kSegmentSize, 'y'));
  world->RunUntil(At(Milliseconds(20) + Milliseconds(10) * 12 + Milliseconds(1)));
  EXPECT_EQ(LogOf(*world, kN2).back(),
            absl::StrCat("141ms received ", std::string(kSegmentSize, 'y')));
  world->RunUntil(At(Seconds(2)));
  EXPECT_EQ(ReceivedSizes(*world).back(), "1.031s 1460 bytes");
}

TEST(SendBuffer, IsPassedByTheEndOfAConnection) {
  auto world = ConnectedToys();
  world->SetLink(k12, TenMilliseconds());
  SendText(*world, kN1, kC1, std::string(20 * kSegmentSize, 'x'));
  As(*world, kN1).Close(kC1);  // Everything that was sent before still arrives.
  world->RunUntil(At(Seconds(1)));
  const Lines log = LogOf(*world, kN2);
  EXPECT_EQ(log.size(), 21);
  EXPECT_EQ(log.back(), "211.266667ms closed a1");
}

TEST(SendBuffer, IsHeldByAClogAsAWhole) {
  auto world = ConnectedToys();
  world->SetLink(k12, TenMilliseconds());
  SendText(*world, kN1, kC1, std::string(20 * kSegmentSize, 'x'));
  world->Clog(k12);
  world->RunUntil(At(Milliseconds(110)));
  world->Release(k12);
  world->RunUntil(At(Seconds(1)));
  const Lines sizes = ReceivedSizes(*world);
  ASSERT_EQ(sizes.size(), 20);
  EXPECT_EQ(sizes.front(), "121ms 1460 bytes");
  EXPECT_EQ(sizes.back(), "311ms 1460 bytes");
}

TEST(NodeBandwidth, EgressIsSharedByAllLinks) {
  auto world = ConnectedToys();
  As(*world, kN1).Connect(kC2, kN3, kToyPort);
  world->RunUntil(At(Milliseconds(20)));
  for (const NodeId node : {kN2, kN3}) LogOf(*world, node);
  world->SetBandwidth(kN1, {.egress = Narrow().bandwidth});
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC2, "b");
  SendText(*world, kN1, kC1, "c", /*wants_done=*/true);
  SendText(*world, kN2, ToyOf(*world, kN2).accepted(), "back");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"22ms received a", "24ms received c"}));
  EXPECT_EQ(LogOf(*world, kN3), (Lines{"23ms received b"}));
  EXPECT_EQ(LogOf(*world, kN1).back(), "23ms send-done 1");
}

TEST(NodeBandwidth, IngressIsSharedByAllLinks) {
  auto world = ConnectedToys();
  As(*world, kN3).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(20)));
  LogOf(*world, kN2);
  world->SetBandwidth(kN2, {.ingress = Narrow().bandwidth});
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN3, kC1, "b");
  SendText(*world, kN1, kC1, "c");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"22ms received a", "23ms received b", "24ms received c"}));
}

TEST(NodeBandwidth, APacketPassesEgressLinkAndIngressOneAfterTheOther) {
  auto world = ConnectedToys();
  world->SetBandwidth(kN1, {.egress = Narrow().bandwidth});
  world->SetLink(k12, Narrow());
  world->SetBandwidth(kN2, {.ingress = Narrow().bandwidth});
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"14ms received a", "15ms received b"}));
}

TEST(NodeBandwidth, MessagesComeInSegments) {
  auto world = ConnectedToys();
  world->SetBandwidth(kN2, {.ingress = TenMilliseconds().bandwidth});
  SendText(*world, kN1, kC1, std::string(2 * kSegmentSize, 'x'), /*wants_done=*/true);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(ReceivedSizes(*world), (Lines{"21ms 1460 bytes", "31ms 1460 bytes"}));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"30ms send-done 1"}));
}

TEST(Bandwidth, AClonedWorldContinuesTheSame) {
  auto world = ConnectedToys();
  world->SetLink(k12, Narrow(2));
  for (const char* text : {"a", "b", "c", "d"}) SendText(*world, kN1, kC1, text);
  SendText(*world, kN1, kC1, std::string(20 * kSegmentSize, 'x'));
  const auto clone = world->Clone();
  world->RunUntil(At(Seconds(1)));
  clone->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*clone, kN2), LogOf(*world, kN2));
  EXPECT_EQ(clone->trace().hash(), world->trace().hash());
}

}  // namespace
}  // namespace bandwidth_test
}  // namespace sim
