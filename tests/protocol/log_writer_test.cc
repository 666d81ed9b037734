// Batches, files and preallocation of the log writer (REFERENCE.md 8.2, 13.2).
#include "protocol/storage/log_writer.h"

#include <gtest/gtest.h>

#include "protocol/storage/log_format.h"
#include "tests/protocol/storage_model.h"

namespace zab {
namespace log_writer_test {

using storage_model::FilesIn;
using storage_model::History;
using enum FileKind;

/// A log writer and a disk that completes operations when the test says so.
class Bench {
 public:
  explicit Bench(Limits given = {.pre_alloc_size = 0}) : limits(given) {}

  void Append(uint32_t count) {
    for (; count > 0; --count) {
      writer.Append(history.Create(Epoch{1}, "/" + std::to_string(history.txns.size())), limits,
                    out);
    }
  }
  /// The file operations since the last call.
  std::vector<FileOp> TakeFiles() {
    std::vector<FileOp> files = FilesIn(effects);
    for (const FileOp& file : files) disk.push_back(file);
    effects.clear();
    return files;
  }
  std::vector<FileKind> TakeKinds() {
    std::vector<FileKind> kinds;
    for (const FileOp& file : TakeFiles()) kinds.push_back(file.kind);
    return kinds;
  }
  /// Completes all pending operations; returns whether the writer was waiting for one of them.
  bool Answer(FileError error = FileError::kNone) {
    TakeFiles();
    bool claimed = false;
    std::vector<FileOp> asked;
    asked.swap(disk);
    for (const FileOp& file : asked) {
      model.Perform(file);
      claimed |= writer.OnFileDone({.operation = file.operation, .error = error}, limits, out);
    }
    return claimed;
  }
  std::vector<Zxid> Traced(Probe probe) const {
    std::vector<Zxid> zxids;
    for (const Effect& effect : effects) {
      const Trace* trace = std::get_if<Trace>(&effect);
      if (trace && trace->event.probe == probe) zxids.push_back(trace->event.zxid);
    }
    return zxids;
  }
  static Zxid At(uint32_t counter) { return {Epoch{1}, counter}; }

