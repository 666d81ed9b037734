// TRUNC on disk (REFERENCE.md 15.3, P6; ZOOKEEPER-1549, OWN-1, ZOOKEEPER-1156).
#include <gtest/gtest.h>

#include "protocol/storage/log_format.h"
#include "protocol/storage/restore.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/protocol/storage_model.h"

namespace zab {
namespace truncate_test {

using storage_model::FilesIn;
using storage_model::ForEveryCrash;
using storage_model::History;

/// Twelve transactions of epoch 1 in three files of four, with snapshots at 0, 4 and 10.
struct Sample {
  History history;
  std::vector<Database> states{history.database};
  DirectoryImage image;

  Sample() {
    image["snapshot.0"] = Snapshot(0);
    std::string bytes;
    for (uint32_t i = 0; i < 12; ++i) {
      if (i % 4 == 0) bytes = LogHeader();
      AppendRecord(*history.Create(Epoch{1}, "/n" + std::to_string(i)), bytes);
      states.push_back(history.database);
      if (i % 4 == 3) image[LogName({Epoch{1}, i - 2})] = Payload(bytes + std::string(100, '\0'));
    }
    image["snapshot.100000004"] = Snapshot(4);
    image["snapshot.10000000a"] = Snapshot(10);
  }
  Payload Snapshot(size_t count) const {
    return Payload(SnapshotFile(states[count].tree, states[count].last_processed));
  }
  static Zxid At(uint32_t counter) { return counter == 0 ? Zxid{} : Zxid{Epoch{1}, counter}; }
};

std::vector<std::string> NamesIn(const DirectoryImage& image) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : image) names.push_back(name);
  return names;
}

TEST(Truncate, LeavesExactlyThePrefix) {
  const Sample sample;
  for (uint32_t counter = 0; counter <= 12; ++counter) {
    DirectoryImage image = sample.image;
    const auto steps = PlanTruncate(image, Sample::At(counter));
    ASSERT_TRUE(steps) << counter;
    ApplyRepairs(*steps, image);
    const Restored restored = Restore(image, PeerConfig{});
    EXPECT_FALSE(restored.damaged) << restored.damage;
    EXPECT_TRUE(restored.repairs.empty());
    EXPECT_EQ(restored.database.last_processed, Sample::At(counter));
    EXPECT_EQ(restored.database.tree, sample.states[counter].tree) << counter;
    EXPECT_EQ(steps->empty(), counter == 12);
  }
}

TEST(Truncate, NewestFirst) {
  const Sample sample;
  const auto steps = PlanTruncate(sample.image, Sample::At(3));
  ASSERT_TRUE(steps);
  ASSERT_EQ(steps->size(), 5u);
  EXPECT_EQ(std::get<RemoveFile>((*steps)[0]).path, "snapshot.10000000a");
  EXPECT_EQ(std::get<RemoveFile>((*steps)[1]).path, "snapshot.100000004");
  EXPECT_EQ(std::get<RemoveFile>((*steps)[2]).path, "log.100000009");
  EXPECT_EQ(std::get<RemoveFile>((*steps)[3]).path, "log.100000005");
  EXPECT_EQ(std::get<CutFile>((*steps)[4]).path, "log.100000001");
}

// A9: a snapshot above the point would restore what was truncated.
TEST(Truncate, NoSnapshotAboveThePointSurvives) {
  Sample sample;
  const auto steps = PlanTruncate(sample.image, Sample::At(9));
  ApplyRepairs(*steps, sample.image);
  EXPECT_FALSE(sample.image.contains("snapshot.10000000a"));
}

// Similar to A9: a fuzzy snapshot named below the point contains a later transaction.
TEST(Truncate, NoFuzzySnapshotThatReachesBeyondSurvives) {
  Sample sample;
  sample.image.erase("snapshot.10000000a");
  sample.image["snapshot.100000006"] = sample.Snapshot(9);
  DirectoryImage image = sample.image;
  ApplyRepairs(*PlanTruncate(image, Sample::At(8)), image);
  EXPECT_FALSE(image.contains("snapshot.100000006"));
  EXPECT_EQ(Restore(image, PeerConfig{}).database.tree, sample.states[8].tree);
  image = sample.image;
  ApplyRepairs(*PlanTruncate(image, Sample::At(9)), image);
  EXPECT_TRUE(image.contains("snapshot.100000006"));
}

