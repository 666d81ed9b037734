// Quorums and promises: the ghost counts what was delivered, and a leader that goes on with less is
// found, whatever it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/invariants_story.h"

namespace scenario::quorums_test {
namespace {

using namespace story;  // NOLINT: the vocabulary of these tests.
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// n4 leads n1 to n3 in epoch 1.
class Four : public Story {
 public:
  Four() : Story(4) {}

  Four& From(int follower, Kind kind, uint32_t epoch = 0) {
    Tell(
        4,
        {.probe = Probe::kMsgDelivered, .kind = kind, .peer = Id(follower), .epoch = Epoch{epoch}});
    return *this;
  }
  Four& Elected() {
    Vote(4).Tell(4, {.probe = Probe::kElected, .kind = Kind::kLeading, .peer = Id(4)});
    return *this;
  }
  Four& FixEpoch(uint32_t epoch) {
    Tell(4, {.probe = Probe::kEpochPersisted, .kind = Kind::kAccepted, .epoch = Epoch{epoch}});
    return *this;
  }
  Four& Synchronise() {
    Tell(4, {.probe = Probe::kPhaseChanged, .kind = Kind::kSynchronization});
    return *this;
  }
  Four& Quorum(Zxid zxid) {
    Tell(4, {.probe = Probe::kQuorum, .zxid = zxid});
    return *this;
  }
};

TEST(QuorumReached, HoldsForThreeOfFour) {
  Four s;
  s.Elected().From(1, Kind::kFollowerInfoMessage).From(2, Kind::kFollowerInfoMessage);
  s.FixEpoch(1).Follow(1, 4, 1).Follow(2, 4, 1);
  s.From(1, Kind::kAckEpochMessage).From(2, Kind::kAckEpochMessage).Synchronise();
  s.Tell(4, {.probe = Probe::kNewLeaderAcked, .peer = {4}, .epoch = Epoch{1}});
  s.Join(1).Join(2).Tell(4, {.probe = Probe::kEstablished, .epoch = Epoch{1}});
  s.Serve(4, Z(1, 0)).Propose(4, Z(1, 1));
  for (const int server : {1, 2, 4}) s.Log(server, Z(1, 1)).Ack(server, Z(1, 1));
  s.Hear(4, 1, Z(1, 1)).Hear(4, 2, Z(1, 1));
  s.Quorum(Z(1, 1)).Deliver(4, Z(1, 1));
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(QuorumReached, FailsForTwoVotesOfFour) {
  Story s(4);
  for (const int server : {2, 4}) s.Tell(server, {.probe = Probe::kVoteChanged, .peer = {4}});
  s.Tell(4, {.probe = Probe::kElected, .kind = Kind::kLeading, .peer = {4}});
  EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
}

/// The server enters this round and votes for n3 in it.
void VotesIn(Story& s, int server, int64_t round) {
  s.Tell(server, {.probe = Probe::kLooking, .number = round});
  s.Tell(server, {.probe = Probe::kVoteChanged, .peer = {3}, .number = round});
}

TEST(QuorumReached, CountsNoVotesOfAnEarlierRound) {
  const TraceEvent elected{.probe = Probe::kElected,
                           .kind = Kind::kLeading,
                           .peer = {3},
                           .epoch = Epoch{1},
                           .number = 2};
  for (const bool enough : {true, false}) {
    Story s;
    for (const int server : {1, 2, 3}) VotesIn(s, server, 1);
    VotesIn(s, 3, 2);
    if (enough) VotesIn(s, 2, 2);
    s.Tell(3, elected);
    if (enough) {
      EXPECT_THAT(s.Violated(), IsEmpty());
    } else {
      EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
    }
  }
}

TEST(QuorumReached, FailsForTwoFollowerinfosOfFour) {
  Four s;
  s.Elected().From(1, Kind::kFollowerInfoMessage).FixEpoch(1);
  EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
}

TEST(QuorumReached, FailsForAnEpochThatAFollowerHasPromised) {
  Four s;
  s.Elected().From(1, Kind::kFollowerInfoMessage, 3).From(2, Kind::kFollowerInfoMessage);
  s.FixEpoch(3);
  EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
}

TEST(QuorumReached, FailsForAPromiseThatNobodyGave) {
  Four s;
  s.Elected().From(1, Kind::kFollowerInfoMessage).From(2, Kind::kFollowerInfoMessage);
  s.FixEpoch(1).Follow(1, 4, 1);
  s.From(1, Kind::kAckEpochMessage).From(2, Kind::kAckEpochMessage).Synchronise();
  EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
}

TEST(QuorumReached, FailsForTwoNewLeaderAcksOfFour) {
  Four s;
  s.Elect(4, 1, {1, 2, 3}).Join(1).Establish(4);
  EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
}

TEST(QuorumReached, FailsForTwoAcksOfFour) {
  Four s;
  s.Lead(4, 1, {1, 2, 3}).Propose(4, Z(1, 1));
  for (const int server : {1, 2, 4}) s.Log(server, Z(1, 1)).Ack(server, Z(1, 1));
  s.Hear(4, 1, Z(1, 1));  // That of n2 is in flight.
  s.Quorum(Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
}

TEST(QuorumReached, FailsForAnAckThatNobodySent) {
  Four s;
  s.Lead(4, 1, {1, 2, 3}).Propose(4, Z(1, 1));
  for (const int server : {1, 4}) s.Log(server, Z(1, 1)).Ack(server, Z(1, 1));
  s.Hear(4, 1, Z(1, 1)).Hear(4, 2, Z(1, 1));
  s.Quorum(Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
}

TEST(QuorumReached, FailsForUpToDateBeforeTheAck) {
  Four s;
  s.Elect(4, 1, {1, 2, 3}).Join(1).Join(2).Establish(4);
  s.Tell(4, {.probe = Probe::kUpToDate, .peer = {2}, .epoch = Epoch{1}});
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.Tell(4, {.probe = Probe::kUpToDate, .peer = {3}, .epoch = Epoch{1}});
  EXPECT_THAT(s.Violated(), ElementsAre("QuorumReached"));
}

// A leader that commits after two of four: what it says is not believed.
TEST(QuorumReached, AndNothingIsCommittedByTheLeadersWord) {
  Four s;
  s.Lead(4, 1, {1, 2, 3}).Propose(4, Z(1, 1));
  for (const int server : {1, 4}) s.Log(server, Z(1, 1)).Ack(server, Z(1, 1));
  s.Hear(4, 1, Z(1, 1));
  s.Quorum(Z(1, 1)).Deliver(4, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("MonotonicServing", "QuorumReached"));
}

TEST(DurablePromise, FailsWhenTheEpochIsNotOnDisk) {
  Story s;
  InstallDirectory(s.disk(1), {}, "3", "2");
  s.Recover(1, {}).Follow(1, 3, 3);
  EXPECT_THAT(s.Violated(), testing::Not(Contains("DurablePromise")));
  s.Look(1).Follow(1, 3, 4);
  EXPECT_THAT(s.Violated(), Contains("DurablePromise"));
}

TEST(DurablePromise, FailsForALeader) {
  Story s;
  InstallDirectory(s.disk(3), {}, "3", "2");
  s.Recover(3, {});
  s.Tell(3, {.probe = Probe::kLeaderInfo, .peer = {1}, .epoch = Epoch{4}});
  EXPECT_THAT(s.Violated(), ElementsAre("DurablePromise"));
}

}  // namespace
}  // namespace scenario::quorums_test
