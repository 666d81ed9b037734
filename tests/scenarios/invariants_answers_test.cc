// What clients are told is compared with the model of the committed history, which agrees with the
// real tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "protocol/base/random.h"
#include "scenarios/runner/model/tree_model.h"
#include "tests/scenarios/invariants_story.h"

namespace scenario::answers_test {
namespace {

using namespace story;  // NOLINT: the vocabulary of these tests.
using testing::ElementsAre;
using testing::IsEmpty;
using zab::Operation;
using zab::OpType;

constexpr int64_t kClient = 77;

/// Writes of client 77 at n1, which n3 and n1 have logged; n1 delivers them one by one.
class Answers : public testing::Test {
 protected:
  Answers() { s_.Lead(3, 1, {1, 2}); }

  /// The transaction that a leader makes of `made`, whatever was asked for.
  Answer Write(const Operation& asked, const Operation& made) {
    ++number_;
    s_.Invoke(1, kClient, number_, asked);
    const Zxid zxid = Z(1, static_cast<uint32_t>(history_.txns.size() + 1));
    const auto txn = history_.Add(zxid, made, kClient, static_cast<int32_t>(number_));
    s_.WithHash(txn->hash).Propose(3, zxid, kClient, number_);
    for (const int server : {1, 3}) {
      s_.Log(server, zxid, kClient, number_);
      InstallDirectory(s_.disk(server), history_.txns, "1", "1");
    }
    for (const int server : {1, 3}) s_.Ack(server, zxid);
    s_.Deliver(1, zxid, kClient, number_).Reply(1, kClient, number_, zxid);
    return {.path = zab::Hash64Of(made.path)};
  }
  Answer Write(const Operation& operation) { return Write(operation, operation); }
  void Return(const Answer& answer) { s_.Return(kClient, number_, Last(), answer); }
  /// A read now; its answer is `changed` from what the tree says.
  void Read(OpType type, const std::function<void(zab::Result&)>& change = {}) {
    const Operation read{.type = type, .path = "/a"};
    zab::Result result = history_.tree.Read(read);
    if (change) change(result);
    ++number_;
    s_.Invoke(1, kClient, number_, read).Reply(1, kClient, number_, Last());
    s_.Return(kClient, number_, Last(), AnswerOf(result));
  }
  Zxid Last() const { return history_.txns.empty() ? Zxid{} : history_.txns.back()->zxid(); }

  static Operation Create(const std::string& path) {
    return {.type = OpType::kCreate, .path = path, .data = "one"};
  }
  static Operation Set(int32_t version) {
    return {.type = OpType::kSetData, .path = "/a", .data = "two", .version = version};
  }

