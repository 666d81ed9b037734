// Clients with toy servers: order, reconnecting, and the fate of requests when a connection is
// lost.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "scenarios/runner/workload/client_process.h"
#include "sim/world.h"
#include "tests/scenarios/engine_toys.h"

namespace scenario::engine_client {

using engine_toys::At;
using engine_toys::ToyServer;
using zab::Milliseconds;

constexpr zab::Duration kPatience = zab::Milliseconds(2000);

ScriptWork::Step Step(zab::Duration at, size_t index, const char* path) {
  return {.at = At(at),
          .job = {.operation = {.type = zab::OpType::kCreate, .path = path, .data = "x"},
                  .script = OperationIndex{index}}};
}

/// Servers with the given behaviour, and one client.
class Scene {
 public:
  Scene(const std::vector<ToyServer::Manners>& servers, Attachment attachment, Work work) {
    ClientSetup setup{.attachment = attachment, .patience = kPatience, .work = std::move(work)};
    for (const ToyServer::Manners& manners : servers) {
      const NodeId node = world.AddNode(
          "n", [manners](NodeId, uint64_t) { return std::make_unique<ToyServer>(manners); });
      setup.servers.push_back({node.value});
    }
    client_ = world.AddNode(
        "c1", [setup](NodeId, uint64_t) { return std::make_unique<ClientProcess>(setup, 1); });
    for (uint16_t i = 1; i <= client_.value; ++i) world.Start({i});
    world.SetSink(Converting([this](const Record& record) { records.push_back(record); }));
  }

  const ToyServer& server(uint16_t node) const {
    return static_cast<const ToyServer&>(*world.process({node}));
  }
  const OperationResult* result(size_t index) const {
    return static_cast<const ClientProcess&>(*world.process(client_)).ResultOf({index});
  }
  NodeId client() const { return client_; }
  /// The times of the probe's records.
  std::vector<zab::Time> TimesOf(Probe probe) const {
    std::vector<zab::Time> times;
    for (const Record& record : records) {
      if (record.event.probe == probe) times.push_back(record.time);
    }
    return times;
  }

  sim::World world{1, {}, WorldVocabulary()};
  std::vector<Record> records;

