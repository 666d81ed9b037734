// One test for each Reason, named after it: what makes a server ignore a message, abandon its role
// or halt for that reason.  Lint requires a test for each enumerator.  Three servers; n3 leads.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/ensemble.h"
#include "tests/support/role_bench.h"

namespace zab::reasons_test {
namespace {

constexpr ServerId kOne{1};
constexpr ServerId kTwo{2};
constexpr ServerId kThree{3};
constexpr ServerId kAll[] = {kOne, kTwo, kThree};

/// Three servers, and the reasons in their trace events.
struct Servers : Ensemble {
  Servers() : Ensemble({1, 2, 3}) {
    on_effect = [this](ServerId self, const Effect& effect) {
      if (const auto* trace = std::get_if<Trace>(&effect)) {
        given.push_back({self, trace->event.probe, trace->event.reason});
      }
    };
  }

  void StartAll() {
    for (const ServerId id : kAll) Start(id);
  }
  /// Starts all; n3 leads, and all serve.
  void Serve() {
    StartAll();
    ASSERT_TRUE(RunUntil([&] { return Serves(kOne) && Serves(kTwo) && Serves(kThree); }));
  }
  bool Serves(ServerId id) {
    const auto* follower = std::get_if<Follower>(&peer(id).role());
    const auto* leader = std::get_if<Leader>(&peer(id).role());
    return (follower && follower->phase() == Follower::Phase::kBroadcast) ||
           (leader && leader->phase() == Leader::Phase::kBroadcast);
  }
  bool Follows(ServerId id, Follower::Phase phase) {
    const auto* follower = std::get_if<Follower>(&peer(id).role());
    return follower && follower->phase() == phase;
  }
  /// From here on messages of that kind are lost on their way to `to`.
  void Lose(ServerId to, Kind kind) {
    may_pass = [to, kind](ServerId, ServerId server, const Payload& bytes) {
      return server != to || QuorumKind(bytes) != kind;
    };
  }
  void Write(ServerId to, ConnectionId client, int32_t cxid) {
    const Operation operation{.type = OpType::kCreate, .path = "/a" + std::to_string(cxid)};
    Push(to, ClientRequest{client, cxid, operation});
  }
  bool Gave(ServerId id, Probe probe, Reason reason) const {
    return std::ranges::any_of(given, [&](const Given& one) {
      return one.server == id && one.probe == probe && one.reason == reason;
    });
  }
  bool WillGive(ServerId id, Probe probe, Reason reason) {
    return RunUntil([&] { return Gave(id, probe, reason); });
  }
  bool WillAbandon(ServerId id, Reason reason) { return WillGive(id, Probe::kAbandoned, reason); }
  bool WillHalt(ServerId id, Reason reason) {
    return RunUntil([&] { return at(id).halted == reason; });
  }

