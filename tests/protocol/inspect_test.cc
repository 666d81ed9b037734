// The report of fsck for each kind of damage.
#include "protocol/inspection/inspect.h"

#include <gtest/gtest.h>

#include "protocol/inspection/compare.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/protocol/storage_model.h"

namespace zab {
namespace inspect_test {

using storage_model::Log;

/// snapshot.0, and six transactions of two epochs in two files.
class InspectTest : public ::testing::Test {
 protected:
  InspectTest() {
    image_["snapshot.0"] = Payload(SnapshotFile(history_.database.tree, Zxid{}));
    image_["acceptedEpoch"] = Payload("2");
    image_["currentEpoch"] = Payload("2");
    for (uint32_t i = 0; i < 6; ++i) {
      history_.Create(Epoch{i < 4 ? 1u : 2u}, "/n" + std::to_string(i));
    }
    image_["log.100000001"] = Log(history_.txns, 0, 4);
    image_["log.200000001"] = Log(history_.txns, 4, 6);
  }
  std::string Bytes(const char* name) const { return std::string(image_.at(name).view()); }
  Payload Snapshot() const {
    return Payload(SnapshotFile(history_.database.tree, history_.database.last_processed));
  }

  storage_model::History history_{PeerConfig{.self = ServerId{1}}.ConfigText()};
  DirectoryImage image_;
};

TEST_F(InspectTest, ACleanDirectory) {
  image_["snapshot.200000002"] = Snapshot();
  const Inspection found = Inspect(image_);
  EXPECT_EQ(found.health, Health::kClean) << found.restored.damage;
  ASSERT_EQ(found.logs.size(), 2u);
  EXPECT_EQ(found.logs[0].records, 4u);
  ASSERT_EQ(found.logs[1].epochs.size(), 1u);
  EXPECT_EQ(ToString(found.logs[1].epochs[0].last), "2:2");
  ASSERT_EQ(found.snapshots.size(), 2u);
  EXPECT_EQ(found.snapshots[1].nodes, history_.database.tree.size());
  EXPECT_TRUE(found.snapshots[1].digest);
  EXPECT_TRUE(found.gaps.empty());
  EXPECT_EQ(found.restored.database.tree, history_.database.tree);
}

TEST_F(InspectTest, ATornTailIsNotDamage) {
  const std::string whole = Bytes("log.200000001");
  image_["log.200000001"] = Payload(whole.substr(0, whole.size() - 1));
  const Inspection found = Inspect(image_);
  EXPECT_EQ(found.health, Health::kTorn);
  EXPECT_EQ(found.logs[1].end, LogEnd::kTorn);
  EXPECT_EQ(found.logs[1].records, 1u);
  EXPECT_EQ(ToString(found.restored.database.last_processed), "2:1");
}

TEST_F(InspectTest, ABadChecksumAmongGoodRecordsIsDamage) {
  std::string bytes = Bytes("log.100000001");
  bytes[kLogHeaderSize + 40] ^= 1;
  image_["log.100000001"] = Payload(bytes);
  const Inspection found = Inspect(image_);
  EXPECT_EQ(found.health, Health::kDamaged);
  EXPECT_EQ(found.logs[0].end, LogEnd::kDamaged);
  EXPECT_EQ(found.logs[0].problem, "wrong checksum record at byte 16");
}

TEST_F(InspectTest, AGapIsDamageUnlessASnapshotFollowsIt) {
  image_.erase("log.100000001");
  image_["log.100000001"] = Log({history_.txns[0], history_.txns[2]}, 0, 2);
  Inspection found = Inspect(image_);
  EXPECT_EQ(found.health, Health::kDamaged);
  ASSERT_EQ(found.gaps.size(), 1u);
  EXPECT_EQ(ToString(found.gaps[0].after), "1:1");
  EXPECT_EQ(ToString(found.gaps[0].next), "1:3");
  EXPECT_FALSE(found.gaps[0].covered);

  image_["snapshot.200000002"] = Snapshot();
  found = Inspect(image_);
  EXPECT_EQ(found.health, Health::kClean) << found.restored.damage;
  ASSERT_EQ(found.gaps.size(), 1u);
  EXPECT_TRUE(found.gaps[0].covered);
}

TEST_F(InspectTest, AnUnfinishedSnapshotIsDistinguishedFromADamagedOne) {
  const std::string whole(Snapshot().view());
  image_["snapshot.200000002"] = Payload(whole.substr(0, whole.size() / 2));
  Inspection found = Inspect(image_);
  EXPECT_EQ(found.health, Health::kTorn);
  EXPECT_EQ(found.snapshots[1].state, SnapshotState::kUnfinished);
  EXPECT_EQ(ToString(*found.restored.snapshot), "0:0");

  std::string bad = whole;
  bad[bad.size() / 2] ^= 1;
  image_["snapshot.200000002"] = Payload(bad);
  found = Inspect(image_);
  EXPECT_EQ(found.health, Health::kDamaged);
  EXPECT_EQ(found.snapshots[1].state, SnapshotState::kDamaged);
  EXPECT_EQ(found.restored.database.tree, history_.database.tree);
}

TEST_F(InspectTest, OtherNamesAreListed) {
  image_["currentEpoch.tmp"] = Payload("3");
  image_["snapshot.5.lz4"] = Payload("x");
  const Inspection found = Inspect(image_);
  EXPECT_EQ(found.temporary, (std::vector<std::string>{"currentEpoch.tmp"}));
  EXPECT_EQ(found.unknown, (std::vector<std::string>{"snapshot.5.lz4"}));
  EXPECT_EQ(found.health, Health::kTorn);
}

TEST_F(InspectTest, RecordsThatDoNotRiseAreTold) {
  const std::vector<TxnRef>& txns = history_.txns;
  image_["log.100000001"] = Log({txns[0], txns[1], txns[1], txns[2], txns[0], txns[3]}, 0, 6);
  image_["log.200000001"] = Log({txns[3], txns[4], txns[5]}, 0, 3);
  const Inspection found = Inspect(image_);
  EXPECT_EQ(found.health, Health::kClean) << found.restored.damage;
  ASSERT_EQ(found.repeats.size(), 3u);
  EXPECT_EQ(found.repeats[0].kind, Repeat::Kind::kDuplicate);
  EXPECT_EQ(ToString(found.repeats[0].next), "1:2");
  EXPECT_EQ(found.repeats[1].kind, Repeat::Kind::kStepBack);
  EXPECT_EQ(ToString(found.repeats[1].after), "1:3");
  EXPECT_EQ(found.repeats[2].kind, Repeat::Kind::kOverlap);
  EXPECT_EQ(found.repeats[2].file, "log.200000001");
  EXPECT_TRUE(found.gaps.empty());
}

TEST_F(InspectTest, EpochsOnWhichZooKeeperRefusesToStart) {
  image_["currentEpoch"] = Payload("1");
  Inspection found = Inspect(image_);
  ASSERT_EQ(found.hints.size(), 1u);
  EXPECT_EQ(found.hints[0].first, Hint::kCurrentEpochIsOld);
  EXPECT_EQ(found.health, Health::kDamaged);
  image_["currentEpoch.tmp"] = Payload("2");  // It would adopt it.
  EXPECT_EQ(Inspect(image_).health, Health::kTorn);
  image_.erase("currentEpoch.tmp");
  image_["currentEpoch"] = Payload("3");
  found = Inspect(image_);
  ASSERT_EQ(found.hints.size(), 1u);
  EXPECT_EQ(found.hints[0].first, Hint::kAcceptedEpochIsOld);
}

TEST_F(InspectTest, ComparesWhatTwoServersHold) {
  const auto compare = [this](const DirectoryImage& other) {
    return Compare(image_, Inspect(image_), other, Inspect(other));
  };
  // One has it all in a snapshot, and an ACL under another number.
  const auto with_acl = [this](int64_t number, int32_t permissions) {
    DataTree tree = history_.database.tree;
    tree.acls[number] = {{.permissions = permissions}};
    EXPECT_TRUE(tree.InsertLoaded("/x", "x", number, {}).ok());
    DirectoryImage image;
    image["snapshot.200000002"] = Payload(SnapshotFile(tree, history_.database.last_processed));
    return image;
  };
  EXPECT_TRUE(compare({{"snapshot.200000002", Snapshot()}}).differences.empty());
  image_ = with_acl(7, 3);
  EXPECT_TRUE(compare(with_acl(9, 3)).differences.empty());
  const Comparison other_acl = compare(with_acl(9, 5));
  ASSERT_EQ(other_acl.differences.size(), 1u);
  EXPECT_EQ(other_acl.differences[0].of, "/x");
  EXPECT_EQ(other_acl.differences[0].field, "acl");
  EXPECT_EQ(other_acl.differences[0].b, "world:anyone:5");
}

// A leader has logged the parts of a failed multi as they were, a follower that was sent them by
// DIFF has them as errors.
TEST_F(InspectTest, AFailedMultiIsTheSameHoweverItIsShown) {
  const auto with_multi = [this](TxnType first) {
    const TxnRef made =
        MakeTxn({.zxid = {Epoch{2}, 3}},
                MultiTxn{{{TxnType::kDelete, DeleteTxn{"/n1"}}, {TxnType::kError, ErrorTxn{}}}},
                std::nullopt);
    std::string bytes(made->bytes.view());
    const auto type = static_cast<uint32_t>(first);
    for (size_t i = 0; i < 4; ++i) bytes[36 + i] = static_cast<char>(type >> (24 - 8 * i));
    DirectoryImage image = image_;
    image["log.200000003"] = Log({ParseTxn(Payload(bytes)).value()}, 0, 1);
    return image;
  };
  const DirectoryImage a = with_multi(TxnType::kDelete);
  const DirectoryImage b = with_multi(TxnType::kError);
  ASSERT_NE(a, b);
  EXPECT_TRUE(Compare(a, Inspect(a), b, Inspect(b)).differences.empty());
}

TEST_F(InspectTest, AnEmptyDirectoryIsClean) {
  const Inspection found = Inspect({});
  EXPECT_EQ(found.health, Health::kClean);
  EXPECT_TRUE(found.restored.fresh);
}

}  // namespace inspect_test
}  // namespace zab
