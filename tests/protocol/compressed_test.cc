// Snapshots that ZooKeeper compressed: whole, cut short, and bytes that are neither.
#include "protocol/inspection/compressed.h"

#include <gtest/gtest.h>

#include <string>

namespace zab {
namespace compressed_test {

// What gzip makes of "hello".
const std::string kGzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00"
    "\x00\x00",
    25);

// What snappy-java makes of "hello": its header, and one block, a literal of five bytes.
const std::string kSnappyHeader("\x82SNAPPY\0\0\0\0\x01\0\0\0\x01", 16);
const std::string kSnappyBlock("\0\0\0\x07\x05\x10hello", 11);

std::string Read(Compression method, const std::string& bytes, size_t limit = 100) {
  const Decompressed read = Decompress(method, bytes, limit);
  return read.bytes + "|" + read.problem;
}

TEST(Compressed, NamesSayTheMethod) {
  const auto gzip = CompressedSnapshot("snapshot.2a.gz");
  ASSERT_TRUE(gzip.has_value());
  EXPECT_EQ(gzip->zxid, (Zxid{.epoch = {0}, .counter = 42}));
  EXPECT_EQ(gzip->method, Compression::kGzip);
  const auto snappy = CompressedSnapshot("snapshot.100000001.snappy");
  ASSERT_TRUE(snappy.has_value());
  EXPECT_EQ(snappy->zxid, (Zxid{.epoch = {1}, .counter = 1}));
  EXPECT_EQ(snappy->method, Compression::kSnappy);
  for (const char* other : {"snapshot.2a", "snapshot.gz", "log.2a.gz", "snapshot.x.snappy"}) {
    EXPECT_FALSE(CompressedSnapshot(other).has_value()) << other;
  }
}

TEST(Compressed, GzipIsReadMemberAfterMember) {
  EXPECT_EQ(Read(Compression::kGzip, kGzip), "hello|");
  EXPECT_EQ(Read(Compression::kGzip, kGzip + kGzip), "hellohello|");
  EXPECT_EQ(Read(Compression::kGzip, kGzip + "other bytes"), "hello|");
}

TEST(Compressed, GzipThatIsDamagedSaysSo) {
  for (size_t size = 0; size < kGzip.size(); ++size) {
    const Decompressed cut = Decompress(Compression::kGzip, kGzip.substr(0, size), 100);
    EXPECT_EQ(cut.problem, "the gzip stream ends early") << size;
  }
  EXPECT_EQ(Read(Compression::kGzip, "no gzip at all"), "|incorrect header check");
  EXPECT_EQ(Read(Compression::kGzip, kGzip, 5), "hello|");
  EXPECT_EQ(Read(Compression::kGzip, kGzip + kGzip, 5), "hello|too large");
}

TEST(Compressed, SnappyIsReadStreamAfterStream) {
  const std::string stream = kSnappyHeader + kSnappyBlock;
  EXPECT_EQ(Read(Compression::kSnappy, stream), "hello|");
  EXPECT_EQ(Read(Compression::kSnappy, stream + kSnappyBlock), "hellohello|");
  EXPECT_EQ(Read(Compression::kSnappy, stream + stream), "hellohello|");
}

TEST(Compressed, SnappyThatIsDamagedSaysSo) {
  const std::string stream = kSnappyHeader + kSnappyBlock;
  EXPECT_EQ(Read(Compression::kSnappy, kSnappyBlock), "|no header of snappy");
  for (size_t size = kSnappyHeader.size() + 1; size < stream.size(); ++size) {
    EXPECT_EQ(Read(Compression::kSnappy, stream.substr(0, size)), "|the snappy stream ends early");
  }
  EXPECT_EQ(Read(Compression::kSnappy, stream, 4), "|too large");
  const std::string negative("\xff\xff\xff\xff", 4);
  EXPECT_EQ(Read(Compression::kSnappy, stream + negative), "hello|bad block of snappy");
  const std::string bad("\0\0\0\x02\x05\x10", 6);
  EXPECT_EQ(Read(Compression::kSnappy, stream + bad), "hello|bad block of snappy");
}

}  // namespace compressed_test
}  // namespace zab