  Limits limits;
  IdCounters ids;
  Effects effects;
  Outbox out{ids, effects};
  History history;
  LogWriter writer;
  storage_model::ModelDisk model;
  std::vector<FileOp> disk;
};

TEST(LogWriter, ANewFileIsSyncedWithItsDirectory) {
  Bench bench;
  bench.Append(1);
  EXPECT_FALSE(bench.writer.idle());
  EXPECT_EQ(bench.writer.last_appended(), Bench::At(1));
  EXPECT_EQ(bench.writer.last_synced(), Zxid{});
  EXPECT_EQ(bench.TakeKinds(), (std::vector<FileKind>{kCreate, kWrite, kFsync, kSyncDir}));
  EXPECT_TRUE(bench.Answer());
  EXPECT_TRUE(bench.writer.idle());
  EXPECT_EQ(bench.writer.last_synced(), Bench::At(1));
  EXPECT_EQ(bench.Traced(Probe::kSynced), std::vector<Zxid>{Bench::At(1)});
  bench.effects.clear();
  bench.Append(1);
  EXPECT_EQ(bench.TakeKinds(), (std::vector<FileKind>{kWrite, kFsync}));
}

// P5: nothing counts as synced before the operation that makes the whole batch durable.
TEST(LogWriter, OnlyTheLastOperationCounts) {
  Bench bench;
  bench.Append(1);
  const std::vector<FileOp> files = bench.TakeFiles();
  for (size_t i = 0; i + 1 < files.size(); ++i) {
    EXPECT_FALSE(
        bench.writer.OnFileDone({.operation = files[i].operation}, bench.limits, bench.out));
    EXPECT_EQ(bench.writer.last_synced(), Zxid{});
  }
  EXPECT_TRUE(bench.writer.OnFileDone(
      {.operation = files.back().operation, .error = FileError::kIo}, bench.limits, bench.out));
  EXPECT_EQ(bench.writer.last_synced(), Zxid{});
  EXPECT_FALSE(bench.writer.idle());
}

TEST(LogWriter, DuringAnFsyncTransactionsWait) {
  Bench bench;
  bench.Append(4);
  EXPECT_EQ(bench.Traced(Probe::kLogged), std::vector<Zxid>{Bench::At(1)});
  bench.Answer();
  // The three others are one batch: one write, one fsync, and each is traced before the write.
  EXPECT_EQ(bench.Traced(Probe::kLogged),
            (std::vector<Zxid>{Bench::At(2), Bench::At(3), Bench::At(4)}));
  EXPECT_EQ(bench.TakeKinds(), (std::vector<FileKind>{kWrite, kFsync}));
  bench.Answer();
  EXPECT_EQ(bench.writer.last_synced(), Bench::At(4));
  EXPECT_EQ(bench.writer.txns_since_roll(), 4);
}

TEST(LogWriter, TheFileIsWhatItsReaderReads) {
  Bench bench({.pre_alloc_size = 512});
  bench.Append(20);
  while (!bench.writer.idle()) bench.Answer();
  const DirectoryImage image = bench.model.Now();
  ASSERT_EQ(image.size(), 1u);
  const LogContent content = ReadLog(image.at("log.100000001").view());
  EXPECT_EQ(content.end, LogEnd::kClean);
  ASSERT_EQ(content.records.size(), 20u);
  for (size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(content.records[i].txn->bytes, bench.history.txns[i]->bytes);
  }
  EXPECT_EQ(bench.writer.bytes_since_roll(), static_cast<int64_t>(content.valid_length));
}

// REFERENCE.md 13.2: the first extension of a real file gives 16 + pre_alloc_size bytes.
TEST(LogWriter, PreallocatesAsZooKeeperDoes) {
  Bench bench({.pre_alloc_size = 64 << 10});
  bench.Append(1);
  std::vector<FileOp> files = bench.TakeFiles();
  ASSERT_EQ(files.size(), 5u);
  EXPECT_EQ(files[1].kind, kTruncate);
  EXPECT_EQ(files[1].offset, 16u + (64 << 10));
  EXPECT_EQ(files[2].kind, kWrite);
  bench.Answer();
  bench.effects.clear();
  // Then once for each 64 KB, when less than 4 KB are left.
  uint64_t size = files[1].offset;
  for (int i = 0; i < 2000; ++i) {
    const uint64_t position = static_cast<uint64_t>(bench.writer.bytes_since_roll());
    bench.Append(1);
    files = bench.TakeFiles();
    const bool extends = files[0].kind == kTruncate;
    EXPECT_EQ(extends, position + 4096 >= size) << i;
    if (extends) {
      size += 64 << 10;
      EXPECT_EQ(files[0].offset, size);
    }
    bench.Answer();
  }
  EXPECT_EQ(bench.model.Now().at("log.100000001").size(), size);
}

TEST(LogWriter, BatchesAreNoLargerThanTheirLimit) {
  Bench bench({.pre_alloc_size = 0, .max_batch_size = 3});
  bench.Append(8);  // One is being written.
  std::vector<size_t> sizes;
  while (!bench.writer.idle()) {
    sizes.push_back(bench.Traced(Probe::kLogged).size());
    bench.Answer();
  }
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 3, 3, 1}));
}

