// Transactions: round trips, old forms, and invalid bytes.
#include "protocol/wire/txn.h"

#include <gtest/gtest.h>

#include "protocol/base/hash.h"
#include "protocol/base/random.h"

namespace zab::txn_test {

constexpr TxnHeader kHeader{
    .client_id = -5, .cxid = 7, .zxid = {Epoch{3}, 9}, .time = 1234567890123};

std::vector<TxnRecord> AllRecords() {
  return {CreateTxn{.path = "/a", .data = "x", .acl = {Acl{}}, .parent_cversion = 4},
          CreateTxn{.path = "/e", .acl = {}, .ephemeral = true},
          DeleteTxn{"/a/b"},
          SetDataTxn{.path = "/a", .data = std::nullopt, .version = 3},
          SetDataTxn{.path = "/", .data = "", .version = -1},
          ErrorTxn{Error::kNoNode},
          ErrorTxn{static_cast<Error>(-4242)},
          CreateSessionTxn{6000},
          CloseSessionTxn{{"/e", "/f"}},
          CloseSessionTxn{},
          CreateContainerTxn{.path = "/c", .data = "", .acl = {Acl{}}, .parent_cversion = 5},
          CreateTtlTxn{.path = "/t", .acl = {Acl{}}, .parent_cversion = 6, .ttl = 5000},
          SetAclTxn{.path = "/a", .acl = {Acl{.permissions = 1}}, .version = 2},
          CheckTxn{.path = "/a", .version = -1},
          MultiTxn{},
          MultiTxn{{{TxnType::kCreate, CreateTxn{.path = "/m", .acl = {}, .parent_cversion = 7}},
                    {TxnType::kCheck, CheckTxn{.path = "/a", .version = 3}},
                    {TxnType::kError, ErrorTxn{Error::kNoNode}}}}};
}

TxnRef Parsed(const std::string& bytes) {
  const absl::StatusOr<TxnRef> txn = ParseTxn(Payload(bytes));
  return txn.ok() ? *txn : nullptr;
}

std::string Bytes(const TxnRef& txn) {
  return std::string(txn->bytes.view());
}

TEST(Txn, RoundTrip) {
  for (const TxnRecord& record : AllRecords()) {
    for (const std::optional<uint64_t> digest : {std::optional<uint64_t>(0xfedcba9876543210), {}}) {
      const TxnRef made = MakeTxn(kHeader, record, digest);
      const TxnRef parsed = Parsed(Bytes(made));
      ASSERT_NE(parsed, nullptr) << record.index();
      EXPECT_EQ(parsed->record.index(), record.index());
      EXPECT_EQ(parsed->zxid(), kHeader.zxid);
      EXPECT_EQ(parsed->header.client_id, kHeader.client_id);
      EXPECT_EQ(parsed->header.cxid, kHeader.cxid);
      EXPECT_EQ(parsed->header.time, kHeader.time);
      EXPECT_EQ(parsed->header.type, made->header.type);
      EXPECT_EQ(parsed->digest, digest);
      EXPECT_EQ(parsed->hash, made->hash);
      EXPECT_EQ(parsed->hash, Hash64Of(made->bytes.view()));
      const TxnRef again = MakeTxn(parsed->header, parsed->record, parsed->digest);
      EXPECT_EQ(again->bytes, made->bytes);
    }
  }
}

TEST(Txn, AnOldCreateWithoutParentVersionIsRead) {
  std::string bytes = Bytes(
      MakeTxn(kHeader, CreateTxn{.path = "/a", .data = "x", .parent_cversion = 1}, std::nullopt));
  bytes.resize(bytes.size() - 4);
  const TxnRef txn = Parsed(bytes);
  ASSERT_NE(txn, nullptr);
  EXPECT_EQ(std::get<CreateTxn>(txn->record).parent_cversion, -1);
}

// closeSession had no body before ZooKeeper 3.6, and has none if the feature is switched off.
TEST(Txn, ACloseSessionWithoutBodyIsRead) {
  const std::string whole = Bytes(MakeTxn(kHeader, CloseSessionTxn{}, 77));
  const std::string header = whole.substr(0, 32);
  const std::string digest = whole.substr(36);
  ASSERT_NE(Parsed(header), nullptr);
  const TxnRef with_digest = Parsed(header + digest);
  ASSERT_NE(with_digest, nullptr);
  EXPECT_EQ(with_digest->digest, 77u);
  EXPECT_TRUE(std::get<CloseSessionTxn>(with_digest->record).paths.empty());
}

// A digest that is not whole is none, as for ZooKeeper; so is one of another version.
TEST(Txn, APrefixIsATransactionOnlyWithoutItsDigest) {
  for (const TxnRecord& record : AllRecords()) {
    if (std::holds_alternative<CloseSessionTxn>(record)) continue;  // May end after the header.
    const std::string bytes = Bytes(MakeTxn(kHeader, record, 1));
    const size_t end = bytes.size() - 12;
    const size_t least = std::holds_alternative<CreateTxn>(record) ? end - 4 : end;
    for (size_t size = 0; size < bytes.size(); ++size) {
      const TxnRef txn = Parsed(bytes.substr(0, size));
      EXPECT_EQ(txn != nullptr, size >= least) << record.index() << " cut at " << size;
      if (txn != nullptr) {
        EXPECT_FALSE(txn->digest);
      }
    }
    std::string later = bytes;
    later[end + 3] = 3;
    ASSERT_NE(Parsed(later), nullptr);
    EXPECT_FALSE(Parsed(later)->digest);
  }
}

TEST(Txn, BytesBehindTheDigestArePassedOver) {
  for (const TxnRecord& record : AllRecords()) {
    const std::string bytes = Bytes(MakeTxn(kHeader, record, 1)) + "extra";
    const TxnRef txn = Parsed(bytes);
    ASSERT_NE(txn, nullptr) << record.index();
    EXPECT_EQ(txn->digest, 1u);
    EXPECT_EQ(txn->bytes.view(), bytes);
  }
}

TEST(Txn, OneRecordHasTwoTypes) {
  const auto stays = [](const TxnRecord& record, TxnType type) {
    TxnHeader header = kHeader;
    header.type = type;
    const TxnRef made = MakeTxn(header, record, 1);
    EXPECT_EQ(made->header.type, type);
    const TxnRef parsed = Parsed(Bytes(made));
    ASSERT_NE(parsed, nullptr);
    EXPECT_EQ(parsed->header.type, type);
    EXPECT_EQ(parsed->record.index(), record.index());
  };
  stays(CreateTxn{.path = "/a", .parent_cversion = 1}, TxnType::kCreate2);
  stays(DeleteTxn{"/a"}, TxnType::kDeleteContainer);
  stays(SetDataTxn{.path = "/a"}, TxnType::kReconfig);
  TxnHeader header = kHeader;
  header.type = TxnType::kReconfig;
  EXPECT_EQ(MakeTxn(header, DeleteTxn{"/a"}, 1)->header.type, TxnType::kDelete);
}

// A leader of ZooKeeper makes errors of all parts of a failed multi once it has applied it, in its
// committed log, and leaves them their records: its DIFF brings them so.
TEST(Txn, AFailedMultiOfADiffIsRead) {
  std::string bytes = Bytes(MakeTxn(
      kHeader,
      MultiTxn{{{TxnType::kCreate, CreateTxn{.path = "/m", .data = "1", .parent_cversion = 7}},
                {TxnType::kError, ErrorTxn{Error::kNoNode}}}},
      std::nullopt));
  bytes.replace(36, 4, 4, '\xff');  // The first part's type.
  const TxnRef txn = Parsed(bytes);
  ASSERT_NE(txn, nullptr);
  const auto& multi = std::get<MultiTxn>(txn->record);
  ASSERT_EQ(multi.txns.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<ErrorTxn>(multi.txns[0].record));
  EXPECT_EQ(std::get<ErrorTxn>(multi.txns[1].record).error, Error::kNoNode);
  EXPECT_EQ(txn->bytes.view(), bytes) << "sent on as it came";
}

// ZooKeeper writes none of them, and would stop at one half-way through the multi.
TEST(Txn, WhatCannotBePartOfAMultiIsRefused) {
  const std::vector<SubTxn> parts = {{TxnType::kSetAcl, SetAclTxn{.path = "/a"}},
                                     {TxnType::kCreate2, CreateTxn{.path = "/a"}},
                                     {TxnType::kReconfig, SetDataTxn{.path = "/a"}},
                                     {TxnType::kCreateSession, CreateSessionTxn{5}},
                                     {TxnType::kCloseSession, CloseSessionTxn{}}};
  for (const SubTxn& part : parts) {
    EXPECT_EQ(Parsed(Bytes(MakeTxn(kHeader, MultiTxn{{part}}, 1))), nullptr)
        << static_cast<int>(part.type);
  }
}

TEST(Txn, NoAclsAtAllAreOpenToAll) {
  const std::string open =
      Bytes(MakeTxn(kHeader, SetAclTxn{.path = "/a", .acl = {}}, std::nullopt));
  std::string null = open;
  null.replace(null.size() - 8, 4, 4, '\xff');
  ASSERT_NE(Parsed(null), nullptr);
  EXPECT_EQ(std::get<SetAclTxn>(Parsed(null)->record).acl, std::vector<Acl>{Acl{}});
  EXPECT_TRUE(std::get<SetAclTxn>(Parsed(open)->record).acl.empty());
}

TEST(Txn, AMultiContainsNoMulti) {
  const MultiTxn inner{{{TxnType::kDelete, DeleteTxn{"/a"}}}};
  const TxnRef made = MakeTxn(kHeader, MultiTxn{{{TxnType::kMulti, inner}}}, 1);
  EXPECT_EQ(Parsed(Bytes(made)), nullptr);
}

TEST(Txn, NamesUnknownTypes) {
  std::string bytes = Bytes(MakeTxn(kHeader, DeleteTxn{"/a"}, 1));
  bytes[31] = 99;
  EXPECT_EQ(ParseTxn(Payload(bytes)).status().code(), absl::StatusCode::kUnimplemented);
}

TEST(Txn, HostileBytesGiveAStatus) {
  constexpr Stream kStream("test/txn");
  uint64_t ordinal = 0;
  const std::vector<TxnRecord> records = AllRecords();
  for (uint64_t round = 0; round < 20'000; ++round) {
    const Entity entity{round % records.size()};
    std::string bytes = Bytes(MakeTxn(kHeader, records[entity.value], 5));
    for (uint64_t edits = 1 + Draw(1, kStream, entity, ordinal++) % 3; edits > 0; --edits) {
      const uint64_t bits = Draw(1, kStream, entity, ordinal++);
      bytes[bits % bytes.size()] = static_cast<char>(bits >> 40);
    }
    const TxnRef txn = Parsed(bytes);
    if (txn != nullptr) {
      EXPECT_EQ(txn->bytes.view(), bytes) << "kept unchanged";
    }
  }
}

}  // namespace zab::txn_test
