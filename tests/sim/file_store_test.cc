#include "sim/file_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace sim {
namespace file_store_test {
namespace {

using zab::FileError;
using zab::Payload;

constexpr zab::Entity kEntity{1};

std::string Bytes(const FileStore& files, Image image, absl::string_view name) {
  const auto found = files.Find(image, name);
  return found ? found->bytes() : "(none)";
}
std::string Visible(const FileStore& files, absl::string_view name) {
  return Bytes(files, Image::kVisible, name);
}
std::string Durable(const FileStore& files, absl::string_view name) {
  return Bytes(files, Image::kDurable, name);
}

FileStore WithLog() {
  FileStore files;
  files.Install("log", "abc");
  return files;
}

TEST(FileStore, BytesAreDurableByFsync) {
  FileStore files = WithLog();
  EXPECT_EQ(files.Write("log", 3, Payload("def")), FileError::kNone);
  EXPECT_EQ(Visible(files, "log"), "abcdef");
  EXPECT_EQ(Durable(files, "log"), "abc");
  EXPECT_EQ(files.Fsync("log"), FileError::kNone);
  EXPECT_EQ(Durable(files, "log"), "abcdef");
}

TEST(FileStore, NamesAreDurableBySyncDirectory) {
  FileStore files;
  files.Create("new");
  files.Write("new", 0, Payload("x"));
  files.Fsync("new");
  EXPECT_EQ(Durable(files, "new"), "(none)");
  files.SyncDirectory();
  EXPECT_EQ(Durable(files, "new"), "x");
  EXPECT_EQ(files.Names(Image::kDurable), (std::vector<std::string>{"new"}));
}

TEST(FileStore, AFileWhoseNameWasNotSyncedIsLost) {
  FileStore files;
  files.Create("new");
  files.Write("new", 0, Payload("x"));
  files.Fsync("new");
  files.LoseUnsynced();
  EXPECT_EQ(Visible(files, "new"), "(none)");
  EXPECT_TRUE(files.Names(Image::kVisible).empty());
}

TEST(FileStore, ARenamedFileThatWasNotFsyncedLosesItsContents) {
  FileStore files = WithLog();
  files.Create("tmp");
  files.Write("tmp", 0, Payload("new"));
  files.Rename("tmp", "log");
  files.SyncDirectory();
  EXPECT_EQ(Visible(files, "log"), "new");
  files.LoseUnsynced();
  EXPECT_EQ(Visible(files, "log"), "");
  EXPECT_EQ(Visible(files, "tmp"), "(none)");
}

TEST(FileStore, AtomicReplacement) {
  FileStore files = WithLog();
  files.Create("tmp");
  files.Write("tmp", 0, Payload("new"));
  files.Fsync("tmp");
  files.SyncDirectory();
  files.Rename("tmp", "log");
  FileStore crashed = files;
  crashed.LoseUnsynced();
  EXPECT_EQ(Visible(crashed, "log"), "abc");
  EXPECT_EQ(Visible(crashed, "tmp"), "new");
  files.SyncDirectory();
  files.LoseUnsynced();
  EXPECT_EQ(Visible(files, "log"), "new");
  EXPECT_EQ(Visible(files, "tmp"), "(none)");
}

TEST(FileStore, ARemovedFileComesBackUntilTheDirectoryIsSynced) {
  FileStore files = WithLog();
  files.Remove("log");
  EXPECT_EQ(Visible(files, "log"), "(none)");
  EXPECT_EQ(Durable(files, "log"), "abc");
  FileStore crashed = files;
  crashed.LoseUnsynced();
  EXPECT_EQ(Visible(crashed, "log"), "abc");
  files.SyncDirectory();
  files.LoseUnsynced();
  EXPECT_EQ(Visible(files, "log"), "(none)");
}

TEST(FileStore, CreateReplaces) {
  FileStore files = WithLog();
  const uint64_t before = files.Find(Image::kVisible, "log")->file;
  files.Create("log");
  EXPECT_EQ(Visible(files, "log"), "");
  EXPECT_EQ(Durable(files, "log"), "abc");
  EXPECT_NE(files.Find(Image::kVisible, "log")->file, before);
  EXPECT_EQ(files.Find(Image::kDurable, "log")->file, before);
}

TEST(FileStore, MissingFiles) {
  FileStore files;
  EXPECT_EQ(files.Write("x", 0, Payload("x")), FileError::kIo);
  EXPECT_EQ(files.Truncate("x", 0), FileError::kIo);
  EXPECT_EQ(files.Rename("x", "y"), FileError::kIo);
  EXPECT_EQ(files.Remove("x"), FileError::kIo);
  EXPECT_EQ(files.Fsync("x"), FileError::kIo);
}

TEST(FileStore, WritesAnywhere) {
  FileStore files = WithLog();
  files.Write("log", 1, Payload("X"));
  files.Write("log", 5, Payload("Y"));
  EXPECT_EQ(Visible(files, "log"), std::string("aXc\0\0Y", 6));
  files.Truncate("log", 2);
  files.Truncate("log", 4);
  EXPECT_EQ(Visible(files, "log"), std::string("aX\0\0", 4));
  files.Fsync("log");
  EXPECT_EQ(Durable(files, "log"), std::string("aX\0\0", 4));
}

// A parser that has read up to `written` may continue there as long as the generation is the same.
TEST(FileStore, GenerationChangesWhenAnythingButAppendHappened) {
  FileStore files = WithLog();
  const auto view = [&] { return *files.Find(Image::kVisible, "log"); };
  const uint64_t generation = view().generation;
  files.Truncate("log", 64 << 10);  // Preallocation.
  EXPECT_EQ(view().written.size(), 3u);
  files.Write("log", 3, Payload("def"));
  EXPECT_EQ(view().written.size(), 6u);
  files.Truncate("log", 6);  // Removes the padding.
  EXPECT_EQ(view().generation, generation);
  files.Write("log", 5, Payload("X"));
  EXPECT_EQ(view().generation, generation + 1);
  files.Truncate("log", 2);
  EXPECT_EQ(view().generation, generation + 2);
  EXPECT_EQ(view().written.size(), 2u);
  files.LoseUnsynced();
  EXPECT_GT(view().generation, generation + 2);
}

TEST(FileStore, TheDurableImageKeepsItsGenerationOverACrash) {
  FileStore files = WithLog();
  files.Write("log", 3, Payload("def"));
  files.Fsync("log");
  files.Write("log", 6, Payload("ghi"));
  const auto before = *files.Find(Image::kDurable, "log");
  const uint64_t generation = before.generation;
  files.LoseUnsynced();
  const auto after = *files.Find(Image::kDurable, "log");
  EXPECT_EQ(after.generation, generation);
  EXPECT_EQ(after.bytes(), "abcdef");
}

TEST(FileStore, VersionsChangeWithTheirImages) {
  FileStore files = WithLog();
  const uint64_t visible = files.version(Image::kVisible);
  const uint64_t durable = files.version(Image::kDurable);
  files.Fsync("log");
  files.SyncDirectory();
  EXPECT_EQ(files.version(Image::kDurable), durable);  // There was nothing to sync.
  files.Write("log", 3, Payload("d"));
  EXPECT_NE(files.version(Image::kVisible), visible);
  EXPECT_EQ(files.version(Image::kDurable), durable);
  files.Fsync("log");
  EXPECT_NE(files.version(Image::kDurable), durable);
}

TEST(FileStore, TornFilesKeepAPrefixOfWhatWasWritten) {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    FileStore files = WithLog();
    files.Write("log", 3, Payload("de"));
    files.Write("log", 0, Payload("A"));
    files.Truncate("log", 4);
    zab::Chooser chooser(seed);
    files.Tear(kEntity, chooser);
    EXPECT_EQ(Visible(files, "log"), Durable(files, "log"));
    seen.insert(Visible(files, "log"));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"abc", "abcd", "abcde", "Abcde", "Abcd"}));
}

