// Retention (REFERENCE.md 15.5): what goes, in which order, and that no crash on the way matters.
#include "protocol/storage/purge.h"

#include <gtest/gtest.h>

#include "protocol/storage/restore.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/protocol/storage_model.h"

namespace zab {
namespace purge_test {

using storage_model::FilesIn;
using storage_model::ForEveryCrash;
using storage_model::History;
using storage_model::ModelDisk;
using Names = std::vector<std::string>;

constexpr int64_t kRetain = 3;

TEST(PlanPurge, KeepsTheNewestSnapshotsAndTheLogsBehindThem) {
  // Log 3 may hold what follows snapshot 4.
  const Names names = {"log.1",      "log.3",      "log.5",      "log.7",     "snapshot.0",
                       "snapshot.2", "snapshot.4", "snapshot.6", "snapshot.8"};
  const PurgePlan plan = PlanPurge(names, kRetain);
  EXPECT_EQ(plan.files, (Names{"snapshot.0", "snapshot.2", "log.1"}));
  EXPECT_EQ(plan.oldest, (Zxid{Epoch{0}, 4}));
  EXPECT_EQ(PlanPurge(names, 4).files, Names{"snapshot.0"});
  EXPECT_TRUE(PlanPurge(names, 5).files.empty());
  EXPECT_TRUE(PlanPurge(names, 6).files.empty());
  EXPECT_TRUE(PlanPurge({}, kRetain).files.empty());
}

TEST(PlanPurge, GoesByZxidNotByName) {
  const Names names = {"log.10000000a", "log.9",      "log.f",      "snapshot.100000009",
                       "snapshot.10",   "snapshot.8", "snapshot.f", "snapshot.10000000b"};
  EXPECT_EQ(PlanPurge(names, kRetain).files, (Names{"snapshot.8", "snapshot.f", "log.9"}));
}

TEST(PlanPurge, EndsOnAFileThatBeginsWithTheSnapshot) {
  const Names names = {"log.1", "log.4", "log.5", "snapshot.4", "snapshot.5", "snapshot.6"};
  EXPECT_EQ(PlanPurge(names, kRetain).files, Names{"log.1"});
}

TEST(PlanPurge, TakesNoticeOfHistoryAlone) {
  const Names names = {"acceptedEpoch", "log.1.tmp",      "received.2", "snapshot.1.tmp", "log.02",
                       "snapshot.7",    "snapshot.8.tmp", "snapshot.8", "snapshot.9"};
  EXPECT_TRUE(PlanPurge(names, kRetain).files.empty());
}

/// Four epochs of five transactions; six log files, and a snapshot in each of them.
struct Sample {
  History history;
  std::vector<Database> states{history.database};
  DirectoryImage image{{"acceptedEpoch", Payload("4")}, {"currentEpoch", Payload("4")}};

  Sample() {
    for (uint32_t i = 0; i < 20; ++i) {
      history.Create(Epoch{1 + i / 5}, "/n" + std::to_string(i));
      states.push_back(history.database);
    }
    const std::vector<size_t> files = {0, 3, 5, 10, 13, 15, 20};
    for (size_t i = 0; i + 1 < files.size(); ++i) {
      image[LogName(history.txns[files[i]]->zxid())] =
          storage_model::Log(history.txns, files[i], files[i + 1], /*padding=*/50);
    }
    for (const size_t count : {0u, 4u, 7u, 11u, 14u, 17u}) {
      const Database& state = states[count];
      image[SnapshotName(state.last_processed)] =
          Payload(SnapshotFile(state.tree, state.last_processed));
    }
  }

  /// All that the directory holds is there, in the tree and in memory.
  void ExpectAll(const Restored& restored) const {
    EXPECT_FALSE(restored.damaged) << restored.damage;
    EXPECT_EQ(restored.database.last_processed, history.database.last_processed);
    EXPECT_EQ(restored.database.tree, history.database.tree);
  }
};

/// Purges a disk, one operation at a time.
struct Bench {
  explicit Bench(const DirectoryImage& image) : disk(ModelDisk::Of(image)) {}

  /// One operation; false if none was asked for.
  bool Answer() {
    const std::vector<FileOp> files = FilesIn(effects);
    if (answered == files.size()) return false;
    const FileDone done = disk.Perform(files[answered++]);
    EXPECT_EQ(done.error, FileError::kNone);
    purger.OnFileDone(done, kRetain, out);
    return true;
  }
  Names Left() const {
    Names names;
    for (const auto& [name, bytes] : disk.Now()) names.push_back(name);
    return names;
  }

