// The leader's half of the paper, sentence by sentence.  DSN'11 = Junqueira, Reed, Serafini, "Zab".
#include <gtest/gtest.h>

#include "tests/support/role_bench.h"

namespace zab::leader_paper {
namespace {

constexpr ConnectionId kOne{ConnectionId::kFirstAccepted};
constexpr ConnectionId kTwo{ConnectionId::kFirstAccepted + 1};
constexpr ServerId kFirst{1};
constexpr ServerId kSecond{2};

class LeaderPaper : public testing::Test {
 protected:
  LeaderPaper() {
    bench.core.epochs.Set(Epoch{4}, Epoch{4});
    bench.GiveHistory(Epoch{4}, 3);
  }

  void Start() {
    Outbox out = bench.out();
    bench.role.Start(bench.core, out);
  }
  void Accept(ConnectionId connection) {
    Outbox out = bench.out();
    bench.role.OnAccepted(connection, bench.core, out);
  }
  void Receive(ConnectionId connection, const Message& message) {
    Outbox out = bench.out();
    bench.role.OnReceived(connection, Encode(message).view(), bench.core, out);
  }
  /// Synchronises a follower that has the leader's history, up to NEWLEADER.
  void Synchronise(ConnectionId connection, ServerId server) {
    Accept(connection);
    Receive(connection, FollowerInfo{Epoch{4}, server});
    bench.AnswerDisk();
    Receive(connection, AckEpoch{Zxid{Epoch{4}, 3}, Epoch{4}});
    bench.AnswerDisk();
  }
  void Establish() {
    Start();
    Synchronise(kOne, kFirst);
    Receive(kOne, Ack{Zxid{Epoch{5}, 0}});
    bench.Settle();
    bench.Sent();
  }
  void Write(int32_t cxid) {
    Receive(
        kOne,
        ForwardedRequest{
            7, cxid, {.type = OpType::kCreate, .path = "/n" + std::to_string(cxid), .data = "v"}});
  }

