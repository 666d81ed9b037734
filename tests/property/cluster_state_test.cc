// The account of the cluster that selectors, coverage and pages share, and the ghost variables by
// which a run is judged: made apart from the same records, they agree after every event.
#include "scenarios/runner/state/cluster_state.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "scenarios/runner/run/run.h"
#include "tests/support/shipped.h"

namespace cluster_state_test {
namespace {

using scenario::ClusterState;
using scenario::Ghost;
using scenario::ServerGhost;
using scenario::ServerState;

/// What a server is called by both.  Until it has restored its history nobody but the trace tells
/// that it is up.
ServerGhost::Role RoleOf(const ServerState& server) {
  switch (server.role) {
    case scenario::Role::kFollowing: return ServerGhost::Role::kFollowing;
    case scenario::Role::kLeading: return ServerGhost::Role::kLeading;
    case scenario::Role::kDown: return ServerGhost::Role::kDown;
    case scenario::Role::kLooking: break;
  }
  return server.phase == scenario::Kind::kNone ? ServerGhost::Role::kDown
                                               : ServerGhost::Role::kLooking;
}

/// Whether `told`, as a record says it, is where that history ends.  (e,0) is no transaction: it
/// stands for the end of what was before epoch e.
bool EndsAt(zab::Zxid told, const Ghost& ghost, scenario::HistoryId history) {
  const zab::Zxid end = ghost.histories().zxid(history);
  return told.counter == 0 ? end <= told : end == told;
}

/// `restored`: by sid, whether a record has told what it found on its disk.
void Compare(const Ghost& ghost, const ClusterState& state, const std::vector<bool>& restored) {
  const scenario::Histories& histories = ghost.histories();
  for (const zab::ServerId server : ghost.server_ids()) {
    const size_t sid = server.value;
    const ServerState& s = state.servers()[sid - 1];
    const ServerGhost& g = ghost.server(server);
    EXPECT_EQ(RoleOf(s), g.role) << "n" << sid;
    EXPECT_EQ(s.leader, g.leader) << "n" << sid;
    EXPECT_EQ(s.accepted, g.promised) << "n" << sid;
    EXPECT_TRUE(EndsAt(s.delivered, ghost, g.delivered_this_life))
        << "n" << sid << ": " << ToString(s.delivered) << " delivered, by the ghost "
        << ToString(histories.zxid(g.delivered_this_life));
    if (!restored[sid]) continue;
    const scenario::DurableState& durable = ghost.durable(server);
    EXPECT_EQ(s.damaged, g.damaged) << "n" << sid;
    // Damage shows when the disk is next read; then the ghost goes on to know what was there, of
    // which the server tells nothing.
    if (s.damaged || !durable.damage.empty()) continue;
    // What an fsync has done when its server goes down nobody hears of before it is restored.
    const bool at_work = s.up() && s.phase != scenario::Kind::kNone;
    const zab::Epoch epoch = durable.current_epoch.value_or(zab::Epoch{});
    EXPECT_TRUE(s.current == epoch || (!at_work && s.current < epoch)) << "n" << sid;
    EXPECT_TRUE(EndsAt(s.history.last(), ghost, g.history))
        << "n" << sid << ": " << ToString(s.history.last()) << " written, by the ghost "
        << ToString(histories.zxid(g.history));
    const zab::Zxid synced = s.history.synced();
    const zab::Zxid on_disk = histories.zxid(durable.history);
    EXPECT_TRUE(EndsAt(synced, ghost, durable.history) || (!at_work && synced <= on_disk))
        << "n" << sid << ": " << ToString(synced) << " synced, by the ghost " << ToString(on_disk);
  }
}

void FollowRun(const scenario::Document& document, uint64_t seed) {
  const auto instance = document.Instantiate(seed);
  const auto scenario = std::make_shared<const scenario::Scenario>(*instance);
  ClusterState state(scenario->ServerCount());
  std::vector<bool> restored(scenario->ServerCount() + 1);
  scenario::Simulation simulation(scenario, zab::Chooser(seed), {},
                                  [&](const scenario::Record& record) {
                                    state.OnRecord(record);
                                    if (record.event.probe == scenario::Probe::kRecovered)
                                      restored[record.node.value] = true;
                                  });
  do {
    Compare(simulation.checker().ghost(), state, restored);
    if (testing::Test::HasFailure()) {
      FAIL() << document.scenario().id << " --seed=" << seed << ", after record "
             << simulation.world().trace().count();
    }
  } while (simulation.Step());
}

TEST(ClusterState, AgreesWithTheGhostsInEveryStory) {
  for (const std::string& path : support::ShippedScenarios()) {
    const scenario::Document document = support::MustLoad(path);
    FollowRun(document, document.scenario().run.seeds[0]);
    if (HasFatalFailure()) return;
  }
}

TEST(ClusterState, AgreesWithTheGhostsIn200SeedsOfTheSwarms) {
  for (const char* id : {"ci/swarm", "ci/wan-swarm", "ci/disk-swarm", "ci/rotation-swarm",
                         "ci/snap-swarm", "ci/size-swarm"}) {
    const scenario::Document document = support::MustLoad(support::ShippedScenario(id));
    for (uint64_t seed = 1; seed <= 50; ++seed) {
      FollowRun(document, seed);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace cluster_state_test
