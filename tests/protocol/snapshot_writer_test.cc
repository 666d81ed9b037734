// Writes fuzzy snapshots: their chunks, and when they get their name (REFERENCE.md 14.3).
#include "protocol/storage/snapshot_writer.h"

#include <gtest/gtest.h>

#include "protocol/storage/restore.h"
#include "tests/protocol/storage_model.h"

namespace zab {
namespace snapshot_writer_test {

using storage_model::FilesIn;
using storage_model::History;

/// A snapshot writer with its disk; tasks run when the test says so.
class Bench {
 public:
  /// Performs all pending operations and tasks and delivers their completions.
  void Answer(Zxid log_synced) {
    Effects asked;
    asked.swap(effects);
    for (const Effect& effect : asked) {
      if (const auto* later = std::get_if<Later>(&effect)) tasks.push_back(later->task);
      if (const auto* trace = std::get_if<Trace>(&effect)) traced.push_back(trace->event);
    }
    for (const FileOp& file : FilesIn(asked)) {
      const FileDone done = disk.Perform(file);
      EXPECT_EQ(done.error, FileError::kNone) << file.path;
      writer.OnFileDone(done, log_synced, Limits{}, out);
    }
  }
  void Resume() {
    std::vector<Task> due;
    due.swap(tasks);
    for (const Task& task : due) {
      writer.OnChunk(task.number, history.database, out);
    }
  }
  /// Runs until it is done or waits for the log.
  void Run(Zxid log_synced) {
    for (int i = 0; i < 1000 && (!effects.empty() || !tasks.empty()); ++i) {
      Answer(log_synced);
      Resume();
    }
  }
  bool Has(const std::string& name) const { return disk.Now().contains(name); }

