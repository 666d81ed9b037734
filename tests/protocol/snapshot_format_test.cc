// The exact bytes of snapshots, the fuzzy walk, and the reader with arbitrary bytes (REFERENCE.md
// 14).
#include "protocol/storage/snapshot_format.h"

#include <gtest/gtest.h>

#include "protocol/wire/jute.h"
#include "tests/protocol/storage_model.h"

namespace zab {
namespace snapshot_format_test {

using storage_model::History;

History Sample() {
  History history;
  for (int i = 0; i < 3; ++i) {
    const std::string path = "/n" + std::to_string(i);
    history.Create(Epoch{1}, path, std::string(static_cast<size_t>(40 * i), 'v'));
    history.Create(Epoch{1}, path + "/child");
    history.Create(Epoch{1}, path + "/child/grandchild", "");
  }
  history.database.tree.sessions = {{11, 4000}, {12, 6000}};
  return history;
}

std::string Body(const DataTree& tree) {
  std::string body;
  SnapshotWalker walker;
  walker.Next(tree, 1 << 20, body);
  EXPECT_TRUE(walker.done());
  return body;
}

void ExpectSame(const DataTree& a, const DataTree& b) {
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.digest(), b.digest());
  EXPECT_EQ(a.sessions, b.sessions);
  EXPECT_EQ(a.acls, b.acls);
}

TEST(SnapshotFormat, ReadsWhatItWrites) {
  const History history = Sample();
  const Zxid last = history.database.last_processed;
  const std::string file = SnapshotFile(history.database.tree, last);
  const auto loaded = ReadSnapshotFile(file);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ExpectSame(loaded->tree, history.database.tree);
  ASSERT_TRUE(loaded->digest);
  EXPECT_EQ(loaded->digest->first, last);
  EXPECT_EQ(loaded->digest->second, history.database.tree.digest());
}

TEST(SnapshotFormat, AFreshOneHasNoDigest) {
  const auto loaded = ReadSnapshotFile(SnapshotFile(DataTree::Fresh("text"), Zxid{}));
  ASSERT_TRUE(loaded.ok());
  EXPECT_FALSE(loaded->digest);
  ExpectSame(loaded->tree, DataTree::Fresh("text"));
}

TEST(SnapshotFormat, ChunksDoNotChangeTheBytes) {
  const History history = Sample();
  const std::string whole = Body(history.database.tree);
  for (const size_t chunk : {size_t{1}, size_t{50}, size_t{300}}) {
    std::string body;
    SnapshotWalker walker;
    while (!walker.done()) walker.Next(history.database.tree, chunk, body);
    EXPECT_EQ(body, whole);
  }
}

TEST(SnapshotFormat, IsReadInAnyPieces) {
  const History history = Sample();
  const std::string bytes = Body(history.database.tree) + "what follows";
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{7}, size_t{100}, bytes.size()}) {
    SnapshotDecoder decoder;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      ASSERT_TRUE(decoder.Feed(absl::string_view(bytes).substr(at, piece)).ok());
    }
    ASSERT_TRUE(decoder.done());
    EXPECT_EQ(decoder.rest(), "what follows");
    ExpectSame(decoder.TakeTree(), history.database.tree);
  }
}

TEST(SnapshotFormat, NoPrefixAndNoCorruptFileIsAccepted) {
  const History history = Sample();
  const std::string file = SnapshotFile(history.database.tree, history.database.last_processed);
  const size_t without_digest = file.size() - 33;  // As before ZooKeeper 3.6.
  for (size_t length = 0; length < file.size(); ++length) {
    EXPECT_EQ(ReadSnapshotFile(file.substr(0, length)).ok(), length == without_digest) << length;
  }
  for (size_t position = 0; position < file.size(); ++position) {
    std::string changed = file;
    changed[position] = static_cast<char>(changed[position] ^ 0x41);
    EXPECT_FALSE(ReadSnapshotFile(changed).ok()) << position;
  }
  EXPECT_FALSE(ReadSnapshotFile(file + "x").ok());
}