TEST(FileStore, TornNamesKeepAPrefixOfTheirChanges) {
  std::set<std::vector<std::string>> seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    FileStore files = WithLog();
    files.Create("a");
    files.Rename("a", "b");
    files.Remove("log");
    zab::Chooser chooser(seed);
    files.Tear(kEntity, chooser);
    seen.insert(files.Names(Image::kVisible));
  }
  EXPECT_EQ(seen, (std::set<std::vector<std::string>>{{"log"}, {"a", "log"}, {"b", "log"}, {"b"}}));
}

TEST(FileStore, AllNamesButOneSurviveIfTheDirectoryIsNotJournaled) {
  for (size_t lost = 0; lost < 3; ++lost) {
    FileStore files = WithLog();
    files.Create("a");
    files.Rename("log", "b");
    files.Create("c");
    EXPECT_EQ(files.unsynced_names(), 3u);
    files.SyncNamesBut(lost);
    files.LoseUnsynced();
    std::vector<std::string> wanted = {"a", "b", "c"};
    wanted[lost] = lost == 1 ? "log" : "";
    std::erase(wanted, "");
    std::ranges::sort(wanted);
    EXPECT_EQ(files.Names(Image::kVisible), wanted);
    EXPECT_EQ(files.unsynced_names(), 0u);
  }
}