  History history_;
  Story s_;
  int64_t number_ = 0;
};

TEST_F(Answers, HoldWhenTheyAreThoseOfTheTree) {
  Read(OpType::kGetData);
  Return(Write(Create("/a")));
  Return(Write(Create("/a/b")));
  for (const OpType type : {OpType::kGetData, OpType::kExists, OpType::kGetChildren}) Read(type);
  Write(Set(0));
  s_.Return(kClient, number_, Last(), {.stat = zab::VisibleStat(*history_.tree.Find("/a"))});
  Read(OpType::kGetData);
  Write({.type = OpType::kDelete, .path = "/a"});
  Return({.error = zab::Error::kNotEmpty});
  Write({.type = OpType::kDelete, .path = "/a/b"});
  Return({});
  for (const OpType type : {OpType::kGetData, OpType::kExists, OpType::kGetChildren}) Read(type);
  EXPECT_THAT(s_.Violated(), IsEmpty());
}

TEST_F(Answers, FailWithAWrongValue) {
  Write(Create("/a"));
  Read(OpType::kGetData, [](zab::Result& result) { result.data = "wrong"; });
  EXPECT_THAT(s_.Violated(), ElementsAre("MonotonicReads"));
}

TEST_F(Answers, FailWithAWrongStat) {
  Write(Create("/a"));
  Read(OpType::kExists, [](zab::Result& result) { ++result.stat->version; });
  EXPECT_THAT(s_.Violated(), ElementsAre("MonotonicReads"));
}

TEST_F(Answers, FailWithoutAChild) {
  Write(Create("/a"));
  Write(Create("/a/b"));
  Write(Create("/a/c"));
  Read(OpType::kGetChildren, [](zab::Result& result) { result.children.pop_back(); });
  EXPECT_THAT(s_.Violated(), ElementsAre("MonotonicReads"));
}

TEST_F(Answers, FailWithoutANodeThatExists) {
  Write(Create("/a"));
  Read(OpType::kGetData, [](zab::Result& result) { result = {.error = zab::Error::kNoNode}; });
  EXPECT_THAT(s_.Violated(), ElementsAre("MonotonicReads"));
}

TEST_F(Answers, FailForAnOldValueAtANewZxid) {
  Write(Create("/a"));
  const zab::Result old = history_.tree.Read({.type = OpType::kGetData, .path = "/a"});
  Write(Set(-1));
  Read(OpType::kGetData, [&](zab::Result& result) { result = old; });
  EXPECT_THAT(s_.Violated(), ElementsAre("MonotonicReads"));
}

TEST_F(Answers, FailForAWriteThatIgnoresItsVersion) {
  Write(Create("/a"));
  Write(Set(7), Set(-1));
  EXPECT_THAT(s_.Violated(), ElementsAre("WritesAsAsked"));
}

TEST_F(Answers, FailForAWriteThatWasRefusedForNothing) {
  Write(Create("/a"));
  Write(Set(0), Set(7));
  EXPECT_THAT(s_.Violated(), ElementsAre("WritesAsAsked"));
}

TEST_F(Answers, FailForAWriteToAnotherPath) {
  Write(Create("/a"), Create("/b"));
  EXPECT_THAT(s_.Violated(), ElementsAre("WritesAsAsked"));
}

TEST_F(Answers, FailWhenAWriteIsAnsweredWithAnotherStat) {
  Write(Create("/a"));
  Write(Set(-1));
  Return({});
  EXPECT_THAT(s_.Violated(), ElementsAre("WritesAsAsked"));
}

// ---- The model ----------------------------------------------------------------------------------

/// A few paths on three levels, so that errors of every kind occur.
Operation Drawn(zab::Chooser& chooser) {
  constexpr zab::Stream kStream("test/model");
  const auto below = [&](uint64_t bound) { return chooser.Below(kStream, {1}, bound); };
  constexpr const char* kPaths[] = {"/", "/a", "/b", "/a/x", "/a/y", "/b/x", "/a/x/z"};
  constexpr OpType kTypes[] = {OpType::kCreate, OpType::kCreate, OpType::kSetData, OpType::kDelete};
  Operation operation{.type = kTypes[below(4)], .path = kPaths[below(7)]};
  operation.version = static_cast<int32_t>(below(4)) - 1;
  operation.sequential = operation.type == OpType::kCreate && below(4) == 0;
  if (operation.type != OpType::kDelete && below(5) != 0)
    operation.data = std::string(below(9), 'd');
  return operation;
}

TEST(TreeModel, AgreesWithTheTreeAtEveryZxid) {
  zab::Chooser chooser(5);
  History history;
  TreeModel model;
  constexpr OpType kReads[] = {OpType::kExists, OpType::kGetData, OpType::kGetChildren};
  std::vector<std::vector<uint64_t>> answers;  // By zxid.
  const auto read_all = [&](const std::function<void(const Operation&)>& read) {
    for (const char* path : {"/", "/a", "/b", "/a/x", "/a/y", "/b/x", "/a/x/z"}) {
      for (const OpType type : kReads) read({.type = type, .path = path});
    }
  };
  for (uint32_t counter = 1; counter <= 600; ++counter) {
    const Operation operation = Drawn(chooser);
    zab::DataTree before = history.tree;
    const auto txn = history.Add(Z(1, counter), operation, kClient, 1);
    EXPECT_EQ(model.Mistake(*txn, operation), std::nullopt) << counter;
    const auto answer = model.Apply(*txn);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->Digest(), AnswerOf(before.Apply(*txn)).Digest()) << counter;
    answers.emplace_back();
    read_all([&](const Operation& read) {
      answers.back().push_back(AnswerOf(history.tree.Read(read)).Digest());
    });
  }
  for (uint32_t counter = 1; counter <= 600; ++counter) {
    size_t i = 0;
    read_all([&](const Operation& read) {
      EXPECT_EQ(model.Read(read, Z(1, counter))->Digest(), answers[counter - 1][i++]) << counter;
    });
  }
}

TEST(TreeModel, ForgetsWhatNobodyCanBeShown) {
  History history;
  TreeModel model;
  model.Apply(*history.Add(Z(1, 1), {.type = OpType::kCreate, .path = "/a", .data = "x"}));
  model.Forget(Z(1, 90));
  for (uint32_t counter = 2; counter <= 100; ++counter) {
    model.Apply(*history.Add(Z(1, counter), {.type = OpType::kSetData, .path = "/a"}));
  }
  const Operation read{.type = OpType::kGetData, .path = "/a"};
  EXPECT_EQ(model.Read(read, Z(1, 89)), std::nullopt);
  EXPECT_EQ(model.Read(read, Z(1, 90))->stat->version, 89);
  EXPECT_EQ(model.Read(read, Z(1, 100))->stat->version, 99);
}

TEST(TreeModel, LeavesTheSystemAlone) {
  EXPECT_FALSE(TreeModel::Judges({.type = OpType::kGetData, .path = "/zookeeper/config"}));
  EXPECT_FALSE(TreeModel::Judges({.type = OpType::kGetData, .path = "/zookeeper"}));
  EXPECT_TRUE(TreeModel::Judges({.type = OpType::kGetData, .path = "/zookeepers"}));
  EXPECT_FALSE(TreeModel::Judges({.type = OpType::kCreate, .path = "/a\x01"}));
}

}  // namespace
}  // namespace scenario::answers_test