  IdCounters ids;
  Effects effects;
  Outbox out{ids, effects};
  History history;
  SnapshotWriter writer;
  storage_model::ModelDisk disk;
  std::vector<Task> tasks;
  std::vector<TraceEvent> traced;
};

TEST(SnapshotWriter, WritesSyncsAndRenames) {
  Bench bench;
  for (int i = 0; i < 200; ++i) bench.history.Create(Epoch{1}, "/n" + std::to_string(i));
  const Zxid last = bench.history.database.last_processed;
  bench.writer.Start(bench.history.database, bench.out);
  EXPECT_TRUE(bench.writer.busy());
  bench.Run(last);
  EXPECT_FALSE(bench.writer.busy());
  ASSERT_TRUE(bench.Has("snapshot.1000000c8"));
  EXPECT_FALSE(bench.Has("snapshot.1000000c8.tmp"));
  // The same bytes as written in one piece, and durable.
  const auto image = bench.disk.After(storage_model::Crash::kLoses, 0);
  EXPECT_EQ(image.at("snapshot.1000000c8").view(), SnapshotFile(bench.history.database.tree, last));
  EXPECT_EQ(bench.traced.front().probe, Probe::kSnapshotBegin);
  EXPECT_EQ(bench.traced.back().probe, Probe::kSnapshotEnd);
  EXPECT_EQ(bench.traced.back().zxid, last);
}

// A COMMIT may be applied before the server's own fsync; a restored tree must not be ahead of its
// log.
TEST(SnapshotWriter, HasNoNameBeforeTheLogIsDurable) {
  Bench bench;
  bench.history.Create(Epoch{1}, "/a");
  bench.history.Create(Epoch{1}, "/b");
  const Zxid synced{Epoch{1}, 1};
  bench.writer.Start(bench.history.database, bench.out);
  bench.Run(synced);
  EXPECT_TRUE(bench.writer.busy());
  EXPECT_TRUE(bench.Has("snapshot.100000002.tmp"));
  bench.writer.OnLogSynced(synced, bench.out);
  EXPECT_TRUE(bench.effects.empty());
  bench.writer.OnLogSynced({Epoch{1}, 2}, bench.out);
  bench.Run(synced);
  EXPECT_TRUE(bench.Has("snapshot.100000002"));
}

// The start of an epoch is not a transaction, so it never appears in the log.
TEST(SnapshotWriter, DoesNotWaitForTheStartOfAnEpoch) {
  Bench bench;
  const TxnRef last = bench.history.Create(Epoch{1}, "/a");
  bench.history.database.last_processed = {Epoch{2}, 0};
  bench.writer.Start(bench.history.database, bench.out);
  bench.Run(last->zxid());
  EXPECT_TRUE(bench.Has("snapshot.200000000"));
}

TEST(SnapshotWriter, LeavesNothingWhenAbandoned) {
  for (int rounds = 0; rounds < 8; ++rounds) {
    Bench bench;
    for (int i = 0; i < 200; ++i) bench.history.Create(Epoch{1}, "/n" + std::to_string(i));
    const Zxid last = bench.history.database.last_processed;
    bench.writer.Start(bench.history.database, bench.out);
    for (int i = 0; i < rounds; ++i) {
      bench.Answer(last);
      bench.Resume();
    }
    bench.Answer(last);
    bench.writer.Abandon(bench.out);
    EXPECT_FALSE(bench.writer.busy());
    // The next one ignores tasks and completions of the first.
    bench.history.Create(Epoch{1}, "/later");
    bench.writer.Start(bench.history.database, bench.out);
    bench.Run({Epoch{1}, 201});
    EXPECT_FALSE(bench.writer.busy());
    for (const auto& [name, bytes] : bench.disk.Now()) EXPECT_FALSE(IsTemporary(name)) << name;
    const auto loaded = ReadSnapshotFile(bench.disk.Now().at("snapshot.1000000c9").view());
    ASSERT_TRUE(loaded.ok()) << rounds;
    EXPECT_EQ(loaded->tree, bench.history.database.tree);
  }
}

TEST(SnapshotWriter, GetsNoNameAfterAFailedOperation) {
  Bench bench;
  bench.writer.Start(bench.history.database, bench.out);
  const std::vector<FileOp> files = FilesIn(bench.effects);
  bench.effects.clear();
  EXPECT_EQ(files.back().kind, FileKind::kFsync);
  EXPECT_TRUE(bench.writer.OnFileDone(
      {.operation = files.back().operation, .error = FileError::kIo}, Zxid{}, Limits{}, bench.out));
  EXPECT_TRUE(bench.effects.empty());
}

TEST(SnapshotWriter, KeepsTheNewestAndTheLogsThatFollow) {
  Bench bench;
  bench.disk = storage_model::ModelDisk::Of({{"log.100000001", Payload("")},
                                             {"log.100000003", Payload("")},
                                             {"log.100000005", Payload("")},
                                             {"log.100000006", Payload("")},
                                             {"acceptedEpoch", Payload("1")}});
  for (uint32_t i = 1; i <= 6; ++i) {
    bench.history.Create(Epoch{1}, "/n" + std::to_string(i));
    bench.writer.Start(bench.history.database, bench.out);
    bench.Run({Epoch{1}, i});
    EXPECT_FALSE(bench.writer.busy());
  }
  std::vector<std::string> left;
  for (const auto& [name, bytes] : bench.disk.After(storage_model::Crash::kLoses, 1)) {
    left.push_back(name);
  }
  // The oldest snapshot kept is 1:4; log 1:3 may contain what follows it.
  EXPECT_EQ(left, (std::vector<std::string>{"acceptedEpoch", "log.100000003", "log.100000005",
                                            "log.100000006", "snapshot.100000004",
                                            "snapshot.100000005", "snapshot.100000006"}));
}

TEST(SnapshotTrigger, LiesBetweenHalfAndAll) {
  Chooser chooser(3);
  int64_t least = 1'000, most = 0;
  for (int i = 0; i < 300; ++i) {
    SnapshotTrigger trigger;
    trigger.Draw({.snap_count = 100, .snap_size_limit = 0}, chooser, Entity{1});
    int64_t txns = 0;
    while (!trigger.Reached(txns, int64_t{1} << 60)) ++txns;
    least = std::min(least, txns);
    most = std::max(most, txns);
  }
  EXPECT_EQ(least, 51);
  EXPECT_EQ(most, 100);
  SnapshotTrigger trigger;
  trigger.Draw({.snap_count = 0, .snap_size_limit = 1'000}, chooser, Entity{1});
  EXPECT_FALSE(trigger.Reached(int64_t{1} << 60, 500));
  EXPECT_TRUE(trigger.Reached(0, 1'000));
}

}  // namespace snapshot_writer_test
}  // namespace zab
