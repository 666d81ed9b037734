// Clients with toy servers: order, reconnecting, and the fate of requests when a connection is
// lost.
#include <gtest/gtest.h>

#include <algorithm>
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
class ClientTest {
 public:
  ClientTest(const std::vector<ToyServer::Behaviour>& servers, Attachment attachment, Work work)
      : ClientTest(servers,
                   {.attachment = attachment, .patience = kPatience, .work = std::move(work)}) {}

  ClientTest(const std::vector<ToyServer::Behaviour>& servers, ClientSetup setup) {
    for (const ToyServer::Behaviour& behaviour : servers) {
      const NodeId node = world.AddNode(
          "n", [behaviour](NodeId, uint64_t) { return std::make_unique<ToyServer>(behaviour); });
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
  ClientTest test({{.answers_after = Milliseconds(50)}}, zab::ServerId{1},
                  ScriptWork({Step(Milliseconds(100), 0, "/a"), Step(Milliseconds(110), 1, "/b"),
                              Step(Milliseconds(110), 2, "/c")}));
  test.world.RunUntil(At(Milliseconds(500)));
  EXPECT_EQ(test.TimesOf(Probe::kInvoked),
            (std::vector{At(Milliseconds(100)), At(Milliseconds(110)), At(Milliseconds(110))}));
  ASSERT_EQ(test.server(1).requests.size(), 3u);
  EXPECT_EQ(test.server(1).requests[0].operation.path, "/a");
  EXPECT_EQ(test.server(1).requests[2].operation.path, "/c");
  EXPECT_EQ(test.server(1).requests[2].cxid, 3);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(test.result(i)->kind, Kind::kOk);
}

TEST(EngineClient, WaitsAsItsBehaviourSays) {
  // The first server never opens a session, the second never answers.
  ClientTest test({{.greets = false}, {.answers_after = std::nullopt}, {}},
                  {.attachment = AnyServer{},
                   .patience = Milliseconds(300),
                   .connect_timeout = Milliseconds(50),
                   .pause = Milliseconds(7),
                   .work = ScriptWork({Step({}, 0, "/a"), Step(Milliseconds(500), 1, "/b")})});
  test.world.RunUntil(At(Milliseconds(1000)));
  // Connect and session: 4 ms each.
  EXPECT_EQ(test.TimesOf(Probe::kClientConnected),
            (std::vector{At(Milliseconds(50 + 7 + 4)), At(Milliseconds(61 + 300 + 7 + 4))}));
  EXPECT_EQ(test.result(0)->kind, Kind::kIndeterminate);
  EXPECT_EQ(test.result(1)->kind, Kind::kOk);
}

TEST(EngineClient, DrawsItsServerIfItIsToldTo) {
  ClientTest test({{.refuses = true}, {.refuses = true}, {.refuses = true}},
                  {.attachment = AnyServer{},
                   .draws_server = true,
                   .patience = kPatience,
                   .work = ScriptWork({Step({}, 0, "/a")})});
  test.world.RunUntil(At(zab::Seconds(10)));
  std::vector<size_t> visits;
  for (const uint16_t id : std::initializer_list<uint16_t>{1, 2, 3}) {
    visits.push_back(test.server(id).hellos.size());
  }
  // In turn, no server would have two more than another.
  const auto [least, most] = std::ranges::minmax(visits);
  EXPECT_GT(least, 10u);
  EXPECT_GT(most, least + 1);
}

TEST(EngineClient, TriesTheNextServer100MillisecondsAfterARefusal) {
  ClientTest test({{.refuses = true}, {.refuses = true}, {}}, AnyServer{},
                  ScriptWork({Step(Milliseconds(1), 0, "/a")}));
  test.world.RunUntil(At(Milliseconds(500)));
  EXPECT_EQ(test.server(1).hellos.size(), 1u);
  EXPECT_EQ(test.server(2).hellos.size(), 1u);
  EXPECT_EQ(test.server(3).requests.size(), 1u);
  // A refused connect never became a connection.
  EXPECT_EQ(test.TimesOf(Probe::kClientClosed).size(), 0u);
  ASSERT_EQ(test.TimesOf(Probe::kClientConnected).size(), 1u);
  EXPECT_GT(test.TimesOf(Probe::kClientConnected)[0], At(Milliseconds(200)));
  EXPECT_LT(test.TimesOf(Probe::kClientConnected)[0], At(Milliseconds(220)));
}

TEST(EngineClient, RepeatsNoRequestThatWasInFlightAtALoss) {
  ClientTest test(
      {{.answers_after = std::nullopt}, {}}, AnyServer{},
      ScriptWork({Step(Milliseconds(100), 0, "/lost"), Step(Milliseconds(300), 1, "/b")}));
  test.world.RunUntil(At(Milliseconds(200)));
  ASSERT_TRUE(test.world.Crash({1}, sim::CrashKind::kKill));
  test.world.RunUntil(At(Milliseconds(1000)));
  EXPECT_EQ(test.result(0)->kind, Kind::kIndeterminate);
  EXPECT_EQ(test.result(1)->kind, Kind::kOk);
  ASSERT_EQ(test.server(2).requests.size(), 1u);
  EXPECT_EQ(test.server(2).requests[0].operation.path, "/b");
  EXPECT_EQ(test.server(2).requests[0].cxid, 1);  // The cxid starts again on each connection.
  EXPECT_EQ(test.TimesOf(Probe::kClientClosed).size(), 1u);
}

TEST(EngineClient, GivesUpOnAServerThatHasGoneSilent) {
  ClientTest test({{}, {}}, AnyServer{}, ScriptWork({Step(Milliseconds(100), 0, "/lost")}));
  test.world.RunUntil(At(Milliseconds(50)));
  ASSERT_TRUE(test.world.Crash({1}, sim::CrashKind::kPower));
  test.world.RunUntil(At(Milliseconds(100)) + kPatience - Milliseconds(1));
  EXPECT_EQ(test.result(0)->kind, Kind::kNone);
  test.world.RunUntil(At(Milliseconds(100)) + kPatience);
  EXPECT_EQ(test.result(0)->kind, Kind::kIndeterminate);
}

TEST(EngineClient, GivesUpOnAServerThatDoesNotAnswerTheConnect) {
  ClientTest test({{.greets = false}, {}}, AnyServer{},
                  ScriptWork({Step(Milliseconds(1), 0, "/a")}));
  test.world.RunUntil(At(kPatience) + Milliseconds(200));
  EXPECT_EQ(test.server(1).requests.size(), 0u);
  EXPECT_EQ(test.result(0)->kind, Kind::kOk);
}

TEST(EngineClient, SendsTheNextServerTheLastZxidItHasSeen) {
  ClientTest test({{}, {}}, AnyServer{},
                  ScriptWork({Step(Milliseconds(10), 0, "/a"), Step(Milliseconds(20), 1, "/b"),
                              Step(Milliseconds(900), 2, "/c")}));
  test.world.RunUntil(At(Milliseconds(100)));
  ASSERT_TRUE(test.world.Crash({1}, sim::CrashKind::kKill));
  test.world.RunUntil(At(Milliseconds(1000)));
  EXPECT_EQ(test.server(2).hellos, std::vector{(zab::Zxid{zab::Epoch{1}, 2})});
}

TEST(EngineClient, WaitsForALeaderToAttachTo) {
  ClientTest test({{}, {}}, TheLeader{}, ScriptWork({Step(Milliseconds(10), 0, "/a")}));
  test.world.RunUntil(At(Milliseconds(500)));
  EXPECT_EQ(test.result(0), nullptr);  // Never sent.
  test.world.Signal(test.client(), kNoLeaderSignal + 2);
  test.world.RunUntil(At(Milliseconds(1000)));
  EXPECT_EQ(test.server(1).hellos.size(), 0u);
  EXPECT_EQ(test.result(0)->kind, Kind::kOk);
}

TEST(EngineClient, ClosedLoopCreatesKeysThenThinksBetweenRequests) {
  const Closed block{.mix = {{.type = zab::OpType::kSetData, .weight = 1}},
                     .keys = 2,
                     .value_size = 8,
                     .think = Milliseconds(100),
                     .from = At(Milliseconds(50)),
                     .until = At(Milliseconds(500))};
  ClientTest test({{}}, AnyServer{}, ClosedWork(block, "c1", zab::Entity{1}, true));
  test.world.RunUntil(At(Milliseconds(2000)));
  const std::vector<zab::client::Request>& requests = test.server(1).requests;
  ASSERT_EQ(requests.size(), 8u);
  EXPECT_EQ(requests[0].operation.path, "/k");
  EXPECT_EQ(requests[1].operation.path, "/k/0");
  EXPECT_EQ(requests[2].operation.path, "/k/1");
  EXPECT_EQ(*requests[3].operation.data, "c1#1....");
  const std::vector<zab::Time> sent = test.TimesOf(Probe::kInvoked);
  EXPECT_GT(sent[0], At(Milliseconds(50)));
  EXPECT_EQ(sent[5] - sent[4], Milliseconds(103));  // To the server, 1 ms, and back.
  EXPECT_LT(sent.back(), At(Milliseconds(500)));
}

TEST(EngineClient, ClosedLoopStopsAtTheSignal) {
  const Closed block{
      .mix = {{.type = zab::OpType::kSync, .then = zab::OpType::kGetData, .weight = 1}},
      .think = Milliseconds(10)};
  ClientTest test({{}}, AnyServer{}, ClosedWork(block, "c1", zab::Entity{1}, false));
  test.world.RunUntil(At(Milliseconds(200)));
  test.world.Signal(test.client(), kStopSignal);
  test.world.RunUntil(At(Milliseconds(1000)));
  EXPECT_LT(test.TimesOf(Probe::kInvoked).back(), At(Milliseconds(210)));
  const std::vector<zab::client::Request>& requests = test.server(1).requests;
  ASSERT_GE(requests.size(), 2u);
  EXPECT_EQ(requests[0].operation.type, zab::OpType::kSync);
  EXPECT_EQ(requests[1].operation.type, zab::OpType::kGetData);
  EXPECT_EQ(requests[1].operation.path, requests[0].operation.path);
}

// A change after a read is of the version that was read.
TEST(EngineClient, ClosedLoopChangesWhatItHasRead) {
  const Closed block{.mix = {{zab::OpType::kGetData, zab::OpType::kDelete, 1}}, .keys = 1};
  ClosedWork work(block, "c1", zab::Entity{1}, false);
  zab::Chooser chooser(1);
  const Job read = *work.Next({}, chooser).job;
  EXPECT_EQ(read.operation.type, zab::OpType::kGetData);
  work.OnReturned(read, Kind::kOk, {.stat = zab::Stat{.version = 7}}, {});
  const Job change = *work.Next({}, chooser).job;
  EXPECT_EQ(change.operation.type, zab::OpType::kDelete);
  EXPECT_EQ(change.operation.path, read.operation.path);
  EXPECT_EQ(change.operation.version, 7);
  work.OnReturned(change, Kind::kOk, {}, {});
  const Job next = *work.Next({}, chooser).job;
  EXPECT_EQ(next.operation.type, zab::OpType::kGetData);
  work.OnReturned(next, Kind::kError, {.error = zab::Error::kNoNode}, {});
  EXPECT_EQ(work.Next({}, chooser).job->operation.type, zab::OpType::kGetData);
}

TEST(EngineClient, LivenessWritesUntilOneSucceeds) {
  ClientTest test({{.answers_after = std::nullopt}, {}}, AnyServer{},
                  LivenessWork(At(Milliseconds(100))));
  test.world.RunUntil(At(zab::Seconds(5)));
  EXPECT_EQ(test.server(1).requests.size(), 1u);
  EXPECT_EQ(test.server(2).requests.size(), 1u);
}

}  // namespace scenario::engine_client
