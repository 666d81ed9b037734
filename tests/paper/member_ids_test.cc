// A server's id is a name, not a place in the list: an ensemble of 3, 7 and 9 is as good as one of
// 1, 2 and 3.  (REFERENCE.md 1)
#include <gtest/gtest.h>

#include "tests/support/ensemble.h"

namespace zab::member_ids_paper {
namespace {

constexpr ServerId kThree{3};
constexpr ServerId kSeven{7};
constexpr ServerId kNine{9};

bool Serves(Ensemble& ensemble, ServerId id) {
  const Peer::Role& role = ensemble.peer(id).role();
  const auto* leader = std::get_if<Leader>(&role);
  const auto* follower = std::get_if<Follower>(&role);
  return (leader && leader->phase() == Leader::Phase::kBroadcast) ||
         (follower && follower->phase() == Follower::Phase::kBroadcast);
}

class MemberIds : public testing::Test {
 protected:
  void StartAll() {
    for (const ServerId id : {kThree, kSeven, kNine}) ensemble.Start(id);
    ASSERT_TRUE(ensemble.RunUntil([&] {
      return Serves(ensemble, kThree) && Serves(ensemble, kSeven) && Serves(ensemble, kNine);
    }));
  }
  ServerId LeaderOf(ServerId id) { return ensemble.peer(id).core().election.current_vote.leader; }

  Ensemble ensemble{{3, 7, 9}};
};

// Of equal histories the larger id leads.
TEST_F(MemberIds, AnElectionIsTiedByTheId) {
  StartAll();
  for (const ServerId id : {kThree, kSeven, kNine}) EXPECT_EQ(LeaderOf(id), kNine);
}

// The newer history leads, whatever its id.
TEST_F(MemberIds, ANewerHistoryBeatsALargerId) {
  for (const ServerId id : {kThree, kSeven, kNine}) {
    ensemble.GiveDisk(id, Epoch{1}, {{Epoch{1}, 1}});
  }
  ensemble.GiveDisk(kThree, Epoch{1}, {{Epoch{1}, 1}, {Epoch{1}, 2}});
  StartAll();
  for (const ServerId id : {kThree, kSeven, kNine}) {
    EXPECT_EQ(LeaderOf(id), kThree);
    EXPECT_NE(ensemble.peer(id).core().database.tree.Find("/t1-2"), nullptr) << id.value;
  }
}

// Two of the three make a quorum: for an epoch, a history and a commit.
TEST_F(MemberIds, AQuorumIsTwoOfThree) {
  ensemble.Start(kThree);
  ensemble.Start(kNine);
  ASSERT_TRUE(
      ensemble.RunUntil([&] { return Serves(ensemble, kThree) && Serves(ensemble, kNine); }));
  const ConnectionId client = ensemble.ConnectClient(kThree);
  ensemble.Push(kThree, ClientRequest{client, 1, {.type = OpType::kCreate, .path = "/a"}});
  EXPECT_TRUE(ensemble.RunUntil(
      [&] { return ensemble.peer(kThree).core().database.tree.Find("/a") != nullptr; }));
  ensemble.Crash(kThree);
  EXPECT_TRUE(ensemble.RunUntil([&] { return !Serves(ensemble, kNine); }));
}

// A client's id begins with the id of the server that let it in.
TEST_F(MemberIds, AClientIsNumberedByTheIdOfItsServer) {
  StartAll();
  int64_t client_id = 0;
  ensemble.on_effect = [&](ServerId, const Effect& effect) {
    if (const auto* accepted = std::get_if<ClientAccepted>(&effect))
      client_id = accepted->client_id;
  };
  ensemble.ConnectClient(kSeven);
  EXPECT_TRUE(ensemble.RunUntil([&] { return client_id != 0; }));
  EXPECT_EQ(client_id >> 56, 7);
}

}  // namespace
}  // namespace zab::member_ids_paper
