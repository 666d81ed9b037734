// What checkers know without asking a server: what the disks hold, and the tree that histories lead
// to.
#include <gtest/gtest.h>

#include "scenarios/runner/model/durable_view.h"
#include "scenarios/runner/model/reference_tree.h"
#include "tests/scenarios/invariants_story.h"

namespace model_test {
namespace {

using namespace scenario;         // NOLINT
using namespace scenario::story;  // NOLINT

constexpr ServerId kS1{1};
constexpr ServerId kS2{2};

zab::Operation SetTo(const std::string& data) {
  return {.type = zab::OpType::kSetData, .path = "/a", .data = data};
}

/// 1:1 creates /a, the others set it.
story::History Writes(const std::vector<std::string>& values) {
  story::History history;
  history.Add(Z(1, 1), {.type = zab::OpType::kCreate, .path = "/a"});
  for (const std::string& value : values) {
    history.Add(Z(1, static_cast<uint32_t>(history.txns.size() + 1)), SetTo(value));
  }
  return history;
}

sim::FileStore DiskWith(const std::string& log) {
  sim::FileStore files;
  files.Install("snapshot.0", zab::SnapshotFile(story::History().tree, Zxid{}));
  files.Install("log.100000001", log);
  return files;
}

// Bytes are the truth: those of the first disk are decoded, those of the second are compared with
// what the first had, as far as they are the same.
TEST(DurableView, ASecondDiskIsComparedWithTheFirst) {
  Histories histories;
  DurableView view(2);
  view.Refresh(kS1, DiskWith(LogOf(Writes({"x", "y", "z"}).txns)), {}, histories);
  const HistoryId first = view.state(kS1).history;
  ASSERT_EQ(histories.zxid(first), Z(1, 4));
  ASSERT_NE(histories.contents(first), nullptr);
  EXPECT_EQ(std::get<zab::SetDataTxn>(histories.contents(first)->record).data, "z");

  view.Refresh(kS2, DiskWith(LogOf(Writes({"x", "y", "z"}).txns)), {}, histories);
  EXPECT_EQ(view.state(kS2).history, first);
}

TEST(DurableView, WhatNobodyHadBeforeIsDecoded) {
  Histories histories;
  DurableView view(2);
  view.Refresh(kS1, DiskWith(LogOf(Writes({"x", "y"}).txns)), {}, histories);
  view.Refresh(kS2, DiskWith(LogOf(Writes({"x", "other", "z"}).txns)), {}, histories);
  const HistoryId second = view.state(kS2).history;
  EXPECT_EQ(histories.zxid(second), Z(1, 4));
  EXPECT_EQ(std::get<zab::SetDataTxn>(histories.contents(histories.parent(second))->record).data,
            "other");
  EXPECT_EQ(histories.zxid(histories.CommonPrefix(view.state(kS1).history, second)), Z(1, 2));
}

TEST(DurableView, AByteOfAKnownRecordThatIsWrongIsFound) {
  const std::string log = LogOf(Writes({"x", "y"}).txns);
  const size_t end_of_second = LogOf(Writes({"x"}).txns).size();
  int damaged = 0;
  for (size_t at = LogOf(Writes({}).txns).size(); at < end_of_second; ++at) {
    Histories histories;
    DurableView view(2);
    view.Refresh(kS1, DiskWith(log), {}, histories);
    std::string wrong = log;
    wrong[at] = static_cast<char>(wrong[at] ^ 1);
    view.Refresh(kS2, DiskWith(wrong), {}, histories);
    if (!view.state(kS2).damage.empty()) ++damaged;
  }
  EXPECT_EQ(damaged, static_cast<int>(end_of_second - LogOf(Writes({}).txns).size()));
}

TEST(ReferenceTree, GoesOnFromWhereItIs) {
  Histories histories;
  HistoryId history;
  const story::History writes = Writes({"x", "y", "z"});
  std::vector<HistoryId> after;
  for (const zab::TxnRef& txn : writes.txns) {
    history = histories.Append(history, {.zxid = txn->zxid(), .hash = txn->hash});
    histories.Learn(history, txn);
    after.push_back(history);
  }
  ReferenceTree tree("");
  ASSERT_TRUE(tree.Advance(after[1], histories));
  EXPECT_EQ(tree.tree().Find("/a")->data, "x");
  const ReferenceTree start("");
  histories.Forget(start.at(), after[1]);
  EXPECT_TRUE(tree.Advance(history, histories));
  EXPECT_EQ(tree.at(), history);
  EXPECT_EQ(tree.tree().Find("/a")->data, "z");
  ReferenceTree again = start;
  EXPECT_FALSE(again.Advance(history, histories));  // What it would need is forgotten.
  EXPECT_EQ(again.at(), kEmptyHistory);
  EXPECT_TRUE(again.tree() == start.tree());
}

}  // namespace
}  // namespace model_test
