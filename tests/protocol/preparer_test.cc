// Prep: validation, pipelined writes that see each other, and the digest it predicts: a random
// history gives the same tree with any lag between preparing and applying.
#include "protocol/tree/preparer.h"

#include <gtest/gtest.h>

#include <deque>

#include "protocol/base/random.h"

namespace zab::preparer_test {

constexpr Zxid At(uint32_t counter) {
  return {Epoch{1}, counter};
}

class Fixture : public testing::Test {
 protected:
  TxnRef Prepare(const Operation& operation) {
    ++counter;
    return preparer.Prepare(tree, {.client_id = 7, .zxid = At(counter), .time = counter},
                            operation);
  }
  // The error of preparing the operation.
  Error Try(const Operation& operation) {
    const TxnRef txn = Prepare(operation);
    const ErrorTxn* error = std::get_if<ErrorTxn>(&txn->record);
    EXPECT_EQ(txn->digest.has_value(), error == nullptr);
    if (error == nullptr) pending.push_back(txn);
    return error == nullptr ? Error::kOk : error->error;
  }
  Error Create(const std::string& path, bool sequential = false) {
    return Try({.type = OpType::kCreate, .path = path, .data = "", .sequential = sequential});
  }
  Error Delete(const std::string& path, int32_t version = -1) {
    return Try({.type = OpType::kDelete, .path = path, .version = version});
  }
  Error SetData(const std::string& path, int32_t version = -1) {
    return Try({.type = OpType::kSetData, .path = path, .data = "new", .version = version});
  }
  void ApplyAll() {
    for (const TxnRef& txn : pending) {
      EXPECT_EQ(tree.Apply(*txn).error, Error::kOk);
      EXPECT_EQ(tree.digest(), txn->digest);
      preparer.Applied(txn->zxid());
    }
    pending.clear();
  }
  std::string LastPath() const { return std::get<CreateTxn>(pending.back()->record).path; }

