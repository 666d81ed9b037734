// Compares claims of servers with what their disks hold: real log files and snapshots, installed by
// hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/invariants_story.h"

namespace scenario::durability_test {
namespace {

using namespace story;  // NOLINT: the vocabulary of these tests.
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// n3 leads epoch 1, proposes all of `history`, and n1 logs it.
void Log(Story& s, const History& history) {
  for (const zab::TxnRef& txn : history.txns) {
    s.WithHash(txn->hash).Propose(3, txn->zxid()).Log(1, txn->zxid());
  }
}

History TwoTxns() {
  History history;
  history.Create(Z(1, 1));
  history.Create(Z(1, 2));
  return history;
}

TEST(DurableAck, HoldsOnceItIsOnDisk) {
  const History history = TwoTxns();
  Story s;
  s.Lead(3, 1, {1, 2});
  Log(s, history);
  InstallDirectory(s.disk(1), history.txns, "1", "1");
  s.WithHash(0).Ack(1, Z(1, 2));
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(DurableAck, FailsWhenItIsNot) {
  const History history = TwoTxns();
  Story s;
  s.Lead(3, 1, {1, 2});
  Log(s, history);
  InstallDirectory(s.disk(1), {history.txns[0]}, "1", "1");
  s.Ack(1, Z(1, 1));
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.Ack(1, Z(1, 2));
  EXPECT_THAT(s.Violated(), ElementsAre("DurableAck"));
}

TEST(DurableAck, FailsWhenAnotherTransactionHasThatZxid) {
  const History history = TwoTxns();
  Story s;
  s.Lead(3, 1, {1, 2});
  Log(s, history);
  History other;
  other.Add(Z(1, 1), {.type = zab::OpType::kCreate, .path = "/other"});
  InstallDirectory(s.disk(1), other.txns, "1", "1");
  s.Ack(1, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("DurableAck"));
}

// What is written but not synced does not count.
TEST(DurableAck, LooksAtTheDurableImage) {
  const History history = TwoTxns();
  sim::FileStore files;
  files.Install("snapshot.0", zab::SnapshotFile(History().tree, Zxid{}));
  files.Create("log.100000001");
  ASSERT_EQ(files.Write("log.100000001", 0, zab::Payload(LogOf({history.txns[0]}))),
            zab::FileError::kNone);
  Histories histories;
  DurableView view(1);
  view.Refresh(ServerId{1}, files, {}, histories);
  EXPECT_EQ(view.state(ServerId{1}).last, Zxid{});
  ASSERT_EQ(files.Fsync("log.100000001"), zab::FileError::kNone);
  view.Refresh(ServerId{1}, files, {}, histories);
  EXPECT_EQ(view.state(ServerId{1}).last, Zxid{});  // Its name is not durable.
  files.SyncDirectory();
  view.Refresh(ServerId{1}, files, {}, histories);
  EXPECT_EQ(view.state(ServerId{1}).last, Z(1, 1));

  std::string more;
  zab::AppendRecord(*history.txns[1], more);
  const uint64_t end = LogOf({history.txns[0]}).size();
  ASSERT_EQ(files.Write("log.100000001", end, zab::Payload(more)), zab::FileError::kNone);
  view.Extend(ServerId{1}, files, histories);
  EXPECT_EQ(view.state(ServerId{1}).last, Z(1, 1));
  ASSERT_EQ(files.Fsync("log.100000001"), zab::FileError::kNone);
  view.Extend(ServerId{1}, files, histories);
  EXPECT_EQ(view.state(ServerId{1}).last, Z(1, 2));

  ASSERT_EQ(files.Truncate("log.100000001", end), zab::FileError::kNone);
  ASSERT_EQ(files.Fsync("log.100000001"), zab::FileError::kNone);
  view.Refresh(ServerId{1}, files, {}, histories);
  EXPECT_EQ(view.state(ServerId{1}).last, Z(1, 1));
}

TEST(DurableView, TreatsAnInstallationInProgressAsItsSnapshot) {
  const History history = TwoTxns();
  Histories histories;
  HistoryId received;
  for (const zab::TxnRef& txn : history.txns) {
    received = histories.Append(received, {txn->zxid(), txn->hash});
  }
  sim::FileStore files;
  files.Install("snapshot.0", zab::SnapshotFile(History().tree, Zxid{}));
  files.Install("received.100000002", zab::SnapshotFile(history.tree, Z(1, 2)));
  DurableView view(1);
  view.Refresh(ServerId{1}, files, {.received = received}, histories);
  EXPECT_EQ(view.state(ServerId{1}).history, received);
  EXPECT_EQ(view.state(ServerId{1}).last, Z(1, 2));
}

TEST(DurableView, FindsAGapInALog) {
  History history = TwoTxns();
  history.Create(Z(1, 3));
  sim::FileStore files;
  files.Install("snapshot.0", zab::SnapshotFile(History().tree, Zxid{}));
  files.Install("log.100000001", LogOf({history.txns[0], history.txns[2]}));
  Histories histories;
  DurableView view(1);
  view.Refresh(ServerId{1}, files, {}, histories);
  EXPECT_THAT(view.state(ServerId{1}).damage, testing::HasSubstr("from 1:1 to 1:3"));
}

// 4646: NEWLEADER acknowledged before the history is durable.
TEST(DurableNewLeaderAck, FailsWithoutTheInitialHistory) {
  const History history = TwoTxns();
  Story s;
  s.Lead(3, 1, {1, 2});
  for (const zab::TxnRef& txn : history.txns) {
    s.WithHash(txn->hash).Propose(3, txn->zxid()).Log(3, txn->zxid());
  }
  s.Look(3).Elect(3, 2, {1});
  for (const zab::TxnRef& txn : history.txns) s.WithHash(txn->hash).Log(1, txn->zxid());
  InstallDirectory(s.disk(1), {history.txns[0]}, "2", "2");
  s.Join(1);
  EXPECT_THAT(s.Violated(), ElementsAre("DurableNewLeaderAck"));
}

TEST(DurableNewLeaderAck, FailsWithoutTheEpoch) {
  Story s;
  InstallDirectory(s.disk(1), {}, "1", "0");
  s.Elect(3, 1, {1}).Join(1);
  EXPECT_THAT(s.Violated(), ElementsAre("DurableNewLeaderAck"));
  Story t;
  InstallDirectory(t.disk(1), {}, "1", "1");
  t.Elect(3, 1, {1}).Join(1);
  EXPECT_THAT(t.End(), IsEmpty());
}

/// n1 has acknowledged both transactions and has them on disk.
void Acknowledge(Story& s, const History& history) {
  s.Lead(3, 1, {1, 2});
  Log(s, history);
  InstallDirectory(s.disk(1), history.txns, "1", "1");
  s.Ack(1, Z(1, 1)).Ack(1, Z(1, 2));
}

TEST(ProcessConsistency, FailsWhenWhatWasAcknowledgedIsGone) {
  const History history = TwoTxns();
  Story s;
  Acknowledge(s, history);
  s.Crash(1);
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.disk(1).Install(zab::LogName(Z(1, 1)), LogOf({history.txns[0]}));
  s.Crash(1);
  EXPECT_THAT(s.Violated(), ElementsAre("ProcessConsistency"));
}

TEST(ProcessConsistency, HoldsWhenTruncIsObeyedUnderANewerPromise) {
  const History history = TwoTxns();
  Story s;
  Acknowledge(s, history);
  s.Look(1).Elect(2, 2, {});
  s.Tell(1, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = {2}});
  s.disk(1).Install("acceptedEpoch", "2");
  s.Tell(1, {.probe = Probe::kAckEpoch, .peer = {2}, .epoch = Epoch{2}, .zxid = Z(1, 2)});
  s.disk(1).Install(zab::LogName(Z(1, 1)), LogOf({history.txns[0]}));
  s.Truncate(1, Z(1, 1));
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(ProcessConsistency, HoldsWhenACrashComesDuringThatTrunc) {
  const History history = TwoTxns();
  Story s;
  Acknowledge(s, history);
  s.Look(1).Elect(2, 2, {});
  s.Tell(1, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = {2}});
  s.disk(1).Install("acceptedEpoch", "2");
  s.Tell(1, {.probe = Probe::kAckEpoch, .peer = {2}, .epoch = Epoch{2}, .zxid = Z(1, 2)});
  s.Tell(1, {.probe = Probe::kMsgDelivered, .kind = Kind::kTruncMessage, .zxid = Z(1, 1)});
  s.disk(1).Install(zab::LogName(Z(1, 1)), LogOf({history.txns[0]}));
  s.Crash(1).Recover(1, Z(1, 1));
  EXPECT_THAT(s.End(), IsEmpty());
}

// The leader may already have counted the acknowledgement that this TRUNC revokes.
TEST(ProcessConsistency, FailsWhenTruncIsObeyedUnderTheSamePromise) {
  const History history = TwoTxns();
  Story s;
  Acknowledge(s, history);
  s.disk(1).Install(zab::LogName(Z(1, 1)), LogOf({history.txns[0]}));
  s.Truncate(1, Z(1, 1));
  EXPECT_THAT(s.Violated(), Contains("ProcessConsistency"));
}

// OWN-1: the record after the point of truncation stays.
TEST(ProcessConsistency, FailsWhenTruncLeavesTooMuch) {
  const History history = TwoTxns();
  Story s;
  s.Lead(3, 1, {1, 2});
  Log(s, history);
  InstallDirectory(s.disk(1), history.txns, "1", "1");
  s.Truncate(1, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("ProcessConsistency"));
}

// 2845: the server votes with its memory, which is behind its log.
TEST(ProcessConsistency, FailsWhenLessIsAnnouncedThanARestartWould) {
  const History history = TwoTxns();
  Story s;
  s.Lead(3, 1, {1, 2});
  Log(s, history);
  InstallDirectory(s.disk(1), history.txns, "1", "1");
  s.Look(1).Tell(1, {.probe = Probe::kLooking, .zxid = Z(1, 2), .number = 1});
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.Tell(1, {.probe = Probe::kLooking, .zxid = Z(1, 1), .number = 2});
  EXPECT_THAT(s.Violated(), ElementsAre("ProcessConsistency"));
}

// 3642: a SNAP in memory, never saved, is announced.
TEST(ProcessConsistency, FailsWhenMoreIsAnnouncedThanARestartWould) {
  Story s;
  InstallDirectory(s.disk(1), {}, "1", "1");
  s.Tell(1, {.probe = Probe::kLooking, .zxid = Z(1, 5), .number = 1});
  EXPECT_THAT(s.Violated(), ElementsAre("ProcessConsistency"));
}

TEST(ProcessConsistency, AcceptsTheStartOfAnEmptyEpoch) {
  Story s;
  InstallDirectory(s.disk(1), {}, "1", "1");
  s.Tell(1, {.probe = Probe::kLooking, .zxid = Z(1, 0), .number = 1});
  EXPECT_THAT(s.End(), IsEmpty());
}

/// n1 has acknowledged 1:1 to 1:4, in two logs, and snapshots of the beginning and of 1:2.
struct Retained {
  Retained() {
    for (uint32_t counter = 1; counter <= 2; ++counter) history.Create(Z(1, counter));
    snapshot = zab::SnapshotFile(history.tree, Z(1, 2));
    for (uint32_t counter = 3; counter <= 4; ++counter) history.Create(Z(1, counter));
    s.Lead(3, 1, {1, 2});
    Log(s, history);
    Install({"snapshot.0", "snapshot.100000002", "log.100000001", "log.100000003"});
    s.Ack(1, Z(1, 4));
    EXPECT_THAT(s.Violated(), testing::IsEmpty());
  }
  /// Exactly these files, and the epochs.
  void Install(const std::vector<std::string>& names) {
    const auto& txns = history.txns;
    sim::Disk& disk = s.disk(1);
    disk.Wipe();
    for (const std::string& name : names) {
      if (name == "snapshot.0") disk.Install(name, zab::SnapshotFile(History().tree, {}));
      if (name == "snapshot.100000002") disk.Install(name, snapshot);
      if (name == "log.100000001") disk.Install(name, LogOf({txns[0], txns[1]}));
      if (name == "log.100000003") disk.Install(name, LogOf({txns[2], txns[3]}));
    }
    disk.Install("acceptedEpoch", "1");
    disk.Install("currentEpoch", "1");
  }
  std::vector<std::string> Purge(const std::vector<std::string>& kept) {
    Install(kept);
    s.Tell(1, {.probe = Probe::kPurged, .zxid = Z(1, 2)});
    return s.Violated();
  }
  History history;
  std::string snapshot;
  Story s;
};

TEST(PurgeKeepsHistory, HoldsWhenTheLogsFollowTheOldestSnapshot) {
  Retained r;
  EXPECT_THAT(r.Purge({"snapshot.100000002", "log.100000003"}), testing::IsEmpty());
}

TEST(PurgeKeepsHistory, FailsWhenTheOldestSnapshotLeadsNowhere) {
  Retained r;
  EXPECT_THAT(r.Purge({"snapshot.0", "snapshot.100000002", "log.100000003"}),
              testing::ElementsAre("PurgeKeepsHistory"));
  Retained q;
  EXPECT_THAT(q.Purge({"snapshot.0", "log.100000001"}), testing::Contains("PurgeKeepsHistory"));
}

// An earlier fault of the disk that did no harm excuses nothing.
TEST(PurgeKeepsHistory, FailsForDamageThatNoFaultHasDone) {
  Retained r;
  r.s.Tell(1, {.probe = Probe::kDiskCorrupted, .kind = Kind::kRot});
  EXPECT_THAT(r.Purge({"log.100000003"}), testing::ElementsAre("PurgeKeepsHistory"));
  r.s.Tell(1, {.probe = Probe::kRecovered, .kind = Kind::kDamaged});
  EXPECT_THAT(r.s.Violated(), testing::IsSupersetOf({"NoFatalExit", "PurgeKeepsHistory"}));
}

TEST(SnapshotEquivalence, FailsWhenOneZxidHasTwoTrees) {
  Story s;
  s.Lead(3, 1, {1, 2});
  s.Serve(1, Z(1, 0), 5).Serve(2, Z(1, 0), 5);
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.Serve(2, Z(1, 0), 6);
  EXPECT_THAT(s.Violated(), ElementsAre("SnapshotEquivalence"));
}

TEST(SnapshotEquivalence, FailsForADigestThatDiffersFromItsTransaction) {
  Story s;
  s.Tell(1, {.probe = Probe::kDigestMismatch, .zxid = Z(1, 1), .txn = 2, .tree = 3});
  EXPECT_THAT(s.Violated(), ElementsAre("SnapshotEquivalence"));
}

TEST(SnapshotEquivalence, ComparesSnapshotsNodeByNode) {
  const History history = TwoTxns();
  Story s;
  Acknowledge(s, history);
  s.disk(1).Install("snapshot.100000002", zab::SnapshotFile(history.tree, Z(1, 2)));
  s.Tell(1, {.probe = Probe::kSnapshotEnd, .zxid = Z(1, 2)});
  EXPECT_THAT(s.End(), IsEmpty());

  History twin = TwoTxns();  // A third node that no transaction has created.
  Story t;
  Acknowledge(t, history);
  twin.Create(Z(1, 3));
  t.disk(1).Install("snapshot.100000002", zab::SnapshotFile(twin.tree, Z(1, 2)));
  t.Tell(1, {.probe = Probe::kSnapshotEnd, .zxid = Z(1, 2)});
  EXPECT_THAT(t.Violated(), ElementsAre("SnapshotEquivalence"));
}

}  // namespace
}  // namespace scenario::durability_test
