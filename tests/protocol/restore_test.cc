// What a server restores from a directory (REFERENCE.md 15.1, 15.2, 13.3, 15.6).
#include "protocol/storage/restore.h"

#include <gtest/gtest.h>

#include "protocol/storage/epochs.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snap_install.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/protocol/restore_sample.h"
#include "tests/protocol/storage_model.h"

namespace zab {
namespace restore_test {

using storage_model::FilesIn;
using storage_model::ForEveryCrash;
using storage_model::Performed;

TEST(Restore, AnEmptyDirectoryIsFresh) {
  const Restored restored = Restore({}, Config());
  EXPECT_TRUE(restored.fresh);
  EXPECT_FALSE(restored.damaged);
  EXPECT_EQ(restored.database.tree, DataTree::Fresh(Config().ConfigText()));
  EXPECT_EQ(restored.database.last_processed, Zxid{});
  EXPECT_FALSE(restored.current_epoch);
  // So is a directory with an unfinished first snapshot.
  EXPECT_TRUE(Restore({{"snapshot.0.tmp", Payload("ZKSN")}}, Config()).fresh);
}

TEST(Restore, ReplaysTheLogOnTheSnapshot) {
  const Sample sample;
  const Restored restored = Restore(sample.image, Config());
  EXPECT_EQ(StateOf(restored, sample), 8) << restored.damage;
  EXPECT_TRUE(restored.repairs.empty());
  EXPECT_FALSE(restored.fresh);
  EXPECT_EQ(restored.snapshot, Zxid{});
  EXPECT_EQ(restored.log.size(), 8u);
  EXPECT_EQ(restored.last_log, "log.200000001");
  EXPECT_EQ(restored.accepted_epoch, Epoch{2});
  // Replayed transactions are added to the committed log, up to its limit.
  ASSERT_EQ(restored.database.committed_log.txns().size(), 3u);
  EXPECT_EQ(restored.database.committed_log.max(), (Zxid{Epoch{2}, 3}));
}

TEST(Restore, StartsFromTheNewestSnapshot) {
  Sample sample;
  sample.image["snapshot.100000004"] = sample.Snapshot(4);
  const Restored restored = Restore(sample.image, Config());
  EXPECT_EQ(StateOf(restored, sample), 8);
  EXPECT_EQ(restored.snapshot, (Zxid{Epoch{1}, 4}));
  EXPECT_EQ(restored.log.size(), 4u);
  // Log files before the last one that begins at or before it do not matter.
  sample.image["snapshot.200000001"] = sample.Snapshot(6);
  sample.image["log.100000001"] = Payload("damaged");
  EXPECT_EQ(StateOf(Restore(sample.image, Config()), sample), 8);
}

TEST(Restore, ASnapshotAloneIsAHistory) {
  const Sample sample;
  const DirectoryImage image = {{"snapshot.200000003", sample.Snapshot(8)}};
  const Restored restored = Restore(image, Config());
  EXPECT_EQ(StateOf(restored, sample), 8);
  EXPECT_TRUE(restored.last_log.empty());
}

TEST(Restore, FallsBackToAnOlderSnapshotOfTheSameHistory) {
  Sample sample;
  sample.image["snapshot.100000004"] = Payload("rotten");
  EXPECT_EQ(StateOf(Restore(sample.image, Config()), sample), 8);
}

// The log does not contain what the corrupt snapshot represented: the snapshot was received, or the
// log has lost it.
TEST(Restore, DoesNotReplayAcrossASnapshotThatTheLogDoesNotHold) {
  Sample sample;
  sample.image["snapshot.100000009"] = Payload("rotten");
  const Restored restored = Restore(sample.image, Config());
  EXPECT_TRUE(restored.damaged);
  EXPECT_EQ(restored.database.last_processed, Zxid{});
  EXPECT_EQ(restored.database.tree.size(), 0u);
}

TEST(Restore, NothingLoadsAlthoughFilesExist) {
  const Sample sample;
  DirectoryImage image = sample.image;
  image["snapshot.0"] = Payload("rotten");
  EXPECT_TRUE(Restore(image, Config()).damaged);
  image.erase("snapshot.0");
  EXPECT_TRUE(Restore(image, Config()).damaged);
  EXPECT_TRUE(Restore({{"currentEpoch", Payload("1")}}, Config()).damaged);
  EXPECT_TRUE(Restore({{"currentEpoch", Payload("0")}}, Config()).fresh);
}

// P9: the history and currentEpoch are two writes, so a history of a newer epoch is accepted.
TEST(Restore, AcceptsAHistoryNewerThanTheEpoch) {
  Sample sample;
  sample.image["currentEpoch"] = Payload("1");
  EXPECT_EQ(StateOf(Restore(sample.image, Config()), sample), 8);
}

TEST(Restore, UnfinishedFilesAreRemoved) {
  Sample sample;
  sample.image["snapshot.200000003.tmp"] = sample.Snapshot(8);
  sample.image["currentEpoch.tmp"] = Payload("9");
  sample.image["received.200000003.tmp"] = sample.Snapshot(8);
  for (const char* others : {"notes.tmp", "log.1.tmp", ".tmp", "snapshot.tmp"}) {
    sample.image[others] = Payload("nobody knows what");
  }
  const Restored restored = Restore(sample.image, Config());
  EXPECT_EQ(restored.repairs.size(), 3u);
  EXPECT_EQ(restored.current_epoch, Epoch{2});
  EXPECT_EQ(restored.snapshot, Zxid{});
  ApplyRepairs(restored.repairs, sample.image);
  EXPECT_TRUE(Restore(sample.image, Config()).repairs.empty());
}

// REFERENCE.md 13.3: the log cut at any byte gives the complete records before the cut and is never
// damaged; once repaired, it is clean and gives the same.
TEST(Restore, ATornTailIsCutAtAnyByte) {
  const Sample sample;
  const std::string whole(sample.image.at("log.200000001").view());
  for (size_t length = 0; length <= whole.size(); ++length) {
    for (const bool zeros : {false, true}) {
      DirectoryImage image = sample.image;
      image["log.200000001"] =
          Payload(whole.substr(0, length) + std::string(zeros ? whole.size() - length : 0, '\0'));
      const Restored restored = Restore(image, Config());
      ASSERT_FALSE(restored.damaged) << length << ": " << restored.damage;
      const int state = StateOf(restored, sample);
      EXPECT_GE(state, 5);
      ApplyRepairs(restored.repairs, image);
      const Restored again = Restore(image, Config());
      EXPECT_TRUE(again.repairs.empty()) << length;
      EXPECT_EQ(StateOf(again, sample), state) << length;
      EXPECT_TRUE(image.contains(restored.last_log));
      EXPECT_EQ(again.last_log, restored.last_log);
    }
  }
}

// Any corrupt byte anywhere gives damage or a prefix of the history; the whole history unless the
// byte is in the last record.
TEST(Restore, ACorruptByteNeverGivesAnotherHistory) {
  Sample sample;
  sample.image["snapshot.100000002"] = sample.Snapshot(2);
  for (const char* name : {"log.100000001", "log.200000001", "snapshot.0", "snapshot.100000002"}) {
    const std::string whole(sample.image.at(name).view());
    for (size_t position = 0; position < whole.size(); ++position) {
      std::string bytes = whole;
      bytes[position] = static_cast<char>(bytes[position] ^ 0x24);
      DirectoryImage image = sample.image;
      image[name] = Payload(bytes);
      const Restored restored = Restore(image, Config());
      const int state = StateOf(restored, sample);
      EXPECT_TRUE(state == -1 || state >= 7) << name << " " << position;
      if (name != std::string("log.200000001")) {
        EXPECT_TRUE(state == -1 || state == 8) << name << " " << position;
      }
      if (restored.damaged) {
        EXPECT_TRUE(restored.repairs.empty());
        EXPECT_FALSE(restored.damage.empty());
      }
    }
  }
}

TEST(Restore, AnOlderFileMayNotBeTorn) {
  Sample sample;
  const std::string whole(sample.image["log.100000001"].view());
  sample.image["log.100000001"] = Payload(whole.substr(0, whole.size() - 1));
  EXPECT_TRUE(Restore(sample.image, Config()).damaged);
}

// Apache ZooKeeper leaves a torn tail in place and continues in a new file, whose name shows that
// nothing is missing.
TEST(Restore, AnOlderFileMayBeTornIfTheNextContinuesIt) {
  Sample sample;
  std::string torn(Log(sample.history.txns, 0, 3).view());
  torn += std::string(Log(sample.history.txns, 3, 4).view()).substr(kLogHeaderSize, 30);
  sample.image["log.100000001"] = Payload(torn);
  sample.image["log.100000004"] = Log(sample.history.txns, 3, 5);
  const Restored restored = Restore(sample.image, Config());
  EXPECT_EQ(StateOf(restored, sample), 8) << restored.damage;
  ApplyRepairs(restored.repairs, sample.image);
  const Restored again = Restore(sample.image, Config());
  EXPECT_TRUE(again.repairs.empty());
  EXPECT_EQ(StateOf(again, sample), 8);
}

TEST(Restore, GapsInsideAnEpochAreDamage) {
  const Sample sample;
  for (const size_t missing : {1u, 4u, 6u}) {
    std::vector<TxnRef> txns = sample.history.txns;
    txns.erase(txns.begin() + static_cast<std::ptrdiff_t>(missing));
    DirectoryImage image = sample.image;
    image.erase("log.200000001");
    image["log.100000001"] = Log(txns, 0, txns.size());
    // The last transaction of an epoch may be missing; nothing shows that there was one.
    EXPECT_EQ(Restore(image, Config()).damaged, missing != 4) << missing;
  }
  // The same between snapshot and log.
  DirectoryImage image = sample.image;
  image["log.100000002"] = Log(sample.history.txns, 1, 5);
  image.erase("log.100000001");
  EXPECT_TRUE(Restore(image, Config()).damaged);
  // An epoch begins with 1.
  image = sample.image;
  image["log.200000002"] = Log(sample.history.txns, 6, 8);
  image.erase("log.200000001");
  EXPECT_TRUE(Restore(image, Config()).damaged);
}

// A snapshot contains the effect of 1:6 but the truncated log does not: the tree would be ahead of
// the log.
TEST(Restore, AFuzzySnapshotAheadOfItsLogIsDamage) {
  Sample sample;
  sample.image["snapshot.200000001"] =
      Payload(SnapshotFile(sample.states[8].tree, sample.states[8].last_processed));
  EXPECT_FALSE(Restore(sample.image, Config()).damaged);
  sample.image["log.200000001"] = Log(sample.history.txns, 5, 7);
  EXPECT_TRUE(Restore(sample.image, Config()).damaged);
}

// Its name says 1:2 but its digest 1:3: the transaction in between is missing.
TEST(Restore, AReceivedSnapshotAheadOfItsNameIsDamage) {
  Sample sample;
  sample.image["received.100000002"] = sample.Snapshot(3);
  const Restored restored = Restore(sample.image, Config());
  EXPECT_TRUE(restored.damaged);
  EXPECT_TRUE(restored.repairs.empty());
}

// A damaged history keeps its files, including the torn tail.
TEST(Restore, ADamagedHistoryIsNotRepaired) {
  Sample sample;
  sample.image["snapshot.200000001"] = sample.Snapshot(8);
  const std::string whole(Log(sample.history.txns, 5, 8).view());
  sample.image["log.200000001"] = Payload(whole.substr(0, whole.size() - 1));
  const Restored restored = Restore(sample.image, Config());
  EXPECT_TRUE(restored.damaged);
  EXPECT_TRUE(restored.repairs.empty());
}

// A file torn before its first record is removed, and the files before it count: immediately, not
// only at the next start.
TEST(Restore, AFileWithoutARecordHidesNoOther) {
  Sample sample;
  sample.image["snapshot.100000004"] = sample.Snapshot(4);
  sample.image["log.100000004"] = Payload("ZK");
  sample.image.erase("log.200000001");
  const Restored restored = Restore(sample.image, Config());
  EXPECT_EQ(StateOf(restored, sample), 5);
  EXPECT_EQ(restored.last_log, "log.100000001");
  ApplyRepairs(restored.repairs, sample.image);
  EXPECT_FALSE(sample.image.contains("log.100000004"));
  EXPECT_EQ(StateOf(Restore(sample.image, Config()), sample), 5);
  // But at most one file is ever being started.
  sample.image["log.100000002"] = sample.image["log.100000004"] = Payload("ZK");
  EXPECT_TRUE(Restore(sample.image, Config()).damaged);
}

TEST(Restore, NamesOfNegativeZxidsAreInvalid) {
  EXPECT_EQ(ZxidOfName("log.7fffffffffffffff", "log."), (Zxid{kLastEpoch, UINT32_MAX}));
  EXPECT_FALSE(ZxidOfName("log.8000000000000000", "log."));
  EXPECT_FALSE(ZxidOfName("log.ffffffffffffffff", "log."));
}

TEST(Restore, DigestsAreComparedOnceTheTreeIsExact) {
  Sample sample;
  History other;
  other.Create(Epoch{1}, "/other");
  // snapshot.0 of another history: each transaction's digest differs, and is listed.
  DirectoryImage image = sample.image;
  image["snapshot.0"] = Payload(SnapshotFile(other.database.tree, Zxid{}));
  const Restored restored = Restore(image, Config());
  EXPECT_FALSE(restored.damaged);
  EXPECT_EQ(restored.mismatches.size(), 8u);
  // A fuzzy one is compared from the zxid of its digest block on.
  image = sample.image;
  image["snapshot.100000001"] =
      Payload(SnapshotFile(sample.states[4].tree, sample.states[4].last_processed));
  EXPECT_EQ(StateOf(Restore(image, Config()), sample), 8);
}

// ---- P7 -----------------------------------------------------------------------------------------

TEST(Restore, AnInterruptedInstallationIsFinished) {
  const Sample sample;
  History other;
  other.Create(Epoch{3}, "/other");
  DirectoryImage image = sample.image;
  image["received.300000001"] = Payload(SnapshotFile(other.database.tree, {Epoch{3}, 1}));
  const Restored restored = Restore(image, Config());
  EXPECT_FALSE(restored.damaged);
  EXPECT_EQ(restored.database.tree, other.database.tree);
  EXPECT_EQ(restored.database.last_processed, (Zxid{Epoch{3}, 1}));
  ApplyRepairs(restored.repairs, image);
  std::vector<std::string> names;
  for (const auto& [name, bytes] : image) names.push_back(name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"acceptedEpoch", "currentEpoch", "snapshot.300000001"}));
  EXPECT_TRUE(Restore(image, Config()).repairs.empty());

