#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"
#include "sim/world.h"

namespace sim {
namespace random_faults_test {
namespace {

using zab::Milliseconds;
using zab::Seconds;

constexpr int kNodes = 4;
constexpr uint32_t kSendTimer = 1;
constexpr uint32_t kConnectTimer = 2;

// Connects to the next node whenever it is not connected, and sends 1, 2, 3, ... on each
// connection. Whatever happens, the numbers it receives on one connection begin with 1 and have no
// gap, and it is notified of the end of a connection once.
class Counter : public Process {
 public:
  std::unique_ptr<Process> Clone() const override { return std::make_unique<Counter>(*this); }

  void Start(Host& host) override {
    host.Listen(kToyPort);
    host.SetTimer({.name = kSendTimer}, Milliseconds(7));
    Connect(host);
  }
  void OnTimer(TimerKey key, Host& host) override {
    if (key.name == kConnectTimer) return Connect(host);
    host.SetTimer(key, Milliseconds(7));
    for (auto& [connection, end] : ends_) {
      const zab::Payload bytes(absl::StrCat(++end.sent));
      host.Emit({.probe = kMsgSent, .number = static_cast<int64_t>(end.sent)});
      host.Send(connection, bytes, end.sent % 3 == 0, kTag);
    }
  }
  void OnAccepted(zab::ConnectionId connection, PortNumber, NodeId, Host&) override {
    ZAB_CHECK(ends_.emplace(connection, End()).second);
  }
  void OnConnected(zab::ConnectionId connection, Host&) override {
    ZAB_CHECK(connection == connecting_);
    ZAB_CHECK(ends_.emplace(connection, End()).second);
  }
  void OnConnectFailed(zab::ConnectionId connection, Host& host) override {
    ZAB_CHECK(connection == connecting_);
    host.SetTimer({.name = kConnectTimer}, Milliseconds(50));
  }
  void OnReceived(zab::ConnectionId connection, const zab::Payload& bytes, Host& host) override {
    End& end = EndOf(connection);
    uint64_t number = 0;
    ZAB_CHECK(absl::SimpleAtoi(bytes.view(), &number));
    ZAB_CHECK(number == end.received + 1) << number << " after " << end.received;
    end.received = number;
    ++received_;
    host.Emit({.probe = kMsgDelivered, .number = static_cast<int64_t>(number)});
    if (number % 200 != 0) return;
    host.Close(connection);
    ends_.erase(connection);
    if (connection == connecting_) host.SetTimer({.name = kConnectTimer}, Milliseconds(50));
  }
  void OnSendDone(zab::ConnectionId connection, Host&) override { EndOf(connection); }
  void OnClosed(zab::ConnectionId connection, Host& host) override {
    EndOf(connection);
    ends_.erase(connection);
    if (connection == connecting_) host.SetTimer({.name = kConnectTimer}, Milliseconds(50));
  }

  uint64_t received() const { return received_; }
  bool connected() const { return ends_.contains(connecting_); }

 private:
  struct End {
    uint64_t sent = 0;
    uint64_t received = 0;
  };
  End& EndOf(zab::ConnectionId connection) {
    const auto found = ends_.find(connection);
    ZAB_CHECK(found != ends_.end()) << "unknown connection " << connection.value;
    return found->second;
  }
  void Connect(Host& host) {
    ++connecting_.value;
    const NodeId next{static_cast<uint16_t>(host.node().value % kNodes + 1)};
    host.Connect(connecting_, next, kToyPort);
  }