  IdCounters ids;
  Effects effects;
  Outbox out{ids, effects};
  ModelDisk disk;
  Purger purger;
  size_t answered = 0;
};

TEST(Purger, RemovesOneFileAfterTheOther) {
  const Sample sample;
  Bench bench(sample.image);
  bench.purger.Start(bench.out);
  bench.purger.Start(bench.out);  // It is at it already.
  while (bench.Answer()) EXPECT_LE(FilesIn(bench.effects).size() - bench.answered, 2u);
  Names removed;
  std::vector<FileKind> kinds;
  for (const FileOp& file : FilesIn(bench.effects)) {
    kinds.push_back(file.kind);
    if (file.kind == FileKind::kRemove) removed.push_back(file.path);
  }
  EXPECT_EQ(removed, (Names{"snapshot.0", "snapshot.100000004", "snapshot.200000002",
                            "log.100000001", "log.100000004", "log.200000001"}));
  ASSERT_EQ(kinds.size(), 13u);
  EXPECT_EQ(kinds[0], FileKind::kList);
  for (size_t i = 2; i < kinds.size(); i += 2) EXPECT_EQ(kinds[i], FileKind::kSyncDir);
  EXPECT_EQ(bench.Left(), (Names{"acceptedEpoch", "currentEpoch", "log.300000001", "log.300000004",
                                 "log.400000001", "snapshot.300000001", "snapshot.300000004",
                                 "snapshot.400000002"}));
  const auto& traced = std::get<Trace>(bench.effects.back()).event;
  EXPECT_EQ(traced.probe, Probe::kPurged);
  EXPECT_EQ(traced.zxid, (Zxid{Epoch{3}, 1}));
  EXPECT_EQ(traced.number, 6);
  // Nothing is left to go, and nothing is said.
  bench.effects.clear();
  bench.answered = 0;
  bench.purger.Start(bench.out);
  while (bench.Answer()) continue;
  EXPECT_EQ(bench.effects.size(), 1u);
}

// A snapshot that is left has all the log behind it, also if newer ones have rotted; and the log
// that is left has no hole into which a learner could be synchronised.
TEST(Purger, ACrashAtAnyInstantLeavesAHistoryThatRestoresToTheSame) {
  const Sample sample;
  Bench bench(sample.image);
  bench.purger.Start(bench.out);
  while (bench.Answer()) continue;
  ForEveryCrash(sample.image, FilesIn(bench.effects), [&](DirectoryImage left, size_t done) {
    SCOPED_TRACE(done);
    sample.ExpectAll(Restore(left, PeerConfig{}));
    for (size_t i = 0; i < sample.history.txns.size(); ++i) {
      const auto log = LogBehind(left, sample.history.txns[i]->zxid(), Ratio{0, 1});
      if (!log) continue;
      ASSERT_EQ(log->size(), sample.history.txns.size() - i);
      for (size_t j = 0; j < log->size(); ++j) {
        EXPECT_EQ((*log)[j]->zxid(), sample.history.txns[i + j]->zxid());
      }
    }
    Names snapshots;
    for (const auto& [name, bytes] : left) {
      if (ZxidOfName(name, "snapshot.")) snapshots.push_back(name);
    }
    ASSERT_GE(snapshots.size(), 3u);
    int64_t rotten = 0;
    for (auto name = snapshots.rbegin(); name != snapshots.rend(); ++name) {
      left[*name] = Payload("rot");
      const Restored restored = Restore(left, PeerConfig{});
      if (++rotten >= kRetain && restored.damaged) continue;
      sample.ExpectAll(restored);
    }
  });
}

// What a crash has interrupted the next one brings to its end.
TEST(Purger, GoesOnWithLogsWhoseSnapshotsAreGone) {
  const Sample sample;
  Bench first(sample.image);
  first.purger.Start(first.out);
  for (int i = 0; i < 7; ++i) first.Answer();  // The list, three snapshots.
  Bench second(first.disk.Now());
  EXPECT_EQ(second.Left().size(), sample.image.size() - 3);
  second.purger.Start(second.out);
  while (second.Answer()) continue;
  EXPECT_EQ(second.Left().size(), sample.image.size() - 6);
}

TEST(Purger, StoppedItRemovesNothingMore) {
  const Sample sample;
  for (int answers = 0; answers < 13; ++answers) {
    Bench bench(sample.image);
    bench.purger.Start(bench.out);
    for (int i = 0; i < answers; ++i) bench.Answer();
    const size_t asked = FilesIn(bench.effects).size();
    bench.purger.Stop();
    while (bench.Answer()) continue;
    EXPECT_EQ(FilesIn(bench.effects).size(), asked);
    sample.ExpectAll(Restore(bench.disk.Now(), PeerConfig{}));
    // The next one takes no notice of the completions of the first.
    bench.purger.Start(bench.out);
    while (bench.Answer()) continue;
    EXPECT_EQ(bench.Left().size(), sample.image.size() - 6);
  }
}

TEST(Purger, ADirectoryThatCannotBeListedIsLeftAlone) {
  Bench bench({});
  bench.purger.Start(bench.out);
  const OperationId list = FilesIn(bench.effects).back().operation;
  bench.effects.clear();
  EXPECT_TRUE(bench.purger.OnFileDone({.operation = list, .error = FileError::kUnreadable}, kRetain,
                                      bench.out));
  EXPECT_TRUE(bench.effects.empty());
  EXPECT_FALSE(bench.purger.OnFileDone({.operation = list}, kRetain, bench.out));
}

}  // namespace purge_test
}  // namespace zab