  image = sample.image;
  image["received.300000001"] = Payload("not whole");
  EXPECT_TRUE(Restore(image, Config()).damaged);
}

// No crash produces a mixture of the old and the received history, not even a crash during the
// repair.
TEST(Restore, NoCrashDuringP7MakesAMixture) {
  Sample sample;
  sample.image["snapshot.100000002"] = sample.Snapshot(2);
  History other;
  other.Create(Epoch{1}, "/other");
  other.Create(Epoch{3}, "/another");
  std::vector<std::string> names;
  for (const auto& [name, bytes] : sample.image) names.push_back(name);

  IdCounters ids;
  Effects effects;
  Outbox out(ids, effects);
  InstallSnapshot(other.database, names, out);
  size_t old_ones = 0, new_ones = 0;
  const auto check = [&](const Restored& restored) {
    ASSERT_FALSE(restored.damaged) << restored.damage;
    const bool is_new = restored.database.tree == other.database.tree;
    EXPECT_TRUE(is_new || restored.database.tree == sample.states[8].tree);
    EXPECT_EQ(restored.database.last_processed,
              (is_new ? other : sample.history).database.last_processed);
    EXPECT_EQ(restored.log.size(), is_new ? 0u : 6u);
    ++(is_new ? new_ones : old_ones);
  };
  ForEveryCrash(sample.image, FilesIn(effects), [&](const DirectoryImage& left, size_t done) {
    const Restored restored = Restore(left, Config());
    check(restored);
    if (done == FilesIn(effects).size()) {
      EXPECT_EQ(restored.database.tree, other.database.tree);
    }
    Effects repairing;
    Outbox repair(ids, repairing);
    PerformRepairs(restored.repairs, repair);
    ForEveryCrash(left, FilesIn(repairing),
                  [&](const DirectoryImage& again, size_t) { check(Restore(again, Config())); });
    EXPECT_TRUE(Restore(Performed(left, repairing), Config()).repairs.empty());
  });
  EXPECT_GT(old_ones, 0u);
  EXPECT_GT(new_ones, 0u);
}

