// What a directory gives that ZooKeeper wrote, or that somebody has changed by hand: as ZooKeeper
// reads it (REFERENCE.md 13.3, 15.2).
#include <gtest/gtest.h>

#include "protocol/storage/epochs.h"
#include "tests/protocol/restore_sample.h"

namespace zab {
namespace restore_test {

TEST(Restore, EpochsThatAreNone) {
  for (const char* text : {"", "\n2", "x", "2 ", " 2", "+", "-1", "+-2", "99999999999",
                           "4294967296", "2147483648", "18446744073709551618"}) {
    Sample sample;
    sample.image["acceptedEpoch"] = Payload(text);
    const Restored restored = Restore(sample.image, Config());
    EXPECT_TRUE(restored.damaged) << text;
    EXPECT_EQ(restored.current_epoch, Epoch{2});
  }
  for (const char* text : {"3", "3\n", "+3", "0000000000003", "3\r\nand more"}) {
    EXPECT_EQ(ParseEpoch(text), Epoch{3}) << text;
  }
  EXPECT_EQ(ParseEpoch("2147483647"), Epoch{0x7fffffff});
  EXPECT_EQ(ParseEpoch("0"), Epoch{0});
}

// The promise was taken back: ZooKeeper does not start.
TEST(Restore, APromiseBelowTheCurrentEpochIsLost) {
  Sample sample;
  sample.image["acceptedEpoch"] = Payload("1");
  const Restored restored = Restore(sample.image, Config());
  EXPECT_TRUE(restored.damaged);
  EXPECT_TRUE(restored.promise_lost);
  EXPECT_EQ(restored.damage, "acceptedEpoch 1 is below currentEpoch 2");
}

// ZooKeeper's log writer has left such (ZOOKEEPER-4394, 4712); it applies them as they come.
TEST(Restore, RecordsThatComeAgainOrLateAreReplayedAsTheyCome) {
  const Sample sample;
  const std::vector<TxnRef>& txns = sample.history.txns;
  DirectoryImage image = sample.image;
  image["log.200000001"] =
      Log({txns[5], txns[5], txns[6], txns[4], txns[5], txns[6], txns[7]}, 0, 7);
  const Restored restored = Restore(image, Config());
  EXPECT_EQ(restored.log.size(), 12u) << restored.damage;
  EXPECT_EQ(restored.database.last_processed, (Zxid{Epoch{2}, 3}));
  EXPECT_EQ(restored.database.tree, sample.states[8].tree);
  EXPECT_TRUE(restored.mismatches.empty());
  EXPECT_EQ(restored.database.committed_log.max(), (Zxid{Epoch{2}, 3}));
  // Not in place of what is missing.
  image["log.200000001"] = Log({txns[5], txns[4], txns[7]}, 0, 3);
  EXPECT_TRUE(Restore(image, Config()).damaged);
}

TEST(Restore, ANameMaySayAnotherZxid) {
  const Sample sample;
  DirectoryImage image = sample.image;
  const Payload first = image["log.100000001"];
  image.erase("log.100000001");
  image["log.100000003"] = first;
  EXPECT_EQ(StateOf(Restore(image, Config()), sample), 8);
}

TEST(Restore, AForeignLastFileIsKept) {
  Sample sample;
  sample.image["log.200000004"] = Payload("garbage");
  const Restored restored = Restore(sample.image, Config());
  EXPECT_TRUE(restored.damaged);
  EXPECT_TRUE(restored.repairs.empty());
}

}  // namespace restore_test
}  // namespace zab
