// The tree: the effect of each transaction, what clients see, and the digest.
#include "protocol/tree/data_tree.h"

#include <gtest/gtest.h>

#include "protocol/tree/database.h"
#include "protocol/wire/jute.h"

namespace zab::data_tree_test {

// Applies transactions as the leader's Prep would have made them, at zxids 1:1, 1:2, ...
class Fixture : public testing::Test {
 protected:
  Result Apply(TxnRecord record, uint32_t counter) {
    return tree.Apply(*MakeTxn({.client_id = 7, .zxid = {Epoch{1}, counter}, .time = 100 + counter},
                               std::move(record), std::nullopt));
  }
  Result Create(const std::string& path, int32_t parent_cversion, uint32_t counter) {
    return Apply(
        CreateTxn{.path = path, .data = "d", .acl = {Acl{}}, .parent_cversion = parent_cversion},
        counter);
  }
  Stat StatOf(const std::string& path) const {
    return tree.Read({.type = OpType::kExists, .path = path}).stat.value();
  }
  uint64_t DigestFromScratch() const {
    uint64_t sum = 0;
    for (const auto& [path, node] : tree.nodes()) sum += NodeDigest(path, node.data, node.stat);
    return sum;
  }

  DataTree tree = DataTree::Fresh("version=0");
};
using DataTreeTest = Fixture;

constexpr Zxid At(uint32_t counter) {
  return {Epoch{1}, counter};
}

TEST(DataTreePaths, AreSplitAtTheLastSlash) {
  EXPECT_EQ(ParentPath("/a/b"), "/a");
  EXPECT_EQ(ParentPath("/a"), "");
  EXPECT_EQ(BaseName("/a/b"), "b");
  EXPECT_EQ(BaseName("/a"), "a");
}

TEST_F(DataTreeTest, AFreshTreeIsZooKeepers) {
  EXPECT_EQ(tree.size(), 4u);
  EXPECT_EQ(tree.digest(), 0x51c6d660u);
  const Node* config = tree.Find("/zookeeper/config");
  ASSERT_NE(config, nullptr);
  EXPECT_EQ(config->data, "version=0");
  EXPECT_EQ(config->acl, 1);
  EXPECT_EQ(tree.acls.at(1), (std::vector<Acl>{{.permissions = 1}}));
  EXPECT_EQ(config->stat.version, -1);
  EXPECT_EQ(config->stat.aversion, -1);
  EXPECT_EQ(tree.Find("/zookeeper/quota")->data, "");
  EXPECT_EQ(tree.Find("")->children, (absl::btree_set<std::string>{"zookeeper"}));
  EXPECT_EQ(StatOf("/").cversion, -1) << "as in a real server";
  EXPECT_EQ(DataTree().digest(), 0u);
}

TEST_F(DataTreeTest, CreateFillsTheStatAndRaisesTheParents) {
  EXPECT_EQ(Create("/a", 1, 5).path, "/a");
  const Stat stat = StatOf("/a");
  EXPECT_EQ(stat, (Stat{.czxid = At(5),
                        .mzxid = At(5),
                        .ctime = 105,
                        .mtime = 105,
                        .data_length = 1,
                        .pzxid = At(5)}));
  EXPECT_EQ(tree.Find("")->stat.cversion, 1);
  EXPECT_EQ(tree.Find("")->stat.pzxid, At(5));
  EXPECT_EQ(tree.Find("/"), tree.Find(""));
  EXPECT_EQ(Create("/b/c", 1, 6).error, Error::kNoNode);
  EXPECT_EQ(Create("/a", 2, 7).error, Error::kNodeExists);
}

TEST_F(DataTreeTest, AnOldCreateCountsItself) {
  Create("/a", -1, 1);
  Create("/b", -1, 2);
  EXPECT_EQ(tree.Find("")->stat.cversion, 2);
}

// The stored cversion counts creates; clients see creates plus deletes.
TEST_F(DataTreeTest, VisibleCversionCountsDeletesToo) {
  Create("/a", 1, 1);
  Create("/a/x", 1, 2);
  Create("/a/y", 2, 3);
  EXPECT_EQ(StatOf("/a").cversion, 2);
  Apply(DeleteTxn{"/a/x"}, 4);
  EXPECT_EQ(StatOf("/a").cversion, 3);
  EXPECT_EQ(tree.Find("/a")->stat.cversion, 2);
  EXPECT_EQ(StatOf("/a").pzxid, At(4));
  EXPECT_EQ(StatOf("/a").num_children, 1);
}

TEST_F(DataTreeTest, SetDataIsAbsolute) {
  Create("/a", 1, 1);
  const Result result = Apply(SetDataTxn{.path = "/a", .data = "longer", .version = 8}, 2);
  EXPECT_EQ(result.stat->version, 8);
  EXPECT_EQ(result.stat->mzxid, At(2));
  EXPECT_EQ(result.stat->mtime, 102);
  EXPECT_EQ(result.stat->czxid, At(1));
  EXPECT_EQ(result.stat->data_length, 6);
  EXPECT_EQ(Apply(SetDataTxn{.path = "/b"}, 3).error, Error::kNoNode);
  EXPECT_EQ(Apply(SetDataTxn{.path = "/", .data = "root", .version = 1}, 4).error, Error::kOk);
  EXPECT_EQ(tree.Find("")->data, "root");
  EXPECT_EQ(tree.digest(), DigestFromScratch());
}

TEST_F(DataTreeTest, DeleteOfAMissingNodeStillRaisesPzxid) {
  EXPECT_EQ(Apply(DeleteTxn{"/a"}, 9).error, Error::kNoNode);
  EXPECT_EQ(tree.Find("")->stat.pzxid, At(9));
  EXPECT_EQ(Apply(DeleteTxn{"/a"}, 3).error, Error::kNoNode);
  EXPECT_EQ(tree.Find("")->stat.pzxid, At(9)) << "never back";
  EXPECT_EQ(tree.digest(), DigestFromScratch());
}

TEST_F(DataTreeTest, AReplayedCreateRaisesTheParentOnlyIfLater) {
  Create("/a", 5, 5);
  EXPECT_EQ(Create("/a", 4, 4).error, Error::kNodeExists);
  EXPECT_EQ(tree.Find("")->stat.cversion, 5);
  EXPECT_EQ(tree.Find("")->stat.pzxid, At(5));
  EXPECT_EQ(Create("/a", 6, 6).error, Error::kNodeExists);
  EXPECT_EQ(tree.Find("")->stat.cversion, 6);
  EXPECT_EQ(tree.Find("")->stat.pzxid, At(6));
  EXPECT_EQ(tree.Find("/a")->stat.czxid, At(5));
}

// A replay may delete a parent whose child was created later; the child's own create repairs that.
TEST_F(DataTreeTest, AReplayOverALaterTreeRepairsItself) {
  const auto history = [this] {
    Create("/a", 1, 1);
    Apply(DeleteTxn{"/a"}, 2);
    Create("/a", 2, 3);
    Create("/a/b", 1, 4);
    Apply(SetDataTxn{.path = "/a/b", .data = "new", .version = 1}, 5);
  };
  history();
  const DataTree once = tree;
  history();
  EXPECT_EQ(tree, once);
  EXPECT_EQ(tree.digest(), once.digest());
  EXPECT_EQ(tree.digest(), DigestFromScratch());
}

TEST_F(DataTreeTest, ReadsReturnTheirFields) {
  Create("/a", 1, 1);
  Create("/a/y", 1, 2);
  Create("/a/x", 2, 3);
  const Result data = tree.Read({.type = OpType::kGetData, .path = "/a"});
  EXPECT_EQ(data.data, "d");
  EXPECT_EQ(data.stat->num_children, 2);
  const Result children = tree.Read({.type = OpType::kGetChildren, .path = "/a"});
  EXPECT_EQ(children.children, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(tree.Read({.type = OpType::kGetChildren, .path = "/"}).children,
            (std::vector<std::string>{"a", "zookeeper"}));
  EXPECT_EQ(tree.Read({.type = OpType::kExists, .path = "/b"}).error, Error::kNoNode);
  EXPECT_EQ(tree.Read({.type = OpType::kGetData, .path = "/zookeeper/config"}).data, "version=0");
}

TEST_F(DataTreeTest, SessionsOfOldFilesAreKept) {
  Apply(CreateSessionTxn{6000}, 1);
  EXPECT_EQ(tree.sessions, (SessionTable{{7, 6000}}));
  Apply(CreateTxn{.path = "/e", .ephemeral = true, .parent_cversion = 1}, 2);
  Apply(CreateTxn{.path = "/f", .ephemeral = true, .parent_cversion = 2}, 3);
  EXPECT_EQ(StatOf("/e").ephemeral_owner, 7);
  Apply(CloseSessionTxn{{"/e"}}, 4);
  EXPECT_TRUE(tree.sessions.empty());
  EXPECT_EQ(tree.Find("/e"), nullptr);
  EXPECT_EQ(tree.Find("/f"), nullptr) << "not listed, although it belongs to that session";
  EXPECT_EQ(tree.digest(), DigestFromScratch());
}

TEST_F(DataTreeTest, ContainersAndTtlsAreMarkedInTheirOwner) {
  Apply(CreateContainerTxn{.path = "/c", .data = "", .acl = {Acl{}}, .parent_cversion = 1}, 1);
  Apply(CreateTtlTxn{.path = "/t", .acl = {Acl{}}, .parent_cversion = 2, .ttl = 5000}, 2);
  EXPECT_EQ(tree.Find("/c")->stat.ephemeral_owner, INT64_MIN);
  for (const char* path : {"/c", "/t"}) {
    EXPECT_EQ(VisibleStat(*tree.Find(path)).ephemeral_owner, 0) << "clients do not see the mark";
  }
  EXPECT_EQ(static_cast<uint64_t>(tree.Find("/t")->stat.ephemeral_owner), 0xff00000000001388u);
  EXPECT_EQ(tree.digest(), DigestFromScratch());
}

TEST_F(DataTreeTest, SetAclChangesTheAclAndItsVersionAlone) {
  Apply(CreateTxn{.path = "/a", .data = "x", .acl = {Acl{}}, .parent_cversion = 1}, 1);
  Stat wanted = StatOf("/a");
  wanted.aversion = 1;
  Apply(SetAclTxn{.path = "/a", .acl = {Acl{.permissions = 1}}, .version = 1}, 2);
  EXPECT_EQ(StatOf("/a"), wanted);
  EXPECT_EQ(tree.acls.at(tree.Find("/a")->acl), (std::vector<Acl>{Acl{.permissions = 1}}));
  EXPECT_EQ(tree.digest(), DigestFromScratch());
}

TEST_F(DataTreeTest, AMultiIsAtomic) {
  const SubTxn create{TxnType::kCreate,
                      CreateTxn{.path = "/a", .data = "x", .acl = {Acl{}}, .parent_cversion = 1}};
  const DataTree before = tree;
  EXPECT_EQ(Apply(MultiTxn{{create, {TxnType::kError, ErrorTxn{Error::kNoNode}}}}, 1).error,
            Error::kNoNode);
  EXPECT_EQ(tree, before);
  Apply(MultiTxn{{create,
                  {TxnType::kCheck, CheckTxn{.path = "/a"}},
                  {TxnType::kSetData, SetDataTxn{.path = "/a", .data = "y", .version = 1}}}},
        2);
  EXPECT_EQ(tree.Find("/a")->data, "y");
  EXPECT_EQ(StatOf("/a").czxid, StatOf("/a").mzxid);
  EXPECT_EQ(tree.digest(), DigestFromScratch());
}

TEST_F(DataTreeTest, OtherAclsAreKeptByNumber) {
  const std::vector<Acl> digest{{.permissions = 31, .scheme = "digest", .id = "u:x"}};
  Apply(CreateTxn{.path = "/a", .acl = digest, .parent_cversion = 1}, 1);
  Apply(CreateTxn{.path = "/b", .acl = digest, .parent_cversion = 2}, 2);
  EXPECT_EQ(tree.Find("/a")->acl, 2);
  EXPECT_EQ(tree.Find("/b")->acl, 2);
  EXPECT_EQ(tree.acls.at(2), digest);
  EXPECT_EQ(tree.Read({.type = OpType::kGetData, .path = "/a"}).error, Error::kNoAuth);
}

// A fuzzy snapshot holds the nodes that were made during its walk, but the ACLs of its beginning.
TEST_F(DataTreeTest, AReplayedCreateExplainsTheNumberOfItsAcl) {
  const auto acl = [](int32_t permissions) {
    return std::vector<Acl>{{.permissions = permissions}};
  };
  const auto load = [&](const std::string& path, int64_t number, uint32_t counter) {
    ASSERT_TRUE(tree.InsertLoaded(path, "", number, {.czxid = At(counter)}).ok());
  };
  load("/a", 12, 1);  // Its server had numbered others before, and forgotten them.
  load("/b", 11, 2);
  load("/later", 13, 9);
  EXPECT_EQ(*tree.FirstWithoutAcl(), "/a");
  const auto create = [&](const std::string& path, int32_t permissions, uint32_t counter) {
    EXPECT_EQ(Apply(CreateTxn{.path = path, .acl = acl(permissions)}, counter).error,
              Error::kNodeExists);
  };
  create("/a", 3, 1);
  create("/b", 5, 2);
  create("/later", 7, 3);  // It was deleted and made again: this is not the node that is there.
  EXPECT_EQ(tree.acls.at(tree.Find("/a")->acl), acl(3));
  EXPECT_EQ(tree.acls.at(tree.Find("/b")->acl), acl(5));
  EXPECT_EQ(*tree.FirstWithoutAcl(), "/later");
  create("/later", 9, 9);
  EXPECT_EQ(tree.acls.at(tree.Find("/later")->acl), acl(9));
  EXPECT_EQ(tree.FirstWithoutAcl(), nullptr);
}

TEST_F(DataTreeTest, NoAclAtAllIsKeptAsThat) {
  Apply(CreateTxn{.path = "/a", .acl = {}, .parent_cversion = 1}, 1);
  EXPECT_NE(tree.Find("/a")->acl, kOpenAcl);
  EXPECT_TRUE(tree.acls.at(tree.Find("/a")->acl).empty());
  EXPECT_TRUE(tree.Allows(tree.Find("/a")->acl, Permission::kWrite));
}

// As ZooKeeper has it: of the types of create only the plain one raises the parent of a node that
// is there.
TEST_F(DataTreeTest, OnlyAPlainCreateRaisesTheParentOfANodeThatIsThere) {
  Create("/a", 1, 1);
  const auto again = [&](TxnType type, const TxnRecord& record, uint32_t counter) {
    return tree.Apply(*MakeTxn({.zxid = At(counter), .type = type}, record, std::nullopt));
  };
  const CreateTxn create{.path = "/a", .acl = {Acl{}}, .parent_cversion = 5};
  EXPECT_EQ(again(TxnType::kCreate2, create, 2).error, Error::kNodeExists);
  again(TxnType::kCreateContainer,
        CreateContainerTxn{.path = "/a", .acl = {Acl{}}, .parent_cversion = 5}, 3);
  again(TxnType::kCreateTtl, CreateTtlTxn{.path = "/a", .acl = {Acl{}}, .parent_cversion = 5}, 4);
  EXPECT_EQ(tree.Find("")->stat.cversion, 1);
  again(TxnType::kMulti, MultiTxn{{{TxnType::kCreate, create}}}, 5);
  EXPECT_EQ(tree.Find("")->stat.cversion, 5);
  EXPECT_EQ(tree.Find("")->stat.pzxid, At(5));
}

// The stats are no transactions of their own: every server counts for itself.
TEST_F(DataTreeTest, QuotasAreCounted) {
  const auto stats = [this](const std::string& of) {
    return tree.Find("/zookeeper/quota" + of + "/zookeeper_stats")->data.value();
  };
  Create("/a", 1, 1);
  Create("/a/b", 1, 2);
  Create("/zookeeper/quota/a", 1, 3);
  Create("/zookeeper/quota/a/zookeeper_limits", 1, 4);
  Create("/zookeeper/quota/a/zookeeper_stats", 2, 5);
  EXPECT_EQ(stats("/a"), "count=2,bytes=2");
  Create("/a/b/c", 1, 6);
  Create("/ab", 1, 7);
  Apply(SetDataTxn{.path = "/a/b/c", .data = "four", .version = 1}, 8);
  EXPECT_EQ(stats("/a"), "count=3,bytes=6");
  Apply(DeleteTxn{"/a/b/c"}, 9);
  Create("/a", 1, 10);  // Is there already.
  EXPECT_EQ(stats("/a"), "count=2,bytes=2");
  // What a client writes there counts on; other fields stay.
  Apply(SetDataTxn{.path = "/zookeeper/quota/a/zookeeper_stats",
                   .data = "count=10,bytes=20=;countHardLimit=7;byteHardLimit=8"},
        11);
  Create("/a/x", 2, 12);
  EXPECT_EQ(stats("/a"), "count=11,bytes=21=;byteHardLimit=8;countHardLimit=7");
  // A snapshot is counted anew.
  DataTree loaded;
  for (const auto& [path, node] : tree.nodes()) {
    ASSERT_TRUE(loaded.InsertLoaded(path, node.data, node.acl, node.stat).ok());
  }
  loaded.FinishLoading();
  tree = loaded;
  EXPECT_EQ(stats("/a"), "count=3,bytes=3");
  Apply(DeleteTxn{"/zookeeper/quota/a/zookeeper_limits"}, 13);
  Create("/a/y", 3, 14);
  EXPECT_EQ(stats("/a"), "count=3,bytes=3");
  EXPECT_EQ(tree.digest(), DigestFromScratch());
}

TEST_F(DataTreeTest, AQuotaIsThatOfTheNearestPath) {
  Create("/a", 1, 1);
  Create("/a/b", 1, 2);
  uint32_t counter = 3;
  for (const std::string path : {"", "/b"}) {
    const std::string quota = "/zookeeper/quota/a" + path;
    Create(quota, 1, counter++);
    Create(quota + "/zookeeper_limits", 1, counter++);
    Create(quota + "/zookeeper_stats", 2, counter++);
  }
  Create("/a/b/c", 1, counter++);
  EXPECT_EQ(tree.Find("/zookeeper/quota/a/zookeeper_stats")->data, "count=2,bytes=2");
  EXPECT_EQ(tree.Find("/zookeeper/quota/a/b/zookeeper_stats")->data, "count=2,bytes=2");
}

// A table that came with a snapshot may hold any number.
TEST_F(DataTreeTest, NoAclGetsANumberThatMeansAnother) {
  const auto number_of_next = [this](const std::string& path) {
    Apply(CreateTxn{.path = path, .acl = {Acl{.permissions = 2, .id = path}}}, 1);
    return tree.Find(path)->acl;
  };
  tree.acls.clear();
  tree.acls[-2] = {Acl{.permissions = 1}};
  EXPECT_EQ(number_of_next("/a"), 1) << "-1 means open to all";
  tree.acls[INT64_MAX] = {Acl{.permissions = 1}};
  EXPECT_EQ(number_of_next("/b"), 2);
  EXPECT_EQ(number_of_next("/c"), 3);
}

TEST_F(DataTreeTest, AnOldCreateOverflowsAsInJava) {
  DataTree loaded;
  ASSERT_TRUE(loaded.InsertLoaded("", "", kOpenAcl, {.cversion = INT32_MAX}).ok());
  tree = loaded;
  EXPECT_EQ(Create("/a", -1, 1).error, Error::kOk);
  EXPECT_EQ(tree.Find("")->stat.cversion, INT32_MAX);
}

TEST_F(DataTreeTest, InvalidPathsAreRejected) {
  const DataTree before = tree;
  for (const std::string path : {"", "/", "a", "/a/", "//", "//a"}) {
    EXPECT_NE(Create(path, 1, 1).error, Error::kOk) << path;
    EXPECT_NE(Apply(DeleteTxn{path}, 2).error, Error::kOk) << path;
  }
  EXPECT_EQ(tree, before);
}

TEST_F(DataTreeTest, LoadedNodesGiveTheSameTree) {
  Create("/a", 1, 1);
  Create("/a/b", 1, 2);
  DataTree loaded;
  for (const auto& [path, node] : tree.nodes()) {
    ASSERT_TRUE(loaded.InsertLoaded(path, node.data, node.acl, node.stat).ok());
  }
  EXPECT_EQ(loaded, tree);
  EXPECT_EQ(loaded.digest(), tree.digest());
  for (const std::string path : {"", "/a", "/x/y", "/", "b", "/b/"}) {
    EXPECT_FALSE(loaded.InsertLoaded(path, "", kOpenAcl, {}).ok()) << path;
  }
}

TEST_F(DataTreeTest, TheConfigIsLocalToEachServer) {
  const DataTree before = tree;
  tree.SetConfig("other");
  EXPECT_EQ(tree.Find("/zookeeper/config")->data, "other");
  EXPECT_EQ(tree.digest(), before.digest()) << "below /zookeeper/ nothing counts";
  tree.SetConfig("version=0");
  EXPECT_EQ(tree, before);
  DataTree empty;
  empty.SetConfig("made");
  EXPECT_EQ(empty.Find("/zookeeper/config")->data, "made");
}

// CRC-32 from its definition, over the whole encoding (REFERENCE.md 11.5).
uint64_t DigestByDefinition(const std::string& path, const std::string& data,
                            const PersistedStat& stat) {
  std::string bytes = path + data;
  JuteWriter out(bytes);
  for (const Zxid zxid : {stat.czxid, stat.mzxid, stat.pzxid}) out.UnsignedLong(zxid.ToWire());
  for (const int64_t time : {stat.ctime, stat.mtime}) out.Long(time);
  for (const int32_t version : {stat.version, stat.cversion, stat.aversion}) out.Int(version);
  out.Long(stat.ephemeral_owner);
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

TEST(NodeDigest, IsTheCrcOfTheWholeNode) {
  const PersistedStat stat{.czxid = At(1),
                           .mzxid = At(2),
                           .ctime = 3,
                           .mtime = -4,
                           .version = -5,
                           .cversion = 6,
                           .aversion = 7,
                           .ephemeral_owner = INT64_MIN,
                           .pzxid = At(8)};
  for (const size_t size :
       {0u, 1u, 100u, 449u, 450u, 451u, 1000u}) {  // 450: the last that is small.
    const std::string data(size, 'x');
    EXPECT_EQ(NodeDigest("/a", data, stat), DigestByDefinition("/a", data, stat)) << size;
    EXPECT_EQ(NodeDigest("/" + data, std::nullopt, stat), DigestByDefinition("/" + data, "", stat));
  }
  EXPECT_EQ(NodeDigest("/zookeeper/config", "", stat), 0u);
  EXPECT_NE(NodeDigest("/zookeeper", "", stat), 0u);
}

TEST(CommittedLog, KeepsTheLastOnes) {
  const auto txn = [](uint32_t epoch, uint32_t counter) {
    return MakeTxn({.zxid = {Epoch{epoch}, counter}}, ErrorTxn{}, std::nullopt);
  };
  CommittedLog log(3);
  for (uint32_t i = 1; i <= 5; ++i) log.Add(txn(1, i));
  EXPECT_EQ(log.min(), (Zxid{Epoch{1}, 3}));
  log.Add(txn(1, 4));
  EXPECT_EQ(log.max(), (Zxid{Epoch{1}, 5})) << "an old one is ignored";
  log.Add(txn(2, 1));
  EXPECT_EQ(log.max(), (Zxid{Epoch{2}, 1}));
  EXPECT_EQ(log.txns().size(), 3u);
  EXPECT_EQ(log.hole(), std::nullopt);
  log.Add(txn(2, 3));
  EXPECT_EQ(log.hole(), (Zxid{Epoch{2}, 3})) << "which no correct server may have (Peer)";
}

TEST(Database, LastProcessedNeverGoesDown) {
  Database database;
  database.tree = DataTree::Fresh("");
  const auto apply = [&database](uint32_t counter) {
    return database.Apply(MakeTxn({.zxid = At(counter)}, ErrorTxn{Error::kNoNode}, std::nullopt));
  };
  EXPECT_EQ(apply(4).error, Error::kNoNode);
  EXPECT_EQ(database.last_processed, At(4));
  apply(3);
  EXPECT_EQ(database.last_processed, At(4));
  EXPECT_EQ(database.committed_log.max(), At(4));
}

}  // namespace zab::data_tree_test