// A damaged server's partially received snapshot is removed with everything else when the next SNAP
// repairs it.
TEST(Restore, InstallationReplacesADamagedOne) {
  Sample sample;
  sample.image["received.100000001"] = Payload("not whole");
  std::vector<std::string> names;
  for (const auto& [name, bytes] : sample.image) names.push_back(name);
  IdCounters ids;
  Effects effects;
  Outbox out(ids, effects);
  InstallSnapshot(sample.states[7], names, out);
  ForEveryCrash(sample.image, FilesIn(effects), [&](const DirectoryImage& left, size_t done) {
    const Restored restored = Restore(left, Config());
    EXPECT_TRUE(restored.damaged || StateOf(restored, sample) == 7);
    if (done == FilesIn(effects).size()) {
      EXPECT_FALSE(restored.damaged);
    }
  });
}

// ---- The log on disk for learners ---------------------------------------------------------------

TEST(LogBehind, BeginsWithTheRecordAtOrBefore) {
  const Sample sample;
  const auto log = LogBehind(sample.image, {Epoch{1}, 4}, Ratio{0, 1});
  ASSERT_TRUE(log);
  ASSERT_EQ(log->size(), 5u);
  EXPECT_EQ(log->front()->zxid(), (Zxid{Epoch{1}, 4}));
  EXPECT_EQ(log->back()->zxid(), (Zxid{Epoch{2}, 3}));
  // A zxid that is not in it: the caller must see what is there instead.
  EXPECT_EQ((*LogBehind(sample.image, {Epoch{1}, 9}, Ratio{0, 1})).front()->zxid(),
            (Zxid{Epoch{1}, 5}));
  EXPECT_EQ((*LogBehind(sample.image, {Epoch{9}, 9}, Ratio{0, 1})).size(), 1u);
}