  absl::btree_map<zab::ConnectionId, End> ends_;
  zab::ConnectionId connecting_;
  uint64_t received_ = 0;
};

constexpr LinkProfile kWide{
    .latency = Exp(Milliseconds(1), Milliseconds(3)),
    .loss = {1, 20},
    .breaks = LinkBreaks{.mean_every = Seconds(60), .reconnect = Milliseconds(250)}};
constexpr LinkProfile kNarrow{
    .latency = Exp(Milliseconds(1), Milliseconds(3)), .bandwidth = 12'000, .queue = 4};

std::unique_ptr<World> Counters(uint64_t seed, const LinkProfile& link) {
  auto world = std::make_unique<World>(seed, link);
  for (int i = 1; i <= kNodes; ++i) {
    world->Start(world->AddNode(absl::StrCat("n", i),
                                [](NodeId, uint64_t) { return std::make_unique<Counter>(); }));
  }
  return world;
}

// Makes one random change to the world, drawn from `dice`.
void Disturb(World& world, zab::Chooser& dice) {
  const auto below = [&](uint64_t bound) {
    return dice.Below(zab::Stream("disturb"), zab::Entity{}, bound);
  };
  const NodeId node{static_cast<uint16_t>(1 + below(kNodes))};
  const auto other = static_cast<uint16_t>(1 + (node.value + below(kNodes - 1)) % kNodes);
  const LinkId link{node, {other}};
  const CrashKind kind = below(2) == 0 ? CrashKind::kPower : CrashKind::kKill;
  const std::vector<InFlight> policies{InFlight::Keep(), InFlight::Drop(),
                                       InFlight::OnlyTo({{other}})};
  const InFlight& in_flight = policies[below(3)];
  switch (below(13)) {
    case 0: world.Crash(node, kind, in_flight); break;
    case 1:
    case 2: world.Restart(node); break;
    case 3: world.Pause(node); break;
    case 4: world.Resume(node); break;
    case 5: world.Cut({link}); break;
    case 6: world.Cut({link, {link.to, link.from}}); break;
    case 7: world.HealAll(); break;
    case 8: world.Clog(link); break;
    case 9: world.Release(link); break;
    case 10: world.BreakChannel(link); break;
    case 11: world.DelayNext(link, kTag, Milliseconds(300)); break;
    case 12: world.SetDrift(node, static_cast<int32_t>(below(200'001)) - 100'000); break;
    default: break;
  }
}

void Heal(World& world) {
  world.HealAll();
  world.ReleaseAll();
  for (uint16_t i = 1; i <= kNodes; ++i) {
    world.Resume({i});
    world.Restart({i});
  }
}

void RunDisturbed(World& world, zab::Chooser& dice, int disturbances) {
  for (int i = 0; i < disturbances; ++i) {
    const zab::Stream stream("disturb-after");
    const uint64_t after = dice.Below(stream, zab::Entity{}, 1'000'000'000);
    world.RunUntil(world.now() + zab::Nanoseconds(static_cast<int64_t>(after)));
    Disturb(world, dice);
  }
}

TEST(RandomFaults, StreamsStayStreamsAndClonesStayTheSame) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    auto world = Counters(seed, seed % 2 == 0 ? kWide : kNarrow);
    zab::Chooser dice(seed);
    RunDisturbed(*world, dice, 40);
    auto clone = world->Clone();
    zab::Chooser same_dice = dice;
    RunDisturbed(*world, dice, 40);
    RunDisturbed(*clone, same_dice, 40);
    ASSERT_EQ(clone->trace().hash(), world->trace().hash()) << "seed " << seed;
    ASSERT_EQ(clone->event_count(), world->event_count()) << "seed " << seed;
    clone.reset();

    // Once all faults are healed, every node is connected and receives messages from others.
    Heal(*world);
    world->RunUntil(world->now() + Seconds(30));
    std::vector<uint64_t> before;
    for (uint16_t i = 1; i <= kNodes; ++i) {
      before.push_back(static_cast<Counter*>(world->process({i}))->received());
    }
    world->RunUntil(world->now() + Seconds(10));
    for (uint16_t i = 1; i <= kNodes; ++i) {
      const auto* counter = static_cast<Counter*>(world->process({i}));
      EXPECT_GT(counter->received(), before[i - size_t{1}]) << "seed " << seed << " node " << i;
    }
  }
}

}  // namespace
}  // namespace random_faults_test
}  // namespace sim
