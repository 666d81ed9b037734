// Log and snapshot writer together with crashes at any instant: afterwards a server has everything
// that was synced, and nothing that was not appended.
#include <gtest/gtest.h>

#include <deque>

#include "protocol/storage/directory.h"
#include "protocol/storage/epochs.h"
#include "protocol/storage/log_writer.h"
#include "protocol/storage/restore.h"
#include "protocol/storage/snapshot_writer.h"
#include "tests/protocol/storage_model.h"

namespace zab {
namespace storage_crash_test {

using storage_model::Crash;
using storage_model::FilesIn;
using storage_model::ForEveryCrash;
using storage_model::History;
using storage_model::ModelDisk;

constexpr Stream kDraw("test");

/// The newest first.
std::vector<std::string> SnapshotsIn(const DirectoryImage& image) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : image) {
    if (ZxidOfName(name, "snapshot.")) names.insert(names.begin(), name);
  }
  return names;
}

/// A server that logs, applies, snapshots and rolls at random, one disk operation at a time.
class Server {
 public:
  explicit Server(uint64_t seed) : chooser_(seed) {
    limits_ = {.snap_count = 20, .pre_alloc_size = 512};
    limits_.max_batch_size = seed % 2 == 0 ? 4 : 1;  // With 1 the tree gets ahead of the log.
    states_.push_back(history_.database);
    // Large enough for a walk of several chunks, so that snapshots are fuzzy.
    for (int i = 0; i < 12; ++i) {
      history_.Create(Epoch{1}, "/large" + std::to_string(i), std::string(1'000, 'x'));
      states_.push_back(history_.database);
    }
    database_ = history_.database;
    const Zxid last = database_.last_processed;
    disk_ = ModelDisk::Of({{SnapshotName(last), Payload(SnapshotFile(database_.tree, last))}});
    log_.Restart(last, {});
    trigger_.Draw(limits_, chooser_, Entity{1});
  }

  void Step() {
    if (chooser_.Chance(kDraw, Entity{}, {1, 2})) Append();
    if (chooser_.Chance(kDraw, Entity{}, {1, 2})) Apply();
    if (!tasks_.empty() && chooser_.Chance(kDraw, Entity{}, {1, 2})) {
      snapshots_.OnChunk(tasks_.front().number, database_, out_);
      tasks_.pop_front();
    }
    Collect();
    if (!asked_.empty()) Answer();
    Collect();
  }

  /// Checks that a crash now would leave a history with everything that was synced.
  void CheckCrash(uint64_t seed) {
    for (const Crash crash : {Crash::kLoses, Crash::kKeeps, Crash::kMixes}) {
      DirectoryImage image = disk_.After(crash, seed);
      const Restored restored = Restore(image, PeerConfig{});
      ASSERT_FALSE(restored.damaged) << restored.damage;
      const Zxid last = restored.database.last_processed;
      EXPECT_GE(last, log_.last_synced());
      EXPECT_LE(last, log_.last_appended());
      ASSERT_LT(last.counter, states_.size());
      EXPECT_EQ(restored.database.tree, states_[last.counter].tree);
      EXPECT_TRUE(restored.mismatches.empty());
      ApplyRepairs(restored.repairs, image);
      const Restored again = Restore(image, PeerConfig{});
      EXPECT_TRUE(again.repairs.empty());
      EXPECT_EQ(again.database.last_processed, last);
      if (restored.snapshot != Zxid{Epoch{1}, 12}) ++from_snapshot_;
      CheckFallBack(std::move(image), last);
    }
  }
  int from_snapshot() const { return from_snapshot_; }
  int purges() const { return purges_; }

 private:
  void Append() {
    const TxnRef txn = history_.AddRandom(Epoch{1}, chooser_);
    states_.push_back(history_.database);
    unapplied_.push_back(txn);
    log_.Append(txn, limits_, out_);
  }
  // Older snapshots are kept in case newer ones are corrupted; they must lead to the same state.
  void CheckFallBack(DirectoryImage image, Zxid last) {
    const std::vector<std::string> snapshots = SnapshotsIn(image);
    const auto retained = static_cast<size_t>(limits_.snap_retain_count);
    EXPECT_GE(snapshots.size(), purges_ > 0 ? retained : 1u);
    for (size_t i = 0; i + 1 < snapshots.size(); ++i) {
      image[snapshots[i]] = Payload("rot");
      const Restored restored = Restore(image, PeerConfig{});
      ASSERT_FALSE(restored.damaged) << restored.damage;
      EXPECT_EQ(restored.snapshot, ZxidOfName(snapshots[i + 1], "snapshot."));
      EXPECT_EQ(restored.database.last_processed, last);
      EXPECT_EQ(restored.database.tree, states_[last.counter].tree);
    }
  }
  // A commit may be applied before the server's own fsync.
  void Apply() {
    if (unapplied_.empty()) return;
    database_.Apply(unapplied_.front());
    unapplied_.pop_front();
  }
  void Collect() {
    for (const FileOp& file : FilesIn(effects_)) asked_.push_back(file);
    for (const Effect& effect : effects_) {
      if (const auto* later = std::get_if<Later>(&effect)) tasks_.push_back(later->task);
      const auto* traced = std::get_if<Trace>(&effect);
      if (traced && traced->event.probe == Probe::kPurged) ++purges_;
    }
    effects_.clear();
  }
  void Answer() {
    const FileDone done = disk_.Perform(asked_.front());
    EXPECT_EQ(done.error, FileError::kNone) << asked_.front().path;
    asked_.pop_front();
    if (log_.OnFileDone(done, limits_, out_)) {
      snapshots_.OnLogSynced(log_.last_synced(), out_);
      if (!trigger_.Reached(log_.txns_since_roll(), log_.bytes_since_roll())) return;
      log_.Roll(out_);
      trigger_.Draw(limits_, chooser_, Entity{1});
      if (!snapshots_.busy()) snapshots_.Start(database_, out_);
    } else {
      snapshots_.OnFileDone(done, log_.last_synced(), limits_, out_);
    }
  }

  Chooser chooser_;
  Limits limits_;
  IdCounters ids_;
  Effects effects_;
  Outbox out_{ids_, effects_};
  History history_;
  std::vector<Database> states_;
  Database database_;  // The applied state.
  std::deque<TxnRef> unapplied_;
  LogWriter log_;
  SnapshotWriter snapshots_;
  SnapshotTrigger trigger_;
  ModelDisk disk_;
  std::deque<FileOp> asked_;
  std::deque<Task> tasks_;
  int from_snapshot_ = 0;
  int purges_ = 0;
};

TEST(StorageCrash, KeepsWhatIsSyncedAndTheTreeMatchesTheLog) {
  int from_snapshot = 0;
  int purges = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Server server(seed);
    for (int step = 0; step < 250; ++step) {
      server.Step();
      if (step % 2 == 0) server.CheckCrash(seed * 1'000 + static_cast<uint64_t>(step));
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ", step " << step;
    }
    from_snapshot += server.from_snapshot();
    purges += server.purges();
  }
  EXPECT_GT(from_snapshot, 1'000);
  EXPECT_GT(purges, 20);
}

// P1, P3: at every instant an epoch file is completely the old one or completely the new one.
TEST(StorageCrash, AnEpochFileIsReplacedAtomically) {
  IdCounters ids;
  Effects effects;
  Outbox out(ids, effects);
  Epochs epochs;
  epochs.Set(Epoch{7}, Epoch{6});
  const OperationId last = epochs.StoreAccepted(Epoch{12}, out);
  const DirectoryImage before = {{"acceptedEpoch", Payload("7")}, {"currentEpoch", Payload("6")}};
  const std::vector<FileOp> files = FilesIn(effects);
  EXPECT_EQ(files.back().operation, last);
  ForEveryCrash(before, files, [&](const DirectoryImage& left, size_t done) {
    const auto epoch = ParseEpoch(left.at("acceptedEpoch").view());
    ASSERT_TRUE(epoch);
    EXPECT_TRUE(*epoch == Epoch{12} || (*epoch == Epoch{7} && done < files.size()));
    EXPECT_EQ(left.at("currentEpoch").view(), "6");
  });
  // It counts once the last operation has completed.
  effects.clear();
  for (const FileOp& file : files) {
    EXPECT_EQ(epochs.accepted(), Epoch{7});
    EXPECT_TRUE(epochs.busy());
    EXPECT_EQ(epochs.OnFileDone({.operation = file.operation}, out), file.operation == last);
  }
  EXPECT_EQ(epochs.accepted(), Epoch{12});
  EXPECT_EQ(epochs.current(), Epoch{6});
  EXPECT_FALSE(epochs.busy());
  ASSERT_EQ(effects.size(), 1u);
  EXPECT_EQ(std::get<Trace>(effects[0]).event.kind, Kind::kAccepted);
}

TEST(DirectoryReader, ListsAndReadsEverything) {
  IdCounters ids;
  Effects effects;
  Outbox out(ids, effects);
  ModelDisk disk = ModelDisk::Of({{"a", Payload("1")}, {"b", Payload("2")}, {"c", Payload("3")}});
  DirectoryReader reader;
  reader.Start(out);
  const FileDone list = disk.Perform(FilesIn(effects)[0]);
  EXPECT_FALSE(reader.OnFileDone({.operation = OperationId{99}}, out));
  EXPECT_TRUE(reader.OnFileDone(list, out));
  EXPECT_FALSE(reader.done());
  const std::vector<FileOp> files = FilesIn(effects);
  ASSERT_EQ(files.size(), 4u);
  for (size_t i = 1; i < files.size(); ++i) {
    FileDone done = disk.Perform(files[i]);
    if (files[i].path == "b") {
      done = {.operation = done.operation, .error = FileError::kUnreadable};
    }
    EXPECT_TRUE(reader.OnFileDone(done, out));
    EXPECT_FALSE(reader.OnFileDone(done, out));  // Reported once.
  }
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.unreadable(), absl::btree_set<std::string>{"b"});
  const DirectoryImage image = reader.TakeImage();
  EXPECT_EQ(image.at("c").view(), "3");
  EXPECT_FALSE(image.contains("b"));
}

TEST(DirectoryReader, AnEmptyDirectoryIsReadAtOnce) {
  IdCounters ids;
  Effects effects;
  Outbox out(ids, effects);
  DirectoryReader reader;
  EXPECT_FALSE(reader.done());
  reader.Start(out);
  EXPECT_TRUE(reader.OnFileDone({.operation = FilesIn(effects)[0].operation}, out));
  EXPECT_TRUE(reader.done());
}

TEST(Directory, NamesOfHistoryFiles) {
  EXPECT_EQ(ZxidOfName("log.2a", "log."), (Zxid{Epoch{0}, 42}));
  EXPECT_EQ(ZxidOfName("log.0", "log."), Zxid{});
  EXPECT_EQ(ZxidOfName("snapshot.100000002", "snapshot."), (Zxid{Epoch{1}, 2}));
  for (const char* name : {"log.", "log.2A", "log.2a.tmp", "log.02", "log.12345678901234567",
                           "lag.1", "snapshot.1", "log.-1", "log"}) {
    EXPECT_FALSE(ZxidOfName(name, "log.")) << name;
  }
}

}  // namespace storage_crash_test
}  // namespace zab
