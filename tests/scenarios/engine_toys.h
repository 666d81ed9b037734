// Stand-ins for tests of the engine: servers that serve the client port without ZAB, and scenarios
// built in code.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/base/time.h"
#include "protocol/wire/client_wire.h"
#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/engine/engine.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/numbers.h"
#include "sim/world.h"

namespace scenario::engine_toys {

/// A server that accepts clients or not, and answers requests after a delay or never.
class ToyServer : public sim::Process {
 public:
  struct Behaviour {
    bool refuses = false;
    bool greets = true;
    std::optional<zab::Duration> answers_after = zab::Milliseconds(1);
  };

  ToyServer() = default;
  explicit ToyServer(Behaviour behaviour) : behaviour_(behaviour) {}

  std::unique_ptr<sim::Process> Clone() const override {
    return std::make_unique<ToyServer>(*this);
  }
  void Start(sim::Host& host) override { host.Listen(PortNumberOf(zab::Port::kClient)); }
  void OnReceived(zab::ConnectionId connection, const zab::Payload& bytes,
                  sim::Host& host) override {
    zab::client::FrameDecoder& decoder = decoders_[connection];
    decoder.Feed(bytes.view());
    for (auto frame = decoder.Next(); frame->has_value(); frame = decoder.Next()) {
      if (const auto hello = zab::client::ParseConnectRequest(**frame); hello.ok()) {
        hellos.push_back(hello->last_zxid_seen);
        if (behaviour_.refuses) return host.Close(connection);
        if (!behaviour_.greets) continue;
        host.Send(connection, Encode(zab::client::ConnectResponse{++clients_}), false);
        continue;
      }
      requests.push_back(zab::client::ParseRequest(**frame).value());
      if (!behaviour_.answers_after) continue;
      waiting_.emplace_back(connection, requests.back().cxid);
      host.SetTimer({1, {waiting_.size()}}, *behaviour_.answers_after);
    }
  }
  void OnTimer(sim::TimerKey key, sim::Host& host) override {
    const auto& [connection, cxid] = waiting_[key.connection.value - 1];
    const zab::client::Reply reply{.cxid = cxid, .zxid = {zab::Epoch{1}, ++counter_}};
    host.Send(connection, Encode(reply), false);
  }

  std::vector<zab::Zxid> hellos;
  std::vector<zab::client::Request> requests;

 private:
  Behaviour behaviour_;
  absl::btree_map<zab::ConnectionId, zab::client::FrameDecoder> decoders_;
  std::vector<std::pair<zab::ConnectionId, int32_t>> waiting_;
  int64_t clients_ = 0;
  uint32_t counter_ = 0;
};

/// A server that does nothing.
class IdleServer : public sim::Process {
 public:
  std::unique_ptr<sim::Process> Clone() const override {
    return std::make_unique<IdleServer>(*this);
  }
  void Start(sim::Host& /*host*/) override {}
};

inline sim::ProcessFactory IdleServers(zab::PeerConfig /*config*/,
                                       const zab::Chooser& /*chooser*/) {
  return [](NodeId, uint64_t) { return std::make_unique<IdleServer>(); };
}

/// A scenario with servers n1, n2, ... and an end.
inline Scenario MakeScenario(size_t servers, zab::Time end) {
  Scenario scenario;
  scenario.network.base = LinkProfile{};
  scenario.end.at = end;
  for (size_t i = 1; i <= servers; ++i) scenario.cluster.voters.push_back("n" + std::to_string(i));
  return scenario;
}

inline zab::Time At(zab::Duration since_start) {
  return zab::Time{} + since_start;
}
inline Selector Named(uint16_t node) {
  return {Selector::Node{NodeId{node}}};
}

/// A scenario with idle servers, its engine, and no checkers.
class Stage {
 public:
  explicit Stage(Scenario scenario, uint64_t seed = 1)
      : scenario_(std::make_shared<const Scenario>(std::move(scenario))) {
    BuiltCluster built = BuildCluster(*scenario_, seed, IdleServers);
    world_ = std::move(built.world);
    engine_ = world_->AddObserver(std::make_unique<Engine>(EngineSetup{
        .scenario = scenario_, .healed = built.healed, .liveness_client = built.liveness_client}));
    StartCluster(*world_);
    engine().Begin(*world_, engine_);
  }

  sim::World& world() { return *world_; }
  Engine& engine() { return static_cast<Engine&>(world_->observer(engine_)); }
  const EventState& event(size_t index) { return engine().facts().events[index]; }
  /// Emits a record of a server.
  void Emit(uint16_t node, const TraceEvent& event) {
    world_->Emit(NodeId{node}, ColumnsOf(event));
    world_->RunUntil(world_->now() + zab::Nanoseconds(1));
  }
  void RunUntil(zab::Duration since_start) { world_->RunUntil(At(since_start)); }

 private:
  std::shared_ptr<const Scenario> scenario_;
  std::unique_ptr<sim::World> world_;
  sim::ObserverId engine_;
};

/// n<leader> leads epoch 1, the others follow.
inline void Establish(Stage& stage, uint16_t leader, uint16_t servers) {
  const zab::ServerId sid{leader};
  for (uint16_t i = 1; i <= servers; ++i) {
    const Kind kind = i == leader ? Kind::kLeading : Kind::kFollowing;
    stage.Emit(i, {.probe = Probe::kElected, .kind = kind, .peer = sid});
    stage.Emit(i, {.probe = Probe::kNewLeaderAcked, .peer = sid, .epoch = {1}});
  }
  stage.Emit(leader, {.probe = Probe::kEstablished, .epoch = {1}});
}

}  // namespace scenario::engine_toys
