// Datagrams are lost permanently, duplicated and reordered; connections open and close as usual.
#include <gtest/gtest.h>

#include <set>

#include "tests/sim/toy_process.h"

namespace sim {
namespace datagrams_test {
namespace {

using zab::Milliseconds;
using zab::Seconds;

constexpr LinkId k12{kN1, kN2};
constexpr LinkId k21{kN2, kN1};

LinkProfile Datagrams() {
  return {.transport = Transport::kDatagram};
}

/// Sends 0, 1, ... a millisecond apart; returns what n2 received, in order.
std::vector<int> Received(World& world, int count) {
  for (int i = 0; i < count; ++i) {
    SendText(world, kN1, kC1, absl::StrCat(i));
    world.RunUntil(world.now() + Milliseconds(1));
  }
  world.RunUntil(world.now() + Seconds(60));
  std::vector<int> received;
  for (const std::string& line : LogOf(world, kN2)) {
    received.push_back(std::stoi(line.substr(line.rfind(' ') + 1)));
  }
  return received;
}

TEST(Datagrams, ArriveOnceAndInOrderOnAGoodLink) {
  auto world = ConnectedToys(Datagrams());
  const std::vector<int> received = Received(*world, 100);
  EXPECT_EQ(received.size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(received));
}

TEST(Datagrams, AreLostPermanently) {
  auto world = ConnectedToys();
  LinkProfile profile = Datagrams();
  profile.loss = {1, 4};
  world->SetLink(k12, profile);
  const std::vector<int> received = Received(*world, 400);
  EXPECT_GT(received.size(), 250u);
  EXPECT_LT(received.size(), 350u);
  EXPECT_TRUE(std::ranges::is_sorted(received));  // Later ones do not wait.
}

TEST(Datagrams, AreDuplicated) {
  auto world = ConnectedToys();
  LinkProfile profile = Datagrams();
  profile.dup = {1, 4};
  world->SetLink(k12, profile);
  const std::vector<int> received = Received(*world, 400);
  EXPECT_EQ(std::set<int>(received.begin(), received.end()).size(), 400u);
  EXPECT_GT(received.size(), 450u);
  EXPECT_LT(received.size(), 550u);
}

TEST(Datagrams, AreReordered) {
  auto world = ConnectedToys();
  LinkProfile profile = Datagrams();
  profile.latency = Const(Milliseconds(5));
  profile.reorder = {1, 4};
  world->SetLink(k12, profile);
  const std::vector<int> received = Received(*world, 400);
  EXPECT_EQ(received.size(), 400u);
  EXPECT_EQ(std::set<int>(received.begin(), received.end()).size(), 400u);
  int inversions = 0;
  for (size_t i = 1; i < received.size(); ++i) inversions += received[i] < received[i - 1];
  EXPECT_GT(inversions, 40);
}

TEST(Datagrams, ThoseThatAreNotLateKeepTheirOrder) {
  auto world = ConnectedToys();
  LinkProfile profile = Datagrams();
  profile.latency = Uniform(Milliseconds(1), Milliseconds(50));
  world->SetLink(k12, profile);
  EXPECT_TRUE(std::ranges::is_sorted(Received(*world, 200)));
}

TEST(Datagrams, TheNextOneOfAKindIsDroppedOrDuplicated) {
  auto world = ConnectedToys(Datagrams());
  EXPECT_TRUE(world->DropNext(k12, kTag));
  EXPECT_TRUE(world->DupNext(k12, std::nullopt));
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b", true, kTag);
  SendText(*world, kN1, kC1, "c", false, kTag);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received a", "11ms received a", "11ms received c"}));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10ms send-done 1"}));  // It has left the sender.
}

TEST(Datagrams, AReleaseForgetsPendingDropsAndDuplications) {
  auto world = ConnectedToys(Datagrams());
  world->DropNext(k12, std::nullopt);
  EXPECT_TRUE(world->ReleaseAll());
  EXPECT_FALSE(world->ReleaseAll());
  SendText(*world, kN1, kC1, "a");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received a"}));
}

TEST(Datagrams, StreamsDropAndDuplicateNothing) {
  auto world = ConnectedToys();
  EXPECT_FALSE(world->DropNext(k12, std::nullopt));
  EXPECT_FALSE(world->DupNext(k12, std::nullopt));
  SendText(*world, kN1, kC1, "a");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received a"}));
}

TEST(Datagrams, ADelayedOneIsOvertaken) {
  auto world = ConnectedToys(Datagrams());
  world->DelayNext(k12, std::nullopt, Milliseconds(100));
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"11ms received b", "111ms received a"}));
}

TEST(Datagrams, ACutLosesThem) {
  auto world = ConnectedToys(Datagrams());
  SendText(*world, kN1, kC1, "on the wire");
  const CutId cut = world->Cut({k12}).id;
  SendText(*world, kN1, kC1, "into the cut");
  world->RunUntil(At(Milliseconds(100)));
  world->Heal(cut);
  SendText(*world, kN1, kC1, "after it");
  world->RunUntil(At(Seconds(60)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"101ms received after it"}));
}

TEST(Datagrams, AClogHoldsThem) {
  auto world = ConnectedToys(Datagrams());
  SendText(*world, kN1, kC1, "a");
  world->Clog(k12);
  SendText(*world, kN1, kC1, "b");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  world->Release(k12);
  world->RunUntil(At(Seconds(2)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"1.001s received a", "1.001s received b"}));
}

TEST(Datagrams, AFullQueueDropsThem) {
  auto world = ConnectedToys();
  LinkProfile profile = Datagrams();
  profile.bandwidth = (kHeaderSize + 1) * 1000;
  profile.queue = 1;
  world->SetLink(k12, profile);
  for (const char* text : {"a", "b", "c"}) SendText(*world, kN1, kC1, text);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"12ms received a", "13ms received b"}));
}

TEST(Datagrams, ConnectionsOpenAndCloseDespiteLoss) {
  LinkProfile profile = Datagrams();
  profile.loss = {1, 2};
  auto world = ToyWorld(2, profile, 3);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Seconds(20)));
  ASSERT_EQ(LogOf(*world, kN1).size(), 2u);  // Started, connected.
  ASSERT_EQ(LogOf(*world, kN2).size(), 2u);
  SendText(*world, kN1, kC1, "a");
  As(*world, kN1).Close(kC1);
  world->RunUntil(At(Seconds(60)));
  const Lines log = LogOf(*world, kN2);
  ASSERT_FALSE(log.empty());
  EXPECT_TRUE(log.back().ends_with("closed a1")) << log.back();
}

TEST(Datagrams, AClonedWorldContinuesTheSame) {
  auto world = ConnectedToys();
  LinkProfile profile = Datagrams();
  profile.latency = Uniform(Milliseconds(1), Milliseconds(50));
  profile.loss = profile.dup = profile.reorder = {1, 5};
  world->SetLink(k12, profile);
  world->SetLink(k21, profile);
  for (int i = 0; i < 50; ++i) SendText(*world, kN1, kC1, absl::StrCat(i));
  const auto clone = world->Clone();
  world->RunUntil(At(Seconds(10)));
  clone->RunUntil(At(Seconds(10)));
  const Lines log = LogOf(*world, kN2);
  EXPECT_EQ(LogOf(*clone, kN2), log);
  EXPECT_GT(log.size(), 30u);
}

}  // namespace
}  // namespace datagrams_test
}  // namespace sim
