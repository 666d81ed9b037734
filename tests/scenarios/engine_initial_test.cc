// Initial disks: what a server restores from them.
#include <gtest/gtest.h>

#include "protocol/storage/restore.h"
#include "scenarios/runner/cluster/cluster_disk.h"
#include "tests/scenarios/engine_toys.h"

namespace scenario::engine_initial {

using engine_toys::At;
using engine_toys::MakeScenario;
using zab::Seconds;

constexpr zab::Zxid Z(uint32_t epoch, uint32_t counter) {
  return {{epoch}, counter};
}

zab::Restored RestoreOf(const Scenario& scenario, uint16_t server) {
  return zab::Restore(InitialDisk(scenario, {server}), PeerConfigOf(scenario, {server}));
}

Scenario WithInitial() {
  Scenario scenario = MakeScenario(4, At(Seconds(10)));
  auto& initial = scenario.cluster.initial;
  initial[{1}] = {.log = {{Z(1, 1), Z(1, 20)}, {Z(2, 1), Z(2, 3)}},
                  .current_epoch = {2},
                  .accepted_epoch = {3}};
  initial[{2}] = {.log = {{Z(1, 11), Z(1, 20)}, {Z(2, 1), Z(2, 1)}},
                  .snapshot = Z(1, 15),
                  .current_epoch = {2},
                  .accepted_epoch = {2}};
  initial[{3}] = {.snapshot = Z(2, 2), .current_epoch = {2}, .accepted_epoch = {2}};
  return scenario;
}

TEST(EngineInitial, RestoresToTheHistoryInTheFile) {
  const Scenario scenario = WithInitial();
  const std::vector<zab::Zxid> last{Z(2, 3), Z(2, 1), Z(2, 2)};
  for (uint16_t server = 1; server <= 3; ++server) {
    const zab::Restored restored = RestoreOf(scenario, server);
    EXPECT_FALSE(restored.damaged) << restored.damage;
    EXPECT_TRUE(restored.repairs.empty());
    EXPECT_TRUE(restored.mismatches.empty());  // The digests in the log are right.
    EXPECT_EQ(restored.database.last_processed, last[server - 1u]);
    EXPECT_EQ(restored.current_epoch, zab::Epoch{2});
  }
  EXPECT_EQ(RestoreOf(scenario, 1).accepted_epoch, zab::Epoch{3});
  EXPECT_EQ(RestoreOf(scenario, 2).snapshot, Z(1, 15));
  EXPECT_TRUE(InitialDisk(scenario, {4}).empty());
}

TEST(EngineInitial, TheWriteAtAZxidIsTheSameEverywhere) {
  const Scenario scenario = WithInitial();
  const std::vector<zab::TxnRef> longest = InitialTxns(scenario, {1});
  ASSERT_EQ(longest.size(), 23u);
  for (uint16_t server = 2; server <= 3; ++server) {
    const std::vector<zab::TxnRef> txns = InitialTxns(scenario, {server});
    ASSERT_EQ(txns.size(), server == 2 ? 21u : 22u);
    for (size_t i = 0; i < txns.size(); ++i) {
      EXPECT_EQ(txns[i]->zxid(), longest[i]->zxid());
      EXPECT_EQ(txns[i]->hash, longest[i]->hash);
    }
    zab::DataTree tree = zab::DataTree::Fresh(PeerConfigOf(scenario, {server}).ConfigText());
    for (const zab::TxnRef& txn : txns) tree.Apply(*txn);
    EXPECT_EQ(RestoreOf(scenario, server).database.tree.digest(), tree.digest());
  }
}

/// A large tree is in the snapshots, and all that follows is as without it.
TEST(EngineInitial, SnapshotsHoldATreeOfAnySize) {
  Scenario scenario = MakeScenario(2, At(Seconds(10)));
  const zab::Epoch one{1};
  scenario.cluster.initial[{1}] = {
      .snapshot = Z(1, 20), .current_epoch = one, .accepted_epoch = one};
  scenario.cluster.initial[{2}] = {.log = {{Z(1, 11), Z(1, 25)}},
                                   .snapshot = Z(1, 10),
                                   .current_epoch = one,
                                   .accepted_epoch = one};
  scenario.cluster.initial_tree = {.nodes = 5'000, .value_size = 200};
  for (uint16_t server = 1; server <= 2; ++server) {
    const zab::Restored restored = RestoreOf(scenario, server);
    EXPECT_FALSE(restored.damaged) << restored.damage;
    EXPECT_TRUE(restored.mismatches.empty());
    const zab::Node* node = restored.database.tree.Find("/initial/5000");
    ASSERT_NE(node, nullptr);
    EXPECT_EQ(node->data->size(), 200u);
    zab::DataTree tree = zab::DataTree::Fresh(PeerConfigOf(scenario, {server}).ConfigText());
    for (const zab::TxnRef& txn : InitialTxns(scenario, {server})) tree.Apply(*txn);
    EXPECT_EQ(restored.database.tree.digest(), tree.digest());
  }
}

/// Four billion transactions below a snapshot are not generated, and the histories still agree.
TEST(EngineInitial, ASnapshotStandsForWhatIsFarBelowIt) {
  Scenario scenario = MakeScenario(4, At(Seconds(10)));
  auto& initial = scenario.cluster.initial;
  const zab::Epoch one{1};
  initial[{1}] = {.snapshot = Z(1, 4'294'967'285), .current_epoch = one, .accepted_epoch = one};
  initial[{2}] = {.log = {{Z(1, 4'294'967'281), Z(1, 4'294'967'290)}},
                  .snapshot = Z(1, 4'294'967'280),
                  .current_epoch = one,
                  .accepted_epoch = one};
  initial[{3}] = {.log = {{Z(1, 1), Z(1, 7)}}, .current_epoch = one, .accepted_epoch = one};
  initial[{4}] = {.snapshot = Z(1, 3'000'000'000), .current_epoch = one, .accepted_epoch = one};
  const std::vector<zab::TxnRef> longest = InitialTxns(scenario, {2});
  ASSERT_EQ(longest.size(), 7u + 1u + 11u);
  for (const uint16_t server : {uint16_t{1}, uint16_t{3}, uint16_t{4}}) {
    const std::vector<zab::TxnRef> txns = InitialTxns(scenario, {server});
    ASSERT_LE(txns.size(), longest.size());
    for (size_t i = 0; i < txns.size(); ++i) EXPECT_EQ(txns[i]->hash, longest[i]->hash);
  }
  for (uint16_t server = 1; server <= 4; ++server) {
    const zab::Restored restored = RestoreOf(scenario, server);
    EXPECT_FALSE(restored.damaged) << restored.damage;
    EXPECT_EQ(restored.database.last_processed, InitialTxns(scenario, {server}).back()->zxid());
  }
}

}  // namespace scenario::engine_initial