TEST(SnapshotFormat, AcceptsTheBlockOf39) {
  const History history = Sample();
  std::string file = SnapshotFile(history.database.tree, history.database.last_processed);
  JuteWriter writer(file);
  writer.UnsignedLong(history.database.last_processed.ToWire());
  const uint32_t adler = ExtendAdler(1, file);
  writer.Long(adler);
  writer.String("/");
  EXPECT_TRUE(ReadSnapshotFile(file).ok());
  file[file.size() - 6] = static_cast<char>(file[file.size() - 6] ^ 1);
  EXPECT_FALSE(ReadSnapshotFile(file).ok());
}

TEST(SnapshotFormat, RefusesImpossibleStructure) {
  const auto feed = [](const std::string& bytes) { return SnapshotDecoder().Feed(bytes).ok(); };
  const std::string no_tables(8, '\0');
  std::string negative;
  JuteWriter(negative).Int(-1);
  EXPECT_FALSE(feed(negative));                           // Sessions.
  EXPECT_FALSE(feed(no_tables.substr(0, 4) + negative));  // ACLs.
  EXPECT_FALSE(feed(no_tables + negative));               // Path.
  std::string huge;
  JuteWriter(huge).Int(0x7fffffff);
  EXPECT_FALSE(feed(no_tables + huge));  // Does not wait for 2 GB.
  std::string end;
  JuteWriter(end).String("/");
  EXPECT_FALSE(feed(no_tables + end));  // No root.
  std::string orphan = no_tables;
  JuteWriter(orphan).String("/a/b");
  EXPECT_FALSE(feed(orphan + std::string(80, '\0')));
}

TEST(SnapshotFormat, SurvivesAnyBytes) {
  const History history = Sample();
  const std::string body = Body(history.database.tree);
  Chooser chooser(2);
  const auto below = [&](uint64_t bound) { return chooser.Below(Stream("fuzz"), Entity{}, bound); };
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = body;
    for (uint64_t edits = 1 + below(4); edits > 0; --edits) {
      const size_t position = below(bytes.size());
      switch (below(3)) {
        case 0: bytes.erase(position, below(8)); break;
        case 1: bytes.insert(position, below(8), static_cast<char>(below(256))); break;
        default: bytes[position] = static_cast<char>(below(256)); break;
      }
      if (bytes.empty()) bytes = "x";
    }
    SnapshotDecoder whole, pieces;
    bool good = true;
    const bool whole_good = whole.Feed(bytes).ok();
    for (size_t at = 0; good && at < bytes.size(); at += 13) {
      good = pieces.Feed(absl::string_view(bytes).substr(at, 13)).ok();
    }
    EXPECT_EQ(good, whole_good);
    EXPECT_EQ(pieces.done(), whole.done());
  }
}

// A snapshot walked while transactions are applied need not equal any tree that ever existed;
// replaying all of them on it gives the final tree.
TEST(SnapshotFormat, AFuzzyWalkAndTheLogGiveTheTree) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Chooser chooser(seed);
    History history;
    for (int i = 0; i < 20; ++i) history.AddRandom(Epoch{1}, chooser);
    const size_t start = history.txns.size();
    std::string body;
    SnapshotWalker walker;
    while (!walker.done()) {
      walker.Next(history.database.tree, 100, body);
      for (uint64_t i = chooser.Below(Stream("test"), Entity{}, 6); i > 0; --i) {
        history.AddRandom(Epoch{1}, chooser);
      }
    }
    SnapshotDecoder decoder;
    ASSERT_TRUE(decoder.Feed(body).ok()) << seed;
    DataTree tree = decoder.TakeTree();
    for (size_t i = start; i < history.txns.size(); ++i) tree.Apply(*history.txns[i]);
    EXPECT_EQ(tree, history.database.tree) << seed;
    EXPECT_EQ(tree.digest(), history.database.tree.digest()) << seed;
  }
}

}  // namespace snapshot_format_test
}  // namespace zab
