// The follower's half of the paper, sentence by sentence.  DSN'11 = Junqueira, Reed, Serafini,
// "Zab".
#include <gtest/gtest.h>

#include "protocol/roles/snapshot_stream.h"
#include "tests/support/role_bench.h"

namespace zab::follower_paper {
namespace {

constexpr ServerId kLeader{3};

class FollowerPaper : public testing::Test {
 protected:
  FollowerPaper() { bench.core.epochs.Set(Epoch{4}, Epoch{4}); }

  void Connect() {
    Outbox out = bench.out();
    bench.role.Start(bench.core, out);
    bench.role.OnConnected(bench.core, out);
  }
  void Receive(const Message& message) {
    Outbox out = bench.out();
    bench.role.OnReceived(Encode(message).view(), bench.core, out);
  }
  /// Completes the discovery of `epoch` and forgets what was sent.
  void Discover(Epoch epoch) {
    Connect();
    Receive(LeaderInfo{epoch});
    bench.AnswerDisk();
    bench.Sent();
  }
  /// Joins epoch 5 with an empty DIFF, up to UPTODATE.
  void Join() {
    Discover(Epoch{5});
    Receive(Diff{bench.core.database.last_processed});
    Receive(NewLeader{Epoch{5}, ""});
    bench.Settle();
    Receive(UpToDate{});
    bench.Sent();
  }

  /// Receives a complete SNAP at `zxid`.
  void ReceiveSnapshot(Zxid zxid) {
    Discover(Epoch{5});
    Receive(Snap{zxid});
    std::string stream;
    SnapshotWalker walker;
    while (!walker.done()) walker.Next(bench.core.database.tree, 1 << 20, stream);
    Outbox out = bench.out();
    bench.role.OnReceived(stream + std::string(kSignature), bench.core, out);
  }