 private:
  NodeId client_;
};

TEST(EngineClient, SendsAScriptAtItsTimesAndInOrder) {
  Scene scene({{.answers_after = Milliseconds(50)}}, zab::ServerId{1},
              ScriptWork({Step(Milliseconds(100), 0, "/a"), Step(Milliseconds(110), 1, "/b"),
                          Step(Milliseconds(110), 2, "/c")}));
  scene.world.RunUntil(At(Milliseconds(500)));
  EXPECT_EQ(scene.TimesOf(Probe::kInvoked),
            (std::vector{At(Milliseconds(100)), At(Milliseconds(110)), At(Milliseconds(110))}));
  ASSERT_EQ(scene.server(1).requests.size(), 3u);
  EXPECT_EQ(scene.server(1).requests[0].operation.path, "/a");
  EXPECT_EQ(scene.server(1).requests[2].operation.path, "/c");
  EXPECT_EQ(scene.server(1).requests[2].cxid, 3);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(scene.result(i)->kind, Kind::kOk);
}

TEST(EngineClient, TriesTheNextServer100MillisecondsAfterARefusal) {
  Scene scene({{.refuses = true}, {.refuses = true}, {}}, AnyServer{},
              ScriptWork({Step(Milliseconds(1), 0, "/a")}));
  scene.world.RunUntil(At(Milliseconds(500)));
  EXPECT_EQ(scene.server(1).hellos.size(), 1u);
  EXPECT_EQ(scene.server(2).hellos.size(), 1u);
  EXPECT_EQ(scene.server(3).requests.size(), 1u);
  // A refused connect never became a connection.
  EXPECT_EQ(scene.TimesOf(Probe::kClientClosed).size(), 0u);
  ASSERT_EQ(scene.TimesOf(Probe::kClientConnected).size(), 1u);
  EXPECT_GT(scene.TimesOf(Probe::kClientConnected)[0], At(Milliseconds(200)));
  EXPECT_LT(scene.TimesOf(Probe::kClientConnected)[0], At(Milliseconds(220)));
}

TEST(EngineClient, RepeatsNothingThatWasUnderWayAtALoss) {
  Scene scene({{.answers_after = std::nullopt}, {}}, AnyServer{},
              ScriptWork({Step(Milliseconds(100), 0, "/lost"), Step(Milliseconds(300), 1, "/b")}));
  scene.world.RunUntil(At(Milliseconds(200)));
  ASSERT_TRUE(scene.world.Crash({1}, sim::CrashKind::kKill));
  scene.world.RunUntil(At(Milliseconds(1000)));
  EXPECT_EQ(scene.result(0)->kind, Kind::kIndeterminate);
  EXPECT_EQ(scene.result(1)->kind, Kind::kOk);
  ASSERT_EQ(scene.server(2).requests.size(), 1u);
  EXPECT_EQ(scene.server(2).requests[0].operation.path, "/b");
  EXPECT_EQ(scene.server(2).requests[0].cxid, 1);  // Counts anew on each connection.
  EXPECT_EQ(scene.TimesOf(Probe::kClientClosed).size(), 1u);
}

TEST(EngineClient, GivesUpOnAServerThatHasGoneSilent) {
  Scene scene({{}, {}}, AnyServer{}, ScriptWork({Step(Milliseconds(100), 0, "/lost")}));
  scene.world.RunUntil(At(Milliseconds(50)));
  ASSERT_TRUE(scene.world.Crash({1}, sim::CrashKind::kPower));
  scene.world.RunUntil(At(Milliseconds(100)) + kPatience - Milliseconds(1));
  EXPECT_EQ(scene.result(0)->kind, Kind::kNone);
  scene.world.RunUntil(At(Milliseconds(100)) + kPatience);
  EXPECT_EQ(scene.result(0)->kind, Kind::kIndeterminate);
}

TEST(EngineClient, GivesUpOnAServerThatDoesNotGreet) {
  Scene scene({{.greets = false}, {}}, AnyServer{}, ScriptWork({Step(Milliseconds(1), 0, "/a")}));
  scene.world.RunUntil(At(kPatience) + Milliseconds(200));
  EXPECT_EQ(scene.server(1).requests.size(), 0u);
  EXPECT_EQ(scene.result(0)->kind, Kind::kOk);
}

TEST(EngineClient, TellsTheNextServerWhatItHasSeen) {
  Scene scene({{}, {}}, AnyServer{},
              ScriptWork({Step(Milliseconds(10), 0, "/a"), Step(Milliseconds(20), 1, "/b"),
                          Step(Milliseconds(900), 2, "/c")}));
  scene.world.RunUntil(At(Milliseconds(100)));
  ASSERT_TRUE(scene.world.Crash({1}, sim::CrashKind::kKill));
  scene.world.RunUntil(At(Milliseconds(1000)));
  EXPECT_EQ(scene.server(2).hellos, std::vector{(zab::Zxid{zab::Epoch{1}, 2})});
}

TEST(EngineClient, WaitsForALeaderToAttachTo) {
  Scene scene({{}, {}}, TheLeader{}, ScriptWork({Step(Milliseconds(10), 0, "/a")}));
  scene.world.RunUntil(At(Milliseconds(500)));
  EXPECT_EQ(scene.result(0), nullptr);  // Never sent.
  scene.world.Signal(scene.client(), kNoLeaderSignal + 2);
  scene.world.RunUntil(At(Milliseconds(1000)));
  EXPECT_EQ(scene.server(1).hellos.size(), 0u);
  EXPECT_EQ(scene.result(0)->kind, Kind::kOk);
}

TEST(EngineClient, ClosedLoopCreatesKeysThenThinksBetweenRequests) {
  const Closed block{.mix = {{.type = zab::OpType::kSetData, .weight = 1}},
                     .keys = 2,
                     .value_size = 8,
                     .think = Milliseconds(100),
                     .from = At(Milliseconds(50)),
                     .until = At(Milliseconds(500))};
  Scene scene({{}}, AnyServer{}, ClosedWork(block, "c1", zab::Entity{1}, true));
  scene.world.RunUntil(At(Milliseconds(2000)));
  const std::vector<zab::client::Request>& requests = scene.server(1).requests;
  ASSERT_EQ(requests.size(), 8u);
  EXPECT_EQ(requests[0].operation.path, "/k");
  EXPECT_EQ(requests[1].operation.path, "/k/0");
  EXPECT_EQ(requests[2].operation.path, "/k/1");
  EXPECT_EQ(*requests[3].operation.data, "c1#1....");
  const std::vector<zab::Time> sent = scene.TimesOf(Probe::kInvoked);
  EXPECT_GT(sent[0], At(Milliseconds(50)));
  EXPECT_EQ(sent[5] - sent[4], Milliseconds(103));  // There, 1 ms, and back.
  EXPECT_LT(sent.back(), At(Milliseconds(500)));
}

TEST(EngineClient, ClosedLoopStopsWhenTold) {
  const Closed block{.mix = {{.type = zab::OpType::kGetData, .sync_first = true, .weight = 1}},
                     .think = Milliseconds(10)};
  Scene scene({{}}, AnyServer{}, ClosedWork(block, "c1", zab::Entity{1}, false));
  scene.world.RunUntil(At(Milliseconds(200)));
  scene.world.Signal(scene.client(), kStopSignal);
  scene.world.RunUntil(At(Milliseconds(1000)));
  EXPECT_LT(scene.TimesOf(Probe::kInvoked).back(), At(Milliseconds(210)));
  const std::vector<zab::client::Request>& requests = scene.server(1).requests;
  ASSERT_GE(requests.size(), 2u);
  EXPECT_EQ(requests[0].operation.type, zab::OpType::kSync);
  EXPECT_EQ(requests[1].operation.type, zab::OpType::kGetData);
  EXPECT_EQ(requests[1].operation.path, requests[0].operation.path);
}

TEST(EngineClient, ProbeWritesUntilOneSucceeds) {
  Scene scene({{.answers_after = std::nullopt}, {}}, AnyServer{}, ProbeWork(At(Milliseconds(100))));
  scene.world.RunUntil(At(zab::Seconds(5)));
  EXPECT_EQ(scene.server(1).requests.size(), 1u);
  EXPECT_EQ(scene.server(2).requests.size(), 1u);
}

}  // namespace scenario::engine_client