TEST(FileStore, TearingNothingDrawsNothing) {
  FileStore files = WithLog();
  zab::Chooser chooser(1);
  files.Tear(kEntity, chooser);
  EXPECT_EQ(chooser.Bits(zab::Stream("disk/torn-bytes"), kEntity),
            zab::Draw(1, zab::Stream("disk/torn-bytes"), kEntity, 0));
}

TEST(FileStore, KeepUnsyncedKeepsEverything) {
  FileStore files = WithLog();
  files.Create("a");
  files.Write("a", 0, Payload("x"));
  files.Rename("a", "b");
  files.KeepUnsynced();
  files.LoseUnsynced();
  EXPECT_EQ(Visible(files, "b"), "x");
  EXPECT_EQ(files.Names(Image::kVisible), (std::vector<std::string>{"b", "log"}));
}

TEST(FileStore, AFailedFsyncLosesTheUnsyncedData) {
  FileStore files = WithLog();
  files.Write("log", 3, Payload("def"));
  files.DropUnsynced("log");
  EXPECT_EQ(Visible(files, "log"), "abc");
  files.Fsync("log");
  EXPECT_EQ(Durable(files, "log"), "abc");
}

TEST(FileStore, ReorderKeepsAnySectorsOfUnsyncedWrites) {
  std::set<std::string> seen;
  int out_of_order = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    FileStore files = WithLog();
    files.Write("log", 3, Payload(std::string(1021, 'd')));  // Up to 1024: two sectors.
    files.Write("log", 1024, Payload("e"));
    zab::Chooser chooser(seed);
    const bool reordered = files.Reorder(kEntity, chooser);
    const std::string left = Visible(files, "log");
    EXPECT_EQ(left, Durable(files, "log"));
    EXPECT_EQ(left.substr(0, 3), "abc");
    const auto has = [&](size_t at, char c) { return left.size() > at && left[at] == c; };
    const bool first = has(3, 'd'), second = has(512, 'd'), third = has(1024, 'e');
    EXPECT_EQ(first, has(511, 'd'));
    EXPECT_EQ(second, has(1023, 'd'));
    EXPECT_EQ(reordered, (second && !first) || (third && !(first && second))) << seed;
    out_of_order += reordered;
    seen.insert(left);
  }
  EXPECT_EQ(seen.size(), 8u);
  EXPECT_GT(out_of_order, 30);
}

TEST(FileStore, TheMediumMayBeCorrupted) {
  FileStore files = WithLog();
  files.Write("log", 3, Payload("def"));
  const uint64_t generation = files.Find(Image::kDurable, "log")->generation;
  files.Corrupt("log", 1, "X");
  EXPECT_EQ(Durable(files, "log"), "aXc");
  EXPECT_EQ(Visible(files, "log"), "aXcdef");
  EXPECT_NE(files.Find(Image::kDurable, "log")->generation, generation);
  files.Wipe();
  EXPECT_TRUE(files.Names(Image::kVisible).empty());
  EXPECT_TRUE(files.Names(Image::kDurable).empty());
  files.Create("new");
  files.SyncDirectory();
  EXPECT_EQ(Durable(files, "new"), "");
}

}  // namespace
}  // namespace file_store_test
}  // namespace sim