TEST(LogBehind, IsUselessIfNoFileBeginsAtOrBefore) {
  Sample sample;
  EXPECT_FALSE(LogBehind(sample.image, Zxid{}, Ratio{0, 1}));
  EXPECT_FALSE(LogBehind({}, {Epoch{1}, 1}, Ratio{0, 1}));
  sample.image["log.100000001"] = Payload(LogHeader());  // An empty log.
  EXPECT_FALSE(LogBehind(sample.image, {Epoch{1}, 5}, Ratio{0, 1}));
}

TEST(LogBehind, TheSizeOfTheFilesCountsWithPreallocation) {
  Sample sample;
  const Zxid from{Epoch{2}, 1};
  const uint64_t log = sample.image.at("log.200000001").size();
  const uint64_t snapshot = sample.image.at("snapshot.0").size();
  EXPECT_TRUE(LogBehind(sample.image, from, Ratio{log + 1, snapshot}));
  EXPECT_FALSE(LogBehind(sample.image, from, Ratio{log - 1, snapshot}));
  EXPECT_FALSE(LogBehind(sample.image, {Epoch{1}, 1}, Ratio{log + 1, snapshot}));  // Both files.
}

// 2418, 2846: a log with a gap is useless, whichever history the part before the gap belongs to.
TEST(LogBehind, MustBeContiguous) {
  Sample sample;
  sample.image["log.200000002"] = Log(sample.history.txns, 6, 8);
  sample.image.erase("log.200000001");
  EXPECT_FALSE(LogBehind(sample.image, {Epoch{1}, 3}, Ratio{0, 1}));
  EXPECT_TRUE(LogBehind(sample.image, {Epoch{2}, 2}, Ratio{0, 1}));
}

TEST(LogBehind, StopsAtATailThatIsBeingWritten) {
  Sample sample;
  std::string bytes(sample.image["log.200000001"].view());
  bytes.resize(Log(sample.history.txns, 5, 8).size() - 3);
  sample.image["log.200000001"] = Payload(bytes);
  ASSERT_TRUE(LogBehind(sample.image, {Epoch{1}, 4}, Ratio{0, 1}));
  EXPECT_EQ(LogBehind(sample.image, {Epoch{1}, 4}, Ratio{0, 1})->size(), 4u);
}

}  // namespace restore_test
}  // namespace zab