// A10: the point itself is only in a snapshot, not in a log; the record after it must not survive.
TEST(Truncate, ThePointMayBeInASnapshotOnly) {
  History history;
  for (int i = 0; i < 6; ++i) history.Create(Epoch{1}, "/n" + std::to_string(i));
  const Payload snapshot(SnapshotFile(history.database.tree, history.database.last_processed));
  const DataTree wanted = history.database.tree;
  std::string log = LogHeader();
  AppendRecord(*history.Create(Epoch{1}, "/phantom"), log);
  DirectoryImage image = {{"snapshot.100000006", snapshot}, {"log.100000007", Payload(log)}};
  const auto steps = PlanTruncate(image, {Epoch{1}, 6});
  ASSERT_TRUE(steps);
  ApplyRepairs(*steps, image);
  EXPECT_EQ(NamesIn(image), std::vector<std::string>{"snapshot.100000006"});
  EXPECT_EQ(Restore(image, PeerConfig{}).database.tree, wanted);
}

TEST(Truncate, AnUnreachablePointChangesNothing) {
  Sample sample;
  EXPECT_FALSE(PlanTruncate(sample.image, {Epoch{1}, 13}));  // Beyond the end.
  EXPECT_FALSE(PlanTruncate(sample.image, {Epoch{2}, 0}));   // The start of an epoch.
  EXPECT_FALSE(PlanTruncate(sample.image, {Epoch{0}, 5}));   // Across epochs.
  EXPECT_FALSE(PlanTruncate({}, Zxid{}));
  sample.image.erase("snapshot.0");
  EXPECT_FALSE(PlanTruncate(sample.image, Sample::At(3)));  // Only snapshots above.
  EXPECT_TRUE(PlanTruncate(sample.image, Sample::At(4)));
  sample.image["snapshot.100000004"] = Payload("rotten");
  EXPECT_FALSE(PlanTruncate(sample.image, Sample::At(5)));
}

// Every instant leaves a prefix of the old history that contains the point; so does the repair
// after a crash.
TEST(Truncate, NoCrashLosesThePoint) {
  const Sample sample;
  for (const uint32_t counter : {0u, 2u, 4u, 5u, 8u, 11u}) {
    IdCounters ids;
    Effects effects;
    Outbox out(ids, effects);
    const auto steps = PlanTruncate(sample.image, Sample::At(counter));
    PerformRepairs(*steps, out);
    const size_t all = FilesIn(effects).size();
    ForEveryCrash(sample.image, FilesIn(effects), [&](const DirectoryImage& left, size_t done) {
      const Restored restored = Restore(left, PeerConfig{});
      ASSERT_FALSE(restored.damaged) << restored.damage;
      const uint32_t last = restored.database.last_processed.counter;
      EXPECT_GE(last, counter);
      EXPECT_LE(last, 12u);
      EXPECT_EQ(restored.database.tree, sample.states[last].tree);
      if (done == all) {
        EXPECT_EQ(last, counter);
      }
    });
  }
}

TEST(Truncate, EachStepIsDurableBeforeTheNext) {
  const Sample sample;
  IdCounters ids;
  Effects effects;
  Outbox out(ids, effects);
  const auto last = PerformRepairs({RemoveFile{"a"}, CutFile{"b", 7}, RenameFile{"c", "d"}}, out);
  std::vector<FileKind> kinds;
  for (const FileOp& file : FilesIn(effects)) kinds.push_back(file.kind);
  using enum FileKind;
  EXPECT_EQ(kinds, (std::vector<FileKind>{kSyncDir, kRemove, kSyncDir, kTruncate, kFsync, kRename,
                                          kSyncDir}));
  EXPECT_EQ(last, FilesIn(effects).back().operation);
  EXPECT_FALSE(PerformRepairs({}, out));
}

}  // namespace truncate_test
}  // namespace zab