  RoleBench<Follower> bench{BenchConfig(3, 1), Follower(kLeader)};
};

// "A follower sends to the prospective leader its last promise in a CEPOCH(f.p) message."
// (Step 1.1)
TEST_F(FollowerPaper, Phase1TellsTheLeaderItsLastPromise) {
  Connect();
  const std::vector<Message> sent = bench.Sent();
  ASSERT_EQ(sent.size(), 1u);
  ASSERT_TRUE(std::holds_alternative<FollowerInfo>(sent[0]));
  EXPECT_EQ(std::get<FollowerInfo>(sent[0]).accepted_epoch, Epoch{4});
}

// A promise is acknowledged only once it is durable.  (Step 1.3: f.p <- e', then ACK-E; P1)
TEST_F(FollowerPaper, Phase1AcknowledgesOnlyADurablePromise) {
  Connect();
  bench.Sent();
  Receive(LeaderInfo{Epoch{5}});
  EXPECT_TRUE(bench.Sent().empty());  // Nothing before the disk has answered.
  EXPECT_EQ(bench.core.epochs.accepted(), Epoch{4});
  bench.AnswerDisk();
  EXPECT_EQ(bench.core.epochs.accepted(), Epoch{5});
  const std::vector<Message> sent = bench.Sent();
  ASSERT_EQ(sent.size(), 1u);
  const AckEpoch& ack = std::get<AckEpoch>(sent[0]);
  EXPECT_EQ(ack.current_epoch, Epoch{4});  // f.a, not the new promise.
}

// "If e' < f.p", the follower does not acknowledge.  (Step 1.3)
TEST_F(FollowerPaper, Phase1RefusesAnOlderEpoch) {
  Connect();
  bench.Sent();
  Receive(LeaderInfo{Epoch{3}});
  EXPECT_TRUE(bench.Sent().empty());
  EXPECT_EQ(bench.role.abandoned(), Reason::kStaleEpoch);
}

// ZooKeeper, not the paper: an epoch equal to the promise is answered with -1, which does not
// count, and nothing is stored.  (ZK Learner.registerWithLeader)
TEST_F(FollowerPaper, Phase1APromiseCountsOnce) {
  Connect();
  bench.Sent();
  Receive(LeaderInfo{Epoch{4}});
  EXPECT_FALSE(bench.DiskBusy());
  const std::vector<Message> sent = bench.Sent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_FALSE(std::get<AckEpoch>(sent[0]).current_epoch.has_value());
}

// "Upon receiving NEWLEADER(e', T)... it sets f.a to e' and accepts every transaction of T, in
// order", then acknowledges.  (Step 2.2)  On disk: the history, then currentEpoch, then the ACK.
// (P3)
TEST_F(FollowerPaper, Phase2HistoryThenEpochThenAck) {
  Discover(Epoch{5});
  Receive(Diff{Zxid{Epoch{4}, 1}});
  Receive(Proposal{BenchTxn({Epoch{4}, 1})});
  Receive(Commit{Zxid{Epoch{4}, 1}});
  EXPECT_FALSE(bench.DiskBusy());  // A DIFF changes nothing before NEWLEADER.
  Receive(NewLeader{Epoch{5}, ""});
  EXPECT_EQ(bench.role.phase(), Follower::Phase::kSaving);
  EXPECT_EQ(bench.core.log.last_synced(), Zxid{});
  EXPECT_EQ(bench.core.epochs.current(), Epoch{4});
  bench.AnswerDisk();
  EXPECT_EQ(bench.core.log.last_synced(), (Zxid{Epoch{4}, 1}));
  EXPECT_EQ(bench.core.epochs.current(), Epoch{5});
  EXPECT_TRUE(bench.Sent().empty());
  bench.ResumeTasks();
  const std::vector<Message> sent = bench.Sent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(std::get<Ack>(sent[0]).zxid, (Zxid{Epoch{5}, 0}));
}

// A NEWLEADER of an epoch other than the promised one is not accepted.  (Step 2.2: "if f.p = e'")
TEST_F(FollowerPaper, Phase2RefusesANewLeaderOfAnotherEpoch) {
  Discover(Epoch{5});
  Receive(Diff{Zxid{}});
  Receive(NewLeader{Epoch{6}, ""});
  EXPECT_EQ(bench.role.abandoned(), Reason::kStaleEpoch);
}

// "Upon receiving a COMMIT(e') message, the follower delivers all transactions in the initial
// history." (Step 2.4; UPTODATE is the COMMIT-LD)
TEST_F(FollowerPaper, Phase2ServesFromUpToDateOn) {
  Discover(Epoch{5});
  Receive(Diff{Zxid{}});
  Receive(NewLeader{Epoch{5}, ""});
  bench.Settle();
  EXPECT_FALSE(bench.Traced(Probe::kServing));
  Receive(UpToDate{});
  EXPECT_TRUE(bench.Traced(Probe::kServing));
  EXPECT_EQ(bench.role.phase(), Follower::Phase::kBroadcast);
}

// The parts of a failed multi are errors in a DIFF of ZooKeeper's, and keep their records.
TEST_F(FollowerPaper, Phase2TakesAFailedMultiOfADiff) {
  Discover(Epoch{5});
  const TxnRef made = MakeTxn({.zxid = {Epoch{5}, 1}},
                              MultiTxn{{{TxnType::kCreate, CreateTxn{.path = "/m", .data = "x"}},
                                        {TxnType::kError, ErrorTxn{Error::kNoNode}}}},
                              std::nullopt);
  std::string bytes(made->bytes.view());
  bytes.replace(36, 4, 4, '\xff');  // The first part's type.
  const TxnRef failed = ParseTxn(Payload(bytes)).value();
  Receive(Diff{failed->zxid()});
  Receive(Proposal{failed});
  Receive(Commit{failed->zxid()});
  Receive(NewLeader{Epoch{5}, ""});
  bench.Settle();
  EXPECT_FALSE(bench.role.abandoned());
  EXPECT_EQ(bench.core.database.last_processed, failed->zxid());
  EXPECT_NE(bench.files["log.500000001"].find(bytes), std::string::npos) << "as it came";
}

// A leader that answers -1 with TRUNC once more would be asked for ever.
TEST_F(FollowerPaper, Phase2AsksForASnapshotOnce) {
  Discover(Epoch{5});
  Receive(Trunc{Zxid{Epoch{3}, 7}});
  bench.AnswerDisk();
  ASSERT_EQ(bench.role.phase(), Follower::Phase::kConnecting);
  Outbox out = bench.out();
  bench.role.OnConnected(bench.core, out);
  Receive(LeaderInfo{Epoch{5}});
  bench.AnswerDisk();
  Receive(Trunc{Zxid{Epoch{3}, 7}});
  EXPECT_EQ(bench.role.abandoned(), Reason::kWrongPhase);
}

// Between NEWLEADER and UPTODATE proposals are kept, not logged and not acknowledged (4685, 4394).
TEST_F(FollowerPaper, Phase2KeepsProposalsUntilUpToDate) {
  Discover(Epoch{5});
  Receive(Diff{Zxid{}});
  Receive(Proposal{BenchTxn({Epoch{5}, 1})});
  Receive(NewLeader{Epoch{5}, ""});
  bench.Settle();
  EXPECT_EQ(bench.core.log.last_appended(), Zxid{});
  Receive(Commit{Zxid{Epoch{5}, 1}});
  EXPECT_FALSE(bench.role.abandoned().has_value());
  Receive(UpToDate{});
  bench.Settle();
  EXPECT_EQ(bench.core.database.last_processed, (Zxid{Epoch{5}, 1}));
}

// "Followers accept by writing the proposal to stable storage and then acknowledging."  (Step 3.2;
// P5)
TEST_F(FollowerPaper, Phase3AcknowledgesAfterTheDisk) {
  Join();
  Receive(Proposal{BenchTxn({Epoch{5}, 1})});
  EXPECT_TRUE(bench.Sent().empty());
  bench.AnswerDisk();
  bench.ResumeTasks();
  const std::vector<Message> sent = bench.Sent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(std::get<Ack>(sent[0]).zxid, (Zxid{Epoch{5}, 1}));
}

// "...delivers (commits) <v, z> if it has delivered all <v', z'> with z' < z".  (Step 3.3)
TEST_F(FollowerPaper, Phase3DeliversInOrderOfZxids) {
  Join();
  Receive(Proposal{BenchTxn({Epoch{5}, 1})});
  Receive(Proposal{BenchTxn({Epoch{5}, 2})});
  Receive(Commit{Zxid{Epoch{5}, 1}});
  bench.Settle();
  EXPECT_EQ(bench.core.database.last_processed, (Zxid{Epoch{5}, 1}));
  Receive(Commit{Zxid{Epoch{5}, 2}});
  bench.Settle();
  EXPECT_EQ(bench.core.database.last_processed, (Zxid{Epoch{5}, 2}));
}

// A COMMIT out of order stops the server, which is better than applying it.  (ZK exit code 12)
TEST_F(FollowerPaper, Phase3StopsAtACommitOutOfOrder) {
  Join();
  Receive(Proposal{BenchTxn({Epoch{5}, 1})});
  Receive(Commit{Zxid{Epoch{5}, 2}});
  bool halted = false;
  for (const Effect& effect : bench.effects) halted |= std::holds_alternative<Halt>(effect);
  EXPECT_TRUE(halted);
}

// A gap inside an epoch means a lost transaction: the follower leaves.  (3.9.4)
TEST_F(FollowerPaper, Phase3LeavesAtAGap) {
  Join();
  Receive(Proposal{BenchTxn({Epoch{5}, 2})});
  EXPECT_EQ(bench.role.abandoned(), Reason::kZxidGap);
}

// After a counter overflow the next transaction would sort before all others of its epoch.
TEST_F(FollowerPaper, Phase3LeavesAtACounterOverflow) {
  bench.core.database.last_processed = {Epoch{4}, UINT32_MAX};
  Join();
  Receive(Proposal{BenchTxn({Epoch{4}, 0})});
  EXPECT_EQ(bench.role.abandoned(), Reason::kZxidGap);
}

// The first proposal after a SNAP may already be in the snapshot; the others still follow it.
// (REFERENCE.md 7.4)
TEST_F(FollowerPaper, Phase2LeavesAtAGapAfterASnapshot) {
  ReceiveSnapshot({Epoch{4}, 9});
  Receive(Proposal{BenchTxn({Epoch{4}, 5})});
  Receive(Commit{Zxid{Epoch{4}, 5}});
  EXPECT_FALSE(bench.role.abandoned());
  Receive(Proposal{BenchTxn({Epoch{4}, 7})});
  EXPECT_EQ(bench.role.abandoned(), Reason::kZxidGap);
}

// From NEWLEADER on, everything proposed must be logged after the snapshot.
TEST_F(FollowerPaper, Phase3LeavesAtAProposalThatTheSnapshotHolds) {
  ReceiveSnapshot({Epoch{4}, 9});
  Receive(NewLeader{Epoch{5}, ""});
  bench.Settle();
  Receive(UpToDate{});
  Receive(Proposal{BenchTxn({Epoch{4}, 9})});
  EXPECT_EQ(bench.role.abandoned(), Reason::kZxidGap);
}

// The same if proposals have arrived for a part of what the snapshot holds.
TEST_F(FollowerPaper, Phase3ContinuesAfterTheSnapshot) {
  for (const uint32_t next : {6u, 10u}) {
    bench = RoleBench<Follower>{BenchConfig(3, 1), Follower(kLeader)};
    bench.core.epochs.Set(Epoch{4}, Epoch{4});
    ReceiveSnapshot({Epoch{4}, 9});
    Receive(Proposal{BenchTxn({Epoch{4}, 5})});
    Receive(Commit{Zxid{Epoch{4}, 5}});
    Receive(NewLeader{Epoch{5}, ""});
    bench.Settle();
    Receive(UpToDate{});
    Receive(Proposal{BenchTxn({Epoch{4}, next})});
    EXPECT_EQ(bench.role.abandoned().has_value(), next == 6) << next;
  }
}

// It cannot be logged after that snapshot, and the snapshot cannot contain what is not committed.
TEST_F(FollowerPaper, Phase2LeavesIfTheSnapshotHoldsWhatIsNotCommitted) {
  ReceiveSnapshot({Epoch{4}, 9});
  Receive(Proposal{BenchTxn({Epoch{4}, 9})});
  Receive(NewLeader{Epoch{5}, ""});
  EXPECT_EQ(bench.role.abandoned(), Reason::kUnmatchedCommit);
}

}  // namespace
}  // namespace zab::follower_paper