TEST(LogWriter, RollBeginsAFileWithTheNextRecord) {
  Bench bench;
  bench.writer.Roll(bench.out);  // Nothing to roll.
  EXPECT_TRUE(bench.effects.empty());
  bench.Append(2);
  bench.writer.Roll(bench.out);
  EXPECT_EQ(bench.Traced(Probe::kLogRolled), std::vector<Zxid>{Bench::At(1)});
  EXPECT_EQ(bench.writer.txns_since_roll(), 0);
  // The file is durable before the next one gets its first record (REFERENCE.md 13.2).
  EXPECT_EQ(bench.TakeKinds(), (std::vector<FileKind>{kCreate, kWrite, kFsync, kSyncDir}));
  bench.Answer();
  const std::vector<FileOp> files = bench.TakeFiles();
  ASSERT_EQ(files.size(), 4u);
  EXPECT_EQ(files[0].path, "log.100000002");
  bench.Answer();
  EXPECT_EQ(bench.model.Now().size(), 2u);
}

// Its first record was torn and removed: never append to an old file or its old bytes.
TEST(LogWriter, AnOldFileOfTheSameNameIsRemovedFirst) {
  Bench bench;
  bench.writer.Restart(Zxid{}, {"log.100000001"});
  bench.Append(1);
  EXPECT_EQ(bench.TakeKinds(),
            (std::vector<FileKind>{kRemove, kSyncDir, kCreate, kWrite, kFsync, kSyncDir}));
}

TEST(LogWriter, RestartContinuesTheNewHistory) {
  Bench bench;
  bench.Append(3);
  while (!bench.writer.idle()) bench.Answer();
  bench.writer.Restart(Bench::At(2), {"log.100000001"});
  EXPECT_EQ(bench.writer.last_synced(), Bench::At(2));
  EXPECT_EQ(bench.writer.last_appended(), Bench::At(2));
  bench.effects.clear();
  bench.writer.Append(bench.history.txns[2], bench.limits, bench.out);
  EXPECT_EQ(bench.TakeFiles()[0].path, "log.100000003");  // Never the old file.
}

TEST(LogWriter, FlushDelayWaitsForOthers) {
  const auto armed = [](Bench& bench) {
    size_t count = 0;
    for (const Effect& effect : bench.effects) count += std::holds_alternative<SetTimer>(effect);
    bench.effects.clear();
    return count;
  };
  Bench bench({.pre_alloc_size = 0, .max_batch_size = 5, .flush_delay = Milliseconds(30)});
  bench.Append(1);
  EXPECT_FALSE(bench.writer.idle());
  EXPECT_EQ(std::get<SetTimer>(bench.effects[0]).after, Milliseconds(10));
  EXPECT_EQ(armed(bench), 1u);
  // A round without new transactions: flush.
  bench.writer.OnFlushTimer(bench.limits, bench.out);
  EXPECT_EQ(bench.TakeKinds(), (std::vector<FileKind>{kCreate, kWrite, kFsync, kSyncDir}));
  bench.Answer();
  bench.effects.clear();
  // Three rounds at most.
  for (int round = 0; round < 3; ++round) {
    bench.Append(1);
    bench.Append(round == 0 ? 1 : 0);
    EXPECT_EQ(armed(bench), round == 0 ? 1u : 0u);
    bench.writer.OnFlushTimer(bench.limits, bench.out);
    if (round < 2) {
      EXPECT_EQ(armed(bench), 1u);
    }
  }
  EXPECT_EQ(bench.TakeKinds(), (std::vector<FileKind>{kWrite, kFsync}));
  bench.Answer();
  bench.effects.clear();
  // A full batch does not wait.
  bench.Append(5);
  EXPECT_EQ(bench.TakeKinds(), (std::vector<FileKind>{kWrite, kFsync}));
  // The delay passes during an fsync: the waiting transactions are written as soon as that is done.
  bench.Append(1);
  bench.effects.clear();
  bench.writer.OnFlushTimer(bench.limits, bench.out);
  EXPECT_TRUE(FilesIn(bench.effects).empty());
  bench.Answer();
  EXPECT_EQ(bench.TakeKinds(), (std::vector<FileKind>{kWrite, kFsync}));
  bench.Answer();
  EXPECT_TRUE(bench.writer.idle());
}

}  // namespace log_writer_test
}  // namespace zab