  RoleBench<Leader> bench{BenchConfig(3, 3), Leader()};
};

// "The leader, upon receiving CEPOCH from a quorum Q, sends NEWEPOCH(e') to the followers in Q; e'
// is later than any epoch received."  (Step 1.2)  Not before its own promise is durable.  (P2)
TEST_F(LeaderPaper, Phase1NewEpochIsLaterThanEveryPromiseOfAQuorum) {
  Start();
  Accept(kOne);
  EXPECT_FALSE(bench.DiskBusy());  // The leader alone is not a quorum.
  Receive(kOne, FollowerInfo{Epoch{8}, kFirst});
  EXPECT_TRUE(bench.Sent().empty());
  bench.AnswerDisk();
  EXPECT_EQ(bench.core.epochs.accepted(), Epoch{9});
  const std::vector<Message> sent = bench.Sent(kOne);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(std::get<LeaderInfo>(sent[0]).new_epoch, Epoch{9});
}

// A server is counted once, however often it connects.  (REFERENCE.md 1.3)
TEST_F(LeaderPaper, Phase1CountsServersNotConnections) {
  RoleBench<Leader> five{BenchConfig(5, 3), Leader()};
  Outbox out = five.out();
  five.role.Start(five.core, out);
  for (const ConnectionId id : {kOne, kTwo}) {
    five.role.OnAccepted(id, five.core, out);
    five.role.OnReceived(id, Encode(FollowerInfo{Epoch{}, kFirst}).view(), five.core, out);
  }
  EXPECT_FALSE(five.DiskBusy());
}

// A leader must not lead a follower with a more recent history than its own.  (Step 1.4: the leader
// takes the history of the most recent follower; ZooKeeper elects that follower instead, and the
// leader refuses here.)
TEST_F(LeaderPaper, Phase1RefusesAFollowerWithANewerHistory) {
  Start();
  Accept(kOne);
  Receive(kOne, FollowerInfo{Epoch{4}, kFirst});
  bench.AnswerDisk();
  bench.Sent();
  Receive(kOne, AckEpoch{Zxid{Epoch{4}, 4}, Epoch{4}});
  bench.AnswerDisk();
  EXPECT_FALSE(bench.role.Owns(kOne));
  EXPECT_EQ(bench.core.epochs.current(), Epoch{4});
}

// The leader's currentEpoch is durable before its own NEWLEADER ack counts.  (P4)
TEST_F(LeaderPaper, Phase2SendsNewLeaderOnceTheEpochIsDurable) {
  Start();
  Accept(kOne);
  Receive(kOne, FollowerInfo{Epoch{4}, kFirst});
  bench.AnswerDisk();
  bench.Sent();
  Receive(kOne, AckEpoch{Zxid{Epoch{4}, 3}, Epoch{4}});
  EXPECT_TRUE(bench.Sent().empty());
  bench.AnswerDisk();
  EXPECT_EQ(bench.core.epochs.current(), Epoch{5});
  EXPECT_EQ(bench.SentKinds(kOne), (std::vector{Kind::kDiffMessage, Kind::kNewLeaderMessage}));
}

// "Upon receiving acknowledgments of NEWLEADER from a quorum, the leader sends COMMIT(e')."
// (Step 2.3)
TEST_F(LeaderPaper, Phase2EstablishedByAQuorumOfNewLeaderAcks) {
  Start();
  Synchronise(kOne, kFirst);
  EXPECT_NE(bench.role.phase(), Leader::Phase::kBroadcast);
  bench.Sent();
  Receive(kOne, Ack{Zxid{Epoch{5}, 0}});
  EXPECT_EQ(bench.role.phase(), Leader::Phase::kBroadcast);
  EXPECT_EQ(bench.SentKinds(kOne), std::vector{Kind::kUpToDateMessage});
}

// An ACK of something else is not a NEWLEADER ack.  (4685)
TEST_F(LeaderPaper, Phase2AnotherAckDoesNotCount) {
  Start();
  Synchronise(kOne, kFirst);
  Receive(kOne, Ack{Zxid{Epoch{4}, 3}});
  EXPECT_NE(bench.role.phase(), Leader::Phase::kBroadcast);
}

// "The leader proposes to all followers in Q in increasing order of zxid."  (Step 3.1)
TEST_F(LeaderPaper, Phase3ProposesInIncreasingOrder) {
  Establish();
  Write(1);
  Write(2);
  const std::vector<Message> sent = bench.Sent(kOne);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(std::get<Proposal>(sent[0]).txn->zxid(), (Zxid{Epoch{5}, 1}));
  EXPECT_EQ(std::get<Proposal>(sent[1]).txn->zxid(), (Zxid{Epoch{5}, 2}));
}

// "Upon receiving acknowledgments from a quorum, the leader sends COMMIT to all followers." (Step
// 3.1) Its own counts once it is durable.  (P5)
TEST_F(LeaderPaper, Phase3CommitsAtAQuorumOfDurableAcks) {
  Establish();
  Write(1);
  bench.Sent();
  Receive(kOne, Ack{Zxid{Epoch{5}, 1}});
  EXPECT_TRUE(bench.Sent().empty());  // The leader itself has not synced it yet.
  bench.AnswerDisk();
  bench.ResumeTasks();
  EXPECT_EQ(bench.SentKinds(kOne), std::vector{Kind::kCommitMessage});
}

// A transaction is committed only once all before it are.
TEST_F(LeaderPaper, Phase3CommitsInOrder) {
  Establish();
  Write(1);
  Write(2);
  bench.Settle();
  bench.Sent();
  Receive(kOne, Ack{Zxid{Epoch{5}, 2}});
  EXPECT_TRUE(bench.Sent().empty());
  Receive(kOne, Ack{Zxid{Epoch{5}, 1}});
  const std::vector<Message> sent = bench.Sent(kOne);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(std::get<Commit>(sent[0]).zxid, (Zxid{Epoch{5}, 1}));
  EXPECT_EQ(std::get<Commit>(sent[1]).zxid, (Zxid{Epoch{5}, 2}));
}

// "A leader that receives CEPOCH from a new follower sends NEWEPOCH and NEWLEADER", then the
// outstanding proposals, and adds it to Q.  (Step 3.4)
TEST_F(LeaderPaper, Phase3LateFollowerGetsWhatIsOutstanding) {
  Establish();
  Write(1);
  bench.AnswerDisk();
  bench.Sent();
  Synchronise(kTwo, kSecond);
  EXPECT_EQ(bench.SentKinds(kTwo), (std::vector{Kind::kLeaderInfoMessage, Kind::kDiffMessage,
                                                Kind::kProposalMessage, Kind::kNewLeaderMessage}));
}

// The counter must not overflow into the epoch: a new election is forced first.  (1277)
TEST_F(LeaderPaper, Phase3StepsDownBeforeTheCounterOverflows) {
  bench.core.config.limits.initial_counter = UINT32_MAX - 1;
  Establish();
  Write(1);
  EXPECT_EQ(bench.role.abandoned(), Reason::kZxidOverflow);
}

TEST_F(LeaderPaper, Phase3WritesUpToTheLastCounter) {
  bench.core.config.limits.initial_counter = kLastCounter - 1;
  Establish();
  Write(1);
  bench.Settle();
  const Zxid only{Epoch{5}, kLastCounter};
  Receive(kOne, Ack{only});
  EXPECT_EQ(bench.role.abandoned(), std::nullopt);
  const std::vector<Message> sent = bench.Sent(kOne);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(std::get<Proposal>(sent[0]).txn->zxid(), only);
  EXPECT_EQ(std::get<Commit>(sent[1]).zxid, only);
  Write(2);
  EXPECT_EQ(bench.role.abandoned(), Reason::kZxidOverflow);
}

// An ACK of something before the first proposal of the epoch does not count.
TEST_F(LeaderPaper, Phase3IgnoresAnAckOfWhatWasNeverProposed) {
  bench.core.config.limits.initial_counter = 1000;
  Establish();
  Write(1);
  bench.Sent();
  for (const uint32_t counter : {1u, 1000u, 1002u}) Receive(kOne, Ack{Zxid{Epoch{5}, counter}});
  bench.Settle();
  EXPECT_TRUE(bench.Sent().empty());
  Receive(kOne, Ack{Zxid{Epoch{5}, 1001}});
  EXPECT_EQ(bench.SentKinds(kOne), std::vector{Kind::kCommitMessage});
}

// REFERENCE.md D1: a follower that has promised a newer epoch could never join, so the leader steps
// down.
TEST_F(LeaderPaper, ANewerPromiseMakesTheLeaderStepDown) {
  Establish();
  Accept(kTwo);
  Receive(kTwo, FollowerInfo{Epoch{6}, kSecond});
  EXPECT_EQ(bench.role.abandoned(), Reason::kNewerEpochPromised);
}

// No epoch can follow the largest one that the wire format can hold: such a promise is ignored.
TEST_F(LeaderPaper, Phase1NoEpochComesAfterTheLast) {
  Start();
  Accept(kOne);
  Receive(kOne, FollowerInfo{kLastEpoch, kFirst});
  EXPECT_FALSE(bench.role.Owns(kOne));
  EXPECT_FALSE(bench.DiskBusy());

  RoleBench<Leader> last{BenchConfig(3, 3), Leader()};
  last.core.epochs.Set(kLastEpoch, Epoch{4});
  Outbox out = last.out();
  last.role.Start(last.core, out);
  EXPECT_EQ(last.role.abandoned(), Reason::kZxidOverflow);
}

}  // namespace
}  // namespace zab::leader_paper
