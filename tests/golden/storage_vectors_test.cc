// Files that a real ZooKeeper 3.8.0 wrote (REFERENCE.md 21): we can read them and write the same
// bytes.
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"

namespace zab {
namespace storage_vectors_test {

std::string Bytes(absl::string_view hex) {
  return absl::HexStringToBytes(absl::StrReplaceAll(hex, {{" ", ""}}));
}

constexpr char kHeader[] = "5a4b4c47 00000002 0000000000000000";
constexpr char kCreateSession[] =
    "00000000bc4509e7 00000030 0100000ffe6d0000 00000000 0000000100000001 000001a202215585 "
    "fffffff6 "
    "00001770 00000002 0000000051c6d660 42";
constexpr char kCreate[] =
    "0000000004c90de3 0000005b 0100000ffe6d0000 00000001 0000000100000002 000001a2022155d3 "
    "00000001 "
    "00000002 2f61 00000005 68656c6c6f 00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65 "
    "00 "
    "00000001 00000002 00000001d9bd70e2 42";
constexpr char kSetData[] =
    "00000000c4980882 0000003f 0100000ffe6d0000 00000004 0000000100000005 000001a202215600 "
    "00000005 "
    "00000002 2f61 00000005 776f726c64 00000001 00000002 0000000275e7c0fb 42";

constexpr int64_t kSession = 0x0100000ffe6d0000;

TEST(StorageVectors, LogHeader) {
  EXPECT_EQ(LogHeader(), Bytes(kHeader));
}

TEST(StorageVectors, LogNames) {
  EXPECT_EQ(LogName({Epoch{1}, 1}), "log.100000001");
  EXPECT_EQ(SnapshotName({}), "snapshot.0");
}

TEST(StorageVectors, LogRecordsAreWrittenToTheByte) {
  const auto record = [](TxnHeader header, TxnRecord what, uint64_t digest) {
    std::string bytes;
    header.client_id = kSession;
    AppendRecord(*MakeTxn(header, std::move(what), digest), bytes);
    return absl::BytesToHexString(bytes);
  };
  EXPECT_EQ(record({.cxid = 0, .zxid = {Epoch{1}, 1}, .time = 0x1a202215585},
                   CreateSessionTxn{.timeout = 6000}, 0x51c6d660),
            absl::BytesToHexString(Bytes(kCreateSession)));
  EXPECT_EQ(record({.cxid = 1, .zxid = {Epoch{1}, 2}, .time = 0x1a2022155d3},
                   CreateTxn{.path = "/a", .data = "hello", .acl = {Acl{}}, .parent_cversion = 1},
                   0x1d9bd70e2),
            absl::BytesToHexString(Bytes(kCreate)));
  EXPECT_EQ(record({.cxid = 4, .zxid = {Epoch{1}, 5}, .time = 0x1a202215600},
                   SetDataTxn{.path = "/a", .data = "world", .version = 1}, 0x275e7c0fb),
            absl::BytesToHexString(Bytes(kSetData)));
}

TEST(StorageVectors, LogRecordsAreRead) {
  // 64 KB were preallocated.
  std::string file =
      absl::StrCat(Bytes(kHeader), Bytes(kCreateSession), Bytes(kCreate), Bytes(kSetData));
  const size_t end = file.size();
  file.resize(kLogHeaderSize + 65536);
  const LogContent content = ReadLog(file);
  EXPECT_EQ(content.end, LogEnd::kClean);
  EXPECT_EQ(content.valid_length, end);
  ASSERT_EQ(content.records.size(), 3u);
  EXPECT_EQ(std::get<CreateSessionTxn>(content.records[0].txn->record).timeout, 6000);
  EXPECT_EQ(content.records[1].txn->digest, 0x1d9bd70e2u);
  EXPECT_EQ(std::get<CreateTxn>(content.records[1].txn->record).data, "hello");
  EXPECT_EQ(std::get<SetDataTxn>(content.records[2].txn->record).version, 1);
}

// The digests in the records, computed by the 3.8.0 leader, equal those of our tree.
TEST(StorageVectors, ReplayGivesTheDigests) {
  const std::string file = absl::StrCat(Bytes(kHeader), Bytes(kCreateSession), Bytes(kCreate));
  DataTree tree = DataTree::Fresh("any text: below /zookeeper nothing counts");
  for (const LogRecord& record : ReadLog(file).records) {
    tree.Apply(*record.txn);
    EXPECT_EQ(tree.digest(), record.txn->digest) << ToString(record.txn->zxid());
  }
}

TEST(StorageVectors, FreshSnapshot) {
  const std::string file = SnapshotFile(DataTree::Fresh(std::string(138, 'c')), Zxid{});
  EXPECT_EQ(file.size(), 595u);
  const std::string start = Bytes(
      "5a4b534e 00000002 ffffffffffffffff 00000000 00000001 0000000000000001 00000001 00000001 "
      "00000005 776f726c64 00000006 616e796f6e65 00000000 00000000 ffffffffffffffff");
  EXPECT_EQ(absl::BytesToHexString(file.substr(0, start.size())), absl::BytesToHexString(start));
  EXPECT_EQ(file.substr(start.size(), 60), std::string(60, '\0'));
  EXPECT_EQ(file.substr(start.size() + 60, 14), Bytes("0000000a") + "/zookeeper");
}

// The end of a real snapshot: its second seal can be computed from the first one, whose bytes we do
// not have.
TEST(StorageVectors, TheSecondSealFollowsFromTheFirst) {
  EXPECT_EQ(absl::BytesToHexString(SnapshotFileTrailer(0xa69369cb, Zxid{}, 0x51c6d660)),
            absl::BytesToHexString(Bytes("00000000a69369cb 00000001 2f 0000000000000000 00000002 "
                                         "0000000000000000 0000000091266c6a 00000001 2f")));
}

}  // namespace storage_vectors_test
}  // namespace zab