  struct Given {
    ServerId server;
    Probe probe{};
    Reason reason{};
  };
  std::vector<Given> given;
};

// ---- No fault -----------------------------------------------------------------------------------

// Events that are no exits have no reason.
TEST(Reason, None) {
  Servers servers;
  servers.Serve();
  EXPECT_TRUE(servers.Gave(kThree, Probe::kEstablished, Reason::kNone));
}

TEST(Reason, Started) {
  Servers servers;
  servers.Start(kOne);
  EXPECT_TRUE(servers.WillGive(kOne, Probe::kLooking, Reason::kStarted));
}

// ---- Messages that a follower refuses -----------------------------------------------------------

TEST(Reason, WrongPhase) {
  Servers servers;
  servers.Serve();
  servers.Deliver(kThree, kOne, Diff{});
  EXPECT_TRUE(servers.WillAbandon(kOne, Reason::kWrongPhase));
}

TEST(Reason, StaleEpoch) {
  Servers servers;
  servers.Lose(kOne, Kind::kLeaderInfoMessage);
  servers.GiveDisk(kOne, Epoch{5}, {});
  servers.GiveDisk(kThree, Epoch{5}, {{Epoch{5}, 1}});
  servers.StartAll();
  ASSERT_TRUE(servers.RunUntil([&] { return servers.Follows(kOne, Follower::Phase::kDiscovery); }));
  servers.Deliver(kThree, kOne, LeaderInfo{Epoch{4}});
  EXPECT_TRUE(servers.WillAbandon(kOne, Reason::kStaleEpoch));
}

TEST(Reason, ZxidGap) {
  Servers servers;
  servers.Serve();
  servers.Deliver(kThree, kOne, Proposal{BenchTxn({Epoch{1}, 99})});
  EXPECT_TRUE(servers.WillAbandon(kOne, Reason::kZxidGap));
}

TEST(Reason, UnmatchedCommit) {
  Servers servers;
  servers.Serve();
  servers.Deliver(kThree, kOne, Commit{{Epoch{1}, 99}});
  EXPECT_TRUE(servers.WillHalt(kOne, Reason::kUnmatchedCommit));
}

// It asks for SNAP instead, and gets it.
TEST(Reason, CannotTruncate) {
  Servers servers;
  servers.Lose(kOne, Kind::kDiffMessage);
  for (const ServerId id : kAll) servers.GiveDisk(id, Epoch{1}, {{Epoch{1}, 1}});
  servers.StartAll();
  ASSERT_TRUE(
      servers.RunUntil([&] { return servers.Follows(kOne, Follower::Phase::kAwaitingSync); }));
  servers.Deliver(kThree, kOne, Trunc{{Epoch{1}, 7}});
  EXPECT_TRUE(servers.WillGive(kOne, Probe::kIgnored, Reason::kCannotTruncate));
  EXPECT_TRUE(servers.RunUntil([&] { return servers.Serves(kOne); }));
}

TEST(Reason, BadBytes) {
  Servers servers;
  servers.Serve();
  const auto connection = [&] {
    ConnectionId found;
    servers.on_input = [&](ServerId to, const Input& input) {
      const auto* received = std::get_if<Received>(&input);
      if (to == kOne && received && QuorumKind(received->bytes)) found = received->connection;
    };
    servers.RunFor(Seconds(3));  // A heartbeat comes.
    return found;
  }();
  servers.Push(kOne, Received{connection, Payload("no packet at all")});
  EXPECT_TRUE(servers.WillAbandon(kOne, Reason::kBadBytes));
}

// The learner's decoder refuses such packets already, so this reason never shows in a run.
TEST(Reason, LeaderBoundMessage) {
  Servers servers;
  servers.Serve();
  servers.Deliver(kThree, kOne, FollowerInfo{Epoch{1}, kTwo});
  EXPECT_TRUE(servers.WillAbandon(kOne, Reason::kBadBytes));
  EXPECT_FALSE(servers.Gave(kOne, Probe::kIgnored, Reason::kLeaderBoundMessage));
}

// ---- Messages that a leader refuses -------------------------------------------------------------

TEST(Reason, UnknownAck) {
  Servers servers;
  servers.Serve();
  servers.Deliver(kOne, kThree, Ack{{Epoch{1}, 99}});
  EXPECT_TRUE(servers.WillGive(kThree, Probe::kIgnored, Reason::kUnknownAck));
}

TEST(Reason, NewerEpochPromised) {
  Servers servers;
  servers.Start(kTwo);
  servers.Start(kThree);
  ASSERT_TRUE(servers.RunUntil([&] { return servers.Serves(kTwo) && servers.Serves(kThree); }));
  servers.at(kOne).files["acceptedEpoch"] = "9";
  servers.Start(kOne);
  EXPECT_TRUE(servers.WillAbandon(kThree, Reason::kNewerEpochPromised));
}

TEST(Reason, NewerHistory) {
  Servers servers;
  servers.Lose(kThree, Kind::kAckEpochMessage);
  servers.Start(kTwo);
  servers.Start(kThree);
  ASSERT_TRUE(
      servers.RunUntil([&] { return servers.Follows(kTwo, Follower::Phase::kAwaitingSync); }));
  servers.Deliver(kTwo, kThree, AckEpoch{Zxid{Epoch{8}, 1}, Epoch{8}});
  EXPECT_TRUE(servers.WillGive(kThree, Probe::kChannelDown, Reason::kNewerHistory));
}

TEST(Reason, WrongNewLeaderAck) {
  Servers servers;
  servers.Lose(kThree, Kind::kAckMessage);
  servers.Start(kTwo);
  servers.Start(kThree);
  ASSERT_TRUE(servers.RunUntil([&] { return servers.Follows(kTwo, Follower::Phase::kJoined); }));
  servers.Deliver(kTwo, kThree, Ack{{Epoch{5}, 5}});
  EXPECT_TRUE(servers.WillGive(kThree, Probe::kChannelDown, Reason::kWrongNewLeaderAck));
}

TEST(Reason, NotVoter) {
  Servers servers;
  servers.Serve();
  const ConnectionId stranger{ConnectionId::kFirstAccepted + 1'000};
  servers.Push(kThree, Accepted{stranger, Port::kQuorum});
  servers.Push(kThree, Received{stranger, Encode(FollowerInfo{Epoch{1}, ServerId{9}})});
  EXPECT_TRUE(servers.WillGive(kThree, Probe::kChannelDown, Reason::kNotVoter));
}

// ---- Silence ------------------------------------------------------------------------------------

TEST(Reason, ConnectionLost) {
  Servers servers;
  servers.Serve();
  servers.Break(kOne, kThree);
  EXPECT_TRUE(servers.WillAbandon(kOne, Reason::kConnectionLost));
}

TEST(Reason, ConnectFailed) {
  Servers servers;
  servers.StartAll();
  ASSERT_TRUE(
      servers.RunUntil([&] { return servers.Follows(kOne, Follower::Phase::kConnecting); }));
  servers.Crash(kThree);
  EXPECT_TRUE(servers.WillAbandon(kOne, Reason::kConnectFailed));
}

TEST(Reason, ReadTimeout) {
  Servers servers;
  servers.Serve();
  servers.may_pass = [](ServerId, ServerId to, const Payload&) { return to != kOne; };
  EXPECT_TRUE(servers.WillAbandon(kOne, Reason::kReadTimeout));
}

TEST(Reason, EpochTimeout) {
  Servers servers;
  servers.Lose(kThree, Kind::kFollowerInfoMessage);
  servers.StartAll();
  EXPECT_TRUE(servers.WillAbandon(kThree, Reason::kEpochTimeout));
}

TEST(Reason, NewLeaderTimeout) {
  Servers servers;
  servers.Lose(kThree, Kind::kAckMessage);
  servers.StartAll();
  EXPECT_TRUE(servers.WillAbandon(kThree, Reason::kNewLeaderTimeout));
}

TEST(Reason, QuorumLost) {
  Servers servers;
  servers.Serve();
  servers.Crash(kOne);
  servers.Crash(kTwo);
  EXPECT_TRUE(servers.WillAbandon(kThree, Reason::kQuorumLost));
}

TEST(Reason, SlowLearner) {
  Servers servers;
  servers.Serve();
  servers.may_pass = [](ServerId from, ServerId to, const Payload& bytes) {
    return from != kOne || to != kThree || QuorumKind(bytes) != Kind::kAckMessage;
  };
  servers.Write(kThree, servers.ConnectClient(kThree), 1);
  EXPECT_TRUE(servers.WillGive(kThree, Probe::kChannelDown, Reason::kSlowLearner));
}

// The second of two connections to a server, or a vote that arrives too late.
TEST(Reason, Replaced) {
  Servers servers;
  servers.Serve();
  EXPECT_TRUE(servers.Gave(kOne, Probe::kIgnored, Reason::kReplaced));
}

// ---- Counters and disks that are full
// -----------------------------------------------------------------

TEST(Reason, ZxidOverflow) {
  Servers servers;
  for (const ServerId id : kAll) {
    servers.at(id).config.limits.initial_counter = kLastCounter - 1;
  }
  servers.Serve();
  const ConnectionId client = servers.ConnectClient(kThree);
  servers.Write(kThree, client, 1);
  servers.Write(kThree, client, 2);
  EXPECT_TRUE(servers.WillAbandon(kThree, Reason::kZxidOverflow));
}

TEST(Reason, DiskError) {
  Servers servers;
  servers.Serve();
  servers.disk_says = [](ServerId id, const FileOp& file) {
    return id == kOne && file.kind == FileKind::kFsync ? FileError::kIo : FileError::kNone;
  };
  servers.Write(kThree, servers.ConnectClient(kThree), 1);
  EXPECT_TRUE(servers.WillHalt(kOne, Reason::kDiskError));
}

TEST(Reason, DiskFull) {
  Servers servers;
  servers.Serve();
  servers.disk_says = [](ServerId id, const FileOp& file) {
    return id == kOne && file.kind == FileKind::kWrite ? FileError::kNoSpace : FileError::kNone;
  };
  servers.Write(kThree, servers.ConnectClient(kThree), 1);
  EXPECT_TRUE(servers.WillHalt(kOne, Reason::kDiskFull));
}

TEST(Reason, PromiseLost) {
  Servers servers;
  servers.GiveDisk(kOne, Epoch{1}, {});
  servers.at(kOne).files["acceptedEpoch"] = "one";
  servers.Start(kOne);
  EXPECT_TRUE(servers.WillHalt(kOne, Reason::kPromiseLost));
}

// ---- Clients ------------------------------------------------------------------------------------

TEST(Reason, NotServing) {
  Servers servers;
  servers.Lose(kOne, Kind::kNewLeaderMessage);
  servers.StartAll();
  ASSERT_TRUE(servers.RunUntil([&] { return servers.Follows(kOne, Follower::Phase::kSyncing); }));
  servers.ConnectClient(kOne);
  EXPECT_TRUE(servers.WillGive(kOne, Probe::kIgnored, Reason::kNotServing));
}

TEST(Reason, BehindClient) {
  Servers servers;
  servers.Serve();
  servers.ConnectClient(kOne, {Epoch{9}, 9});
  EXPECT_TRUE(servers.WillGive(kOne, Probe::kIgnored, Reason::kBehindClient));
}

// The answer to a sync comes while the write before it is still under way.
TEST(Reason, UnmatchedReply) {
  Servers servers;
  servers.Serve();
  servers.Lose(kThree, Kind::kRequestMessage);
  const ConnectionId client = servers.ConnectClient(kOne);
  servers.Write(kOne, client, 1);
  servers.Push(kOne, ClientRequest{client, 2, {.type = OpType::kSync, .path = "/"}});
  servers.Deliver(kThree, kOne, SyncReply{});
  EXPECT_TRUE(servers.WillGive(kOne, Probe::kIgnored, Reason::kUnmatchedReply));
}

}  // namespace
}  // namespace zab::reasons_test
