// Byte sequences that a real ZooKeeper 3.8.0 wrote (REFERENCE.md 21, 4, 5).
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "protocol/boundary/message_kind.h"
#include "protocol/election/notification.h"
#include "protocol/tree/preparer.h"
#include "protocol/wire/codec.h"

namespace zab::vectors_test {

// Bytes from hex digits; all other characters are ignored.
std::string Hex(absl::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (absl::ascii_isxdigit(static_cast<unsigned char>(c))) digits += c;
  }
  return absl::HexStringToBytes(digits);
}

std::string Shown(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

// Log entries: header, record, digest.
const char kRec1[] =
    "0100000ffe6d0000 00000000 0000000100000001 000001a202215585 fffffff6 00001770 00000002"
    "0000000051c6d660";
const char kRec2[] =
    "0100000ffe6d0000 00000001 0000000100000002 000001a2022155d3 00000001 00000002 2f61 00000005"
    "68656c6c6f 00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65 00 00000001 00000002"
    "00000001d9bd70e2";
const char kRec5[] =
    "0100000ffe6d0000 00000004 0000000100000005 000001a202215600 00000005 00000002 2f61 00000005"
    "776f726c64 00000001 00000002 0000000275e7c0fb";

constexpr int64_t kClient = 0x0100000ffe6d0000;

TxnRef Parsed(const char* entry) {
  return ParseTxn(Payload(Hex(entry))).value();
}

void ExpectMadeTheSame(const TxnRef& txn) {
  EXPECT_EQ(Shown(MakeTxn(txn->header, txn->record, txn->digest)->bytes.view()),
            Shown(txn->bytes.view()));
}

TEST(GoldenVectors, CreateSessionRecord) {
  const TxnRef txn = Parsed(kRec1);
  EXPECT_EQ(txn->bytes.size(), 48u);
  EXPECT_EQ(txn->header.client_id, kClient);
  EXPECT_EQ(txn->zxid(), (Zxid{Epoch{1}, 1}));
  EXPECT_EQ(std::get<CreateSessionTxn>(txn->record).timeout, 6000);
  ExpectMadeTheSame(txn);
  DataTree tree = DataTree::Fresh("version=0");
  tree.Apply(*txn);
  EXPECT_EQ(tree.digest(), txn->digest);
}

TEST(GoldenVectors, CreateRecord) {
  const TxnRef txn = Parsed(kRec2);
  EXPECT_EQ(txn->bytes.size(), 0x5bu);
  const CreateTxn& create = std::get<CreateTxn>(txn->record);
  EXPECT_EQ(create.path, "/a");
  EXPECT_EQ(create.data, "hello");
  EXPECT_EQ(create.acl, std::vector<Acl>{Acl{}});
  EXPECT_FALSE(create.ephemeral);
  EXPECT_EQ(create.parent_cversion, 1);
  ExpectMadeTheSame(txn);
}

TEST(GoldenVectors, SetDataRecord) {
  const TxnRef txn = Parsed(kRec5);
  EXPECT_EQ(txn->bytes.size(), 0x3fu);
  EXPECT_EQ(std::get<SetDataTxn>(txn->record).data, "world");
  EXPECT_EQ(std::get<SetDataTxn>(txn->record).version, 1);
  ExpectMadeTheSame(txn);
}

// The leader's preparation of the request, including the digest.
TEST(GoldenVectors, PrepMakesTheRecordedCreate) {
  DataTree tree = DataTree::Fresh("version=0");
  tree.Apply(*Parsed(kRec1));
  const TxnRef create = Preparer().Prepare(
      tree, Parsed(kRec2)->header, {.type = OpType::kCreate, .path = "/a", .data = "hello"});
  EXPECT_EQ(Shown(create->bytes.view()), Shown(Hex(kRec2)));
  tree.Apply(*create);
  EXPECT_EQ(tree.digest(), 0x1d9bd70e2u);
}

// Everything but the digest, which depends on transactions 3 and 4 of that log, which were not
// recorded.
TEST(GoldenVectors, PrepMakesTheRecordedSetData) {
  const size_t without_digest = 0x3f - 8;
  for (const bool applied : {true, false}) {
    DataTree tree = DataTree::Fresh("version=0");
    Preparer preparer;
    const TxnRef create = preparer.Prepare(
        tree, Parsed(kRec2)->header, {.type = OpType::kCreate, .path = "/a", .data = "hello"});
    if (applied) {
      tree.Apply(*create);
      preparer.Applied(create->zxid());
    }
    const TxnRef set = preparer.Prepare(tree, Parsed(kRec5)->header,
                                        {.type = OpType::kSetData, .path = "/a", .data = "world"});
    EXPECT_EQ(Shown(set->bytes.view().substr(0, without_digest)),
              Shown(Hex(kRec5).substr(0, without_digest)));
    if (!applied) tree.Apply(*create);
    tree.Apply(*set);
    EXPECT_EQ(tree.digest(), set->digest);
  }
}

void ExpectPacket(ReadingEnd end, const Message& message, const std::string& bytes) {
  EXPECT_EQ(Shown(Encode(message).view()), Shown(bytes));
  QuorumDecoder decoder(end);
  decoder.Feed(bytes);
  const absl::StatusOr<std::optional<Message>> decoded = decoder.Next();
  ASSERT_TRUE(decoded.ok() && decoded->has_value());
  EXPECT_EQ(KindOf(**decoded), KindOf(message));
  EXPECT_EQ(Shown(Encode(**decoded).view()), Shown(bytes));
}

TEST(GoldenVectors, QuorumPackets) {
  ExpectPacket(ReadingEnd::kLeader, FollowerInfo{.accepted_epoch = Epoch{1}, .server = ServerId{1}},
               Hex("0000000b|0000000100000000|00000014|0000000000000001|00010000|0000000000000000|"
                   "ffffffff"));
  ExpectPacket(ReadingEnd::kLearner, LeaderInfo{Epoch{1}},
               Hex("00000011|0000000100000000|00000004|00010000|ffffffff"));
  ExpectPacket(ReadingEnd::kLeader, Ack{{Epoch{1}, 2}},
               Hex("00000003|0000000100000002|ffffffff|ffffffff"));
  ExpectPacket(ReadingEnd::kLeader, AckEpoch{Zxid{Epoch{1}, 2}, Epoch{1}},
               Hex("00000012|0000000100000002|00000004|00000001|ffffffff"));
  ExpectPacket(ReadingEnd::kLearner, UpToDate{},
               Hex("0000000c|ffffffffffffffff|ffffffff|ffffffff"));
  ExpectPacket(ReadingEnd::kLearner, Proposal{Parsed(kRec1)},
               Hex("00000002 0000000100000001 00000030") + Hex(kRec1) + Hex("ffffffff"));
}

TEST(GoldenVectors, NotificationFrame) {
  const Notification notification{
      .leader = ServerId{1}, .zxid = Zxid{}, .round = 1, .config = std::string(138, 'c')};
  const Payload frame = Frame(EncodeNotification(notification).view());
  EXPECT_EQ(Shown(frame.view().substr(0, 4)), "000000b6");
  EXPECT_EQ(Shown(frame.view().substr(4, 44)),
            Shown(Hex("00000000 0000000000000001 0000000000000000 0000000000000001"
                      "0000000000000000 00000002 0000008a")));
  EXPECT_EQ(frame.size(), 4u + 182u);
}

TEST(GoldenVectors, Hello) {
  FrameDecoder decoder;
  decoder.Feed(Hex("ffffffffffff0000 0000000000000001 0000000f") + "127.0.0.1:31381");
  EXPECT_EQ(decoder.NextHello().value(), (zab::Hello{ServerId{1}, "127.0.0.1:31381"}));
  EXPECT_EQ(Shown(EncodeHello(ServerId{1}, "n1:3888").view()),
            Shown(Hex("ffffffffffff0000 0000000000000001 00000007") + "n1:3888"));
}

}  // namespace zab::vectors_test