  DataTree tree = DataTree::Fresh("version=0");
  Preparer preparer;
  uint32_t counter = 0;
  std::deque<TxnRef> pending;
};
using PreparerTest = Fixture;

TEST_F(PreparerTest, PipelinedWritesSeeEachOther) {
  EXPECT_EQ(Create("/a"), Error::kOk);
  EXPECT_EQ(Create("/a"), Error::kNodeExists);
  EXPECT_EQ(Create("/a/b"), Error::kOk);
  EXPECT_EQ(SetData("/a/b", 0), Error::kOk);
  EXPECT_EQ(SetData("/a/b", 0), Error::kBadVersion);
  EXPECT_EQ(Delete("/a"), Error::kNotEmpty);
  EXPECT_EQ(Delete("/a/b", 0), Error::kBadVersion);
  EXPECT_EQ(Delete("/a/b", 1), Error::kOk);
  EXPECT_EQ(Delete("/a/b"), Error::kNoNode);
  EXPECT_EQ(SetData("/a/b"), Error::kNoNode);
  EXPECT_EQ(Delete("/a"), Error::kOk);
  EXPECT_EQ(Create("/a/b"), Error::kNoNode);
  EXPECT_EQ(Create("/a"), Error::kOk);
  ApplyAll();
  EXPECT_EQ(SetData("/a", 0), Error::kOk);
}

TEST_F(PreparerTest, TheFirstFailingCheckWins) {
  EXPECT_EQ(Create("a"), Error::kBadArguments);
  EXPECT_EQ(Create(std::string("/a\0b", 4)), Error::kBadArguments);
  EXPECT_EQ(Create("/no/"), Error::kNoNode) << "the parent is checked before the syntax";
  EXPECT_EQ(Create("/"), Error::kNodeExists);
  EXPECT_EQ(Create("//a"), Error::kBadArguments);
  EXPECT_EQ(SetData("/no/"), Error::kBadArguments);
  EXPECT_EQ(SetData("no"), Error::kBadArguments);
  EXPECT_EQ(SetData("/no", 5), Error::kNoNode);
  EXPECT_EQ(Delete("no"), Error::kBadArguments);
  EXPECT_EQ(Delete("/no/node", 5), Error::kNoNode);
  Create("/a");
  Create("/a/b");
  EXPECT_EQ(Delete("/a", 5), Error::kBadVersion) << "before kNotEmpty";
}

TEST_F(PreparerTest, SystemNodesStay) {
  for (const std::string path : {"/", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"}) {
    EXPECT_EQ(Delete(path), Error::kBadArguments) << path;
  }
  EXPECT_EQ(Create("/zookeeper/x"), Error::kOk);
  EXPECT_EQ(Delete("/zookeeper/x"), Error::kOk);
  // Read-only for clients.
  EXPECT_EQ(SetData("/zookeeper/config"), Error::kNoAuth);
  EXPECT_EQ(Create("/zookeeper/config/x"), Error::kNoAuth);
  EXPECT_EQ(SetData("/"), Error::kOk);
  EXPECT_EQ(SetData("/", 1), Error::kOk);
  ApplyAll();
  EXPECT_EQ(tree.Find("")->stat.version, 2);
}

TEST_F(PreparerTest, PathSyntax) {
  for (const std::string name :
       {"", ".", "..", "./x", "x/..", "x//y", "x/", "\x01", "\x7f", "\xc2\x80", "\xc2\x9f",
        "\xee\x80\x80",      // U+E000, private use.
        "\xef\xbf\xbd",      // U+FFFD.
        "\xf0\x9f\x98\x80",  // Outside the BMP.
        "\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80"}) {
    EXPECT_EQ(SetData("/" + name), name.empty() ? Error::kOk : Error::kBadArguments) << name;
  }
  for (const std::string name :
       {"...", ".x", "x.", " ", "~", "\xc2\xa0", "\xc3\xa9", "\xe4\xb8\xad", "\xef\xa4\x80"}) {
    EXPECT_EQ(Create("/" + name), Error::kOk) << name;
  }
  ApplyAll();
}

TEST_F(PreparerTest, SequentialNamesCountTheParentsCreates) {
  Create("/s");
  EXPECT_EQ(Create("/s/n-", true), Error::kOk);
  EXPECT_EQ(LastPath(), "/s/n-0000000000");
  Create("/s/plain");
  Delete("/s/plain");
  EXPECT_EQ(Create("/s/", true), Error::kOk);
  EXPECT_EQ(LastPath(), "/s/0000000002") << "stored cversion: deletes do not count";
  ApplyAll();
  Create("/s/n-", true);
  EXPECT_EQ(LastPath(), "/s/n-0000000003");
  EXPECT_EQ(std::get<CreateTxn>(pending.back()->record).parent_cversion, 4);
}

TEST_F(PreparerTest, NegativeVersionsContinueToCount) {
  const PersistedStat stat{.cversion = INT32_MIN};
  ASSERT_TRUE(tree.InsertLoaded("/s", "", kOpenAcl, stat).ok());
  Create("/s/n", true);
  EXPECT_EQ(LastPath(), "/s/n-2147483648");
}

TEST_F(PreparerTest, EphemeralsHaveNoChildren) {
  const PersistedStat ephemeral{.ephemeral_owner = 9};
  const PersistedStat container{.ephemeral_owner = INT64_MIN};
  ASSERT_TRUE(tree.InsertLoaded("/e", "", kOpenAcl, ephemeral).ok());
  ASSERT_TRUE(tree.InsertLoaded("/c", "", kOpenAcl, container).ok());
  EXPECT_EQ(Create("/e/x"), Error::kNoChildrenForEphemerals);
  EXPECT_EQ(Create("/c/x"), Error::kOk);
}

TEST_F(PreparerTest, SessionsAndTheirNodesComeAndGo) {
  const Operation ephemeral{.type = OpType::kCreate, .path = "/e", .data = "", .ephemeral = true};
  EXPECT_EQ(Try(ephemeral), Error::kSessionExpired) << "nobody would ever remove it";
  EXPECT_EQ(Try({.type = OpType::kCreateSession, .timeout = 4000}), Error::kOk);
  EXPECT_EQ(Try(ephemeral), Error::kOk);
  ApplyAll();
  EXPECT_EQ(tree.sessions, (SessionTable{{7, 4000}}));
  EXPECT_EQ(tree.Find("/e")->stat.ephemeral_owner, 7);
  Operation later = ephemeral;
  for (const char* const path : {"/f", "/g"}) {
    later.path = path;
    EXPECT_EQ(Try(later), Error::kOk);
  }
  EXPECT_EQ(Delete("/f"), Error::kOk);
  EXPECT_EQ(Try({.type = OpType::kCloseSession}), Error::kOk);
  const auto& paths = std::get<CloseSessionTxn>(pending.back()->record).paths;
  EXPECT_EQ(paths, (std::vector<std::string>{"/e", "/g"}));
  EXPECT_EQ(Try(ephemeral), Error::kSessionExpired);
  ApplyAll();
  EXPECT_TRUE(tree.sessions.empty());
  EXPECT_TRUE(tree.EphemeralsOf(7).empty());
  EXPECT_EQ(tree.Find("/e"), nullptr);
  EXPECT_EQ(tree.Find("/g"), nullptr);
  EXPECT_EQ(Create("/e"), Error::kOk) << "the name is free again";
}

TEST_F(PreparerTest, TheUnimplementedFails) {
  EXPECT_EQ(Try({.type = OpType::kUnimplemented, .code = 14}), Error::kUnimplemented);
}

TEST_F(PreparerTest, AnAppliedChangeMakesWayForTheTree) {
  Create("/a");
  SetData("/a");
  const TxnRef create = pending.front();
  tree.Apply(*create);
  preparer.Applied(create->zxid());
  EXPECT_EQ(SetData("/a", 1), Error::kOk) << "the second change is still outstanding";
  pending.pop_front();
  ApplyAll();
  EXPECT_EQ(tree.Find("/a")->stat.version, 2);
}

// ---- Random histories ---------------------------------------------------------------------------

// A random operation over a few short paths, so that they collide often.
Operation RandomOperation(Chooser& chooser, Entity entity) {
  constexpr Stream kStream("test/operation");
  const auto below = [&](uint64_t bound) { return chooser.Below(kStream, entity, bound); };
  Operation operation;
  const uint64_t depth = 1 + below(3);
  for (uint64_t i = 0; i < depth; ++i) {
    operation.path += '/';
    operation.path += static_cast<char>('a' + below(3));
  }
  if (below(20) == 0) operation.path = "/";
  if (below(20) == 0) operation.path = "/zookeeper/q";
  const uint64_t kind = below(10);
  operation.type = kind < 5 ? OpType::kCreate : kind < 7 ? OpType::kDelete : OpType::kSetData;
  if (operation.type != OpType::kDelete && below(5) != 0) {
    operation.data = std::string(below(2) == 0 ? below(10) : 440 + below(20), 'x');
  }
  if (operation.type != OpType::kCreate && below(3) == 0) {
    operation.version = static_cast<int32_t>(below(3));
  }
  operation.sequential = operation.type == OpType::kCreate && below(4) == 0;
  return operation;
}

uint64_t DigestFromScratch(const DataTree& tree) {
  uint64_t sum = 0;
  for (const auto& [path, node] : tree.nodes()) sum += NodeDigest(path, node.data, node.stat);
  return sum;
}

struct RandomHistory {
  std::vector<TxnRef> history;
  std::vector<DataTree> trees;  // trees[i]: before history[i]; the last one: after all.
};

// Prepares `steps` operations twice: with a random lag before each is applied, and with none.
RandomHistory RandomRun(uint64_t seed, int steps) {
  constexpr Stream kLag("test/lag");
  Chooser chooser(seed);
  const Entity entity{seed};
  DataTree lagging = DataTree::Fresh("version=0");
  Preparer ahead;
  Preparer prompt;
  std::deque<TxnRef> outstanding;
  RandomHistory run{.trees = {DataTree::Fresh("version=0")}};
  const auto apply_one = [&] {
    const TxnRef txn = outstanding.front();
    outstanding.pop_front();
    lagging.Apply(*txn);
    ahead.Applied(txn->zxid());
    if (txn->digest) {
      EXPECT_EQ(lagging.digest(), *txn->digest) << ToString(txn->zxid());
    }
  };
  for (int i = 1; i <= steps; ++i) {
    const Operation operation = RandomOperation(chooser, entity);
    const TxnHeader header{.client_id = 5, .zxid = At(static_cast<uint32_t>(i)), .time = 1000 + i};
    const TxnRef txn = ahead.Prepare(lagging, header, operation);
    outstanding.push_back(txn);
    DataTree next = run.trees.back();
    const TxnRef same = prompt.Prepare(next, header, operation);
    EXPECT_EQ(txn->bytes, same->bytes) << "seed " << seed << " step " << i;
    next.Apply(*same);
    prompt.Applied(same->zxid());
    EXPECT_EQ(next.digest(), DigestFromScratch(next));
    run.trees.push_back(std::move(next));
    run.history.push_back(txn);
    const uint64_t lag = chooser.Below(kLag, entity, 12);
    while (outstanding.size() > lag) apply_one();
  }
  while (!outstanding.empty()) apply_one();
  EXPECT_EQ(lagging, run.trees.back());
  EXPECT_EQ(lagging.digest(), run.trees.back().digest());
  return run;
}

TEST(PreparerProperty, LagChangesNothing) {
  size_t successes = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    for (const TxnRef& txn : RandomRun(seed, 150).history) successes += txn->digest ? 1 : 0;
  }
  EXPECT_GT(successes, 2500u) << "a history of errors proves nothing";
}

// (Fuzzy snapshots and SNAP rely on this: REFERENCE.md 11.4.)
TEST(PreparerProperty, ReplayingASuffixOverALaterTreeEndsTheSame) {
  constexpr Stream kStream("test/replay");
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const RandomHistory run = RandomRun(seed, 80);
    for (uint64_t round = 0; round < 20; ++round) {
      const uint64_t later = Draw(seed, kStream, Entity{round}, 0) % run.trees.size();
      const uint64_t first = Draw(seed, kStream, Entity{round}, 1) % (later + 1);
      DataTree tree = run.trees[later];
      for (size_t i = first; i < run.history.size(); ++i) tree.Apply(*run.history[i]);
      EXPECT_EQ(tree, run.trees.back()) << "seed " << seed << " from " << first << " at " << later;
      EXPECT_EQ(tree.digest(), run.trees.back().digest());
    }
  }
}

// A leader that steps down drops outstanding changes; the next one prepares on the tree alone.
TEST(PreparerProperty, ANewPreparerStartsFromTheTree) {
  const RandomHistory run = RandomRun(99, 60);
  DataTree tree = run.trees[40];
  Chooser chooser(7);
  Preparer preparer;
  for (uint32_t i = 1; i <= 100; ++i) {
    const TxnRef txn = preparer.Prepare(tree, {.zxid = {Epoch{2}, i}, .time = 5},
                                        RandomOperation(chooser, Entity{1}));
    if (i % 10 == 0) {
      preparer = Preparer{};
      continue;
    }
    tree.Apply(*txn);
    preparer.Applied(txn->zxid());
    if (txn->digest) {
      EXPECT_EQ(tree.digest(), *txn->digest);
    }
  }
}

}  // namespace zab::preparer_test
