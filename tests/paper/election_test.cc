// Fast leader election, rule by rule.  The paper leaves it to an oracle: the rules are those of
// ZooKeeper's FastLeaderElection and of the bugs that shaped them.
// ZK = FastLeaderElection.java; numbers are ZOOKEEPER issues.
#include <gtest/gtest.h>

#include "protocol/roles/looking.h"

namespace zab::election_paper {
namespace {

constexpr ServerId kOne{1};
constexpr ServerId kTwo{2};
constexpr ServerId kThree{3};
constexpr ServerId kFour{4};
constexpr ServerId kFive{5};
constexpr Zxid kLast{Epoch{2}, 7};
constexpr Epoch kEpoch{2};

Vote For(ServerId leader, int64_t round = 1) {
  return {.leader = leader, .zxid = kLast, .round = round, .peer_epoch = kEpoch};
}

/// Server n2 of five, with history 2:7 of epoch 2; the test passes it the votes of others.
class ElectionPaper : public testing::Test {
 protected:
  ElectionPaper() {
    core.config.self = kTwo;
    for (const ServerId server : {kOne, kTwo, kThree, kFour, kFive}) {
      core.config.voters.push_back({server, "n" + std::to_string(server.value)});
    }
    core.epochs.Set(kEpoch, kEpoch);
    core.database.last_processed = kLast;
  }

  void Begin() {
    Outbox out(core.ids, effects);
    looking.BeginVoting(core, out);
  }
  /// Begins the election and receives its own vote.
  void BeginAndReceiveOwnVote() {
    Begin();
    ReceiveOwnVotes();
  }
  void Hear(ServerId from, const Vote& vote, ServerState state = ServerState::kLooking) {
    const ReceivedNotification received{from,
                                        {.state = state,
                                         .leader = vote.leader,
                                         .zxid = vote.zxid,
                                         .round = vote.round,
                                         .peer_epoch = vote.peer_epoch,
                                         .config = "version=0"}};
    Outbox out(core.ids, effects);
    if (ReceiveNotification(received, looking.proposal(), core, out)) {
      looking.OnNotification(received, core, out);
    }
  }
  /// Delivers all notifications that it has sent to itself.
  void ReceiveOwnVotes() {
    const Effects asked = std::exchange(effects, {});
    for (const Effect& effect : asked) {
      const auto* later = std::get_if<Later>(&effect);
      if (later == nullptr) {
        effects.push_back(effect);
        continue;
      }
      Outbox out(core.ids, effects);
      looking.OnOwnNotification(later->task.number, core, out);
    }
  }
  void Fire(TimerName timer) {
    Outbox out(core.ids, effects);
    looking.OnTimer(timer, core, out);
  }

  std::vector<TraceEvent> Traced(Probe probe) const {
    std::vector<TraceEvent> events;
    for (const Effect& effect : effects) {
      const auto* trace = std::get_if<Trace>(&effect);
      if (trace && trace->event.probe == probe) events.push_back(trace->event);
    }
    return events;
  }
  /// The servers to which a vote was sent.
  std::vector<ServerId> Recipients() const {
    std::vector<ServerId> servers;
    for (const TraceEvent& event : Traced(Probe::kVoteSent)) servers.push_back(event.peer);
    return servers;
  }
  std::optional<Reason> LastIgnored() const {
    const std::vector<TraceEvent> ignored = Traced(Probe::kIgnored);
    return ignored.empty() ? std::nullopt : std::optional(ignored.back().reason);
  }
  /// The duration of the last timer of this name, if it is still set.
  std::optional<Duration> Timer(TimerName name) const {
    std::optional<Duration> after;
    for (const Effect& effect : effects) {
      const auto* set = std::get_if<SetTimer>(&effect);
      const auto* cancel = std::get_if<CancelTimer>(&effect);
      if (set && set->timer.name == name) after = set->after;
      if (cancel && cancel->timer.name == name) after.reset();
    }
    return after;
  }

  Core core;
  Looking looking{Reason::kStarted};
  Effects effects;
};

const std::vector<ServerId> kAllOthers = {kOne, kThree, kFour, kFive};

// The server with the most recent history should lead: the newest epoch counts first, then the
// largest zxid, then the id.  (ZK totalOrderPredicate)
TEST_F(ElectionPaper, VotesAreOrderedByEpochThenZxidThenId) {
  const Vote vote = For(kTwo);
  EXPECT_TRUE(IsBetter({kOne, Zxid{}, 1, Epoch{3}}, vote));
  EXPECT_TRUE(IsBetter({kOne, Zxid{Epoch{2}, 8}, 1, kEpoch}, vote));
  EXPECT_TRUE(IsBetter(For(kThree), vote));
  EXPECT_FALSE(IsBetter(For(kTwo), vote));
  EXPECT_FALSE(IsBetter({kFive, Zxid{Epoch{2}, 9}, 9, Epoch{1}}, vote));  // Rounds do not matter.
  EXPECT_TRUE(IsBetter(vote, {kFive, std::nullopt, 1, kEpoch}));
}

// Of two different candidates exactly one is better, and "better" is transitive; otherwise votes
// would flip forever.  (1419)
TEST_F(ElectionPaper, TheOrderOfVotesIsTotal) {
  std::vector<Vote> votes;
  for (const Epoch epoch : {Epoch{1}, Epoch{2}}) {
    for (const std::optional<Zxid> zxid : {std::optional<Zxid>(), std::optional(Zxid{Epoch{1}, 1}),
                                           std::optional(Zxid{Epoch{2}, 0})}) {
      for (const ServerId id : {kOne, kTwo, kThree}) votes.push_back({id, zxid, 1, epoch});
    }
  }
  for (const Vote& a : votes) {
    for (const Vote& b : votes) {
      EXPECT_EQ(IsBetter(a, b) + IsBetter(b, a), a == b ? 0 : 1);
      for (const Vote& c : votes) {
        if (IsBetter(a, b) && IsBetter(b, c)) {
          EXPECT_TRUE(IsBetter(a, c));
        }
      }
    }
  }
}

// A server that looks for a leader begins a round, proposes itself with its last zxid and its
// current epoch, and notifies all others.  (ZK lookForLeader)
TEST_F(ElectionPaper, AnElectionBeginsWithANewRoundAndAVoteForItself) {
  core.election.round = 4;
  Begin();
  EXPECT_EQ(looking.proposal(), For(kTwo, 5));
  EXPECT_EQ(core.election.round, 5);
  EXPECT_EQ(Recipients(), kAllOthers);
  EXPECT_EQ(Timer(TimerName::kNotification), core.config.timing.notification_min);
}

// Nothing is announced before everything logged is durable, since an announced transaction may be
// counted as held by a quorum.  Messages of others wait meanwhile.  (P8)
TEST_F(ElectionPaper, NothingIsAnnouncedBeforeTheLogIsDurable) {
  Hear(kThree, For(kThree));
  EXPECT_TRUE(effects.empty());
  EXPECT_EQ(looking.proposal(), std::nullopt);
  Begin();
  EXPECT_EQ(looking.proposal(), For(kThree));
}

// A server counts its own vote when its notification to itself arrives, not when it casts it.
// (4892)
TEST_F(ElectionPaper, ItsOwnVoteCountsWhenItIsReceived) {
  Begin();
  Hear(kOne, For(kTwo));
  Hear(kThree, For(kTwo));
  EXPECT_EQ(looking.phase(), Looking::Phase::kVoting);
  ReceiveOwnVotes();
  EXPECT_EQ(looking.phase(), Looking::Phase::kFinalizing);
}

// A better vote of the same round is adopted and sent to all others.  A worse one is only counted.
// (ZK lookForLeader, case LOOKING)
TEST_F(ElectionPaper, ABetterVoteIsAdopted) {
  BeginAndReceiveOwnVote();
  effects.clear();
  Hear(kOne, For(kOne));
  EXPECT_EQ(looking.proposal(), For(kTwo));
  EXPECT_TRUE(Recipients().empty());
  Hear(kThree, For(kThree));
  EXPECT_EQ(looking.proposal(), For(kThree));
  EXPECT_EQ(Recipients(), kAllOthers);
  EXPECT_EQ(Traced(Probe::kVoteChanged).at(0).peer, kThree);
}

// A newer round discards the votes counted so far, and the server starts again from a vote for
// itself, since a candidate of the older round may be gone.  (ZK lookForLeader: n.electionEpoch >
// logicalclock)
TEST_F(ElectionPaper, ANewerRoundBeginsWithItsOwnVote) {
  BeginAndReceiveOwnVote();
  Hear(kFive, For(kFive));
  Hear(kFour, For(kFive));
  ReceiveOwnVotes();
  ASSERT_EQ(looking.phase(), Looking::Phase::kFinalizing);
  Hear(kFive, {kFive, Zxid{Epoch{2}, 8}, 1, kEpoch});  // Back to voting, for n5, which is better.
  Hear(kOne, For(kOne, 3));
  EXPECT_EQ(core.election.round, 3);
  EXPECT_EQ(looking.proposal(), For(kTwo, 3));
  ReceiveOwnVotes();
  Hear(kFour, For(kTwo, 3));
  EXPECT_EQ(looking.phase(),
            Looking::Phase::kVoting);  // Two of five; the votes above no longer count.
  Hear(kThree, For(kThree, 4));
  EXPECT_EQ(looking.proposal(), For(kThree, 4));
}

// Votes of an older round are not counted; their sender is notified of the current round.  (ZK
// WorkerReceiver; lookForLeader: n.electionEpoch < logicalclock)
TEST_F(ElectionPaper, AStaleRoundIsIgnoredAndAnswered) {
  core.election.round = 4;
  BeginAndReceiveOwnVote();
  effects.clear();
  Hear(kThree, For(kThree, 4));
  EXPECT_EQ(looking.proposal(), For(kTwo, 5));
  EXPECT_EQ(Recipients(), std::vector{kThree});
  EXPECT_EQ(Traced(Probe::kVoteSent)[0].number, 5);
  EXPECT_EQ(LastIgnored(), Reason::kStaleEpoch);
}

// A quorum of equal votes ends the election after 200 ms without a better vote.  (ZK finalizeWait)
TEST_F(ElectionPaper, AQuorumAndNoBetterVoteElect) {
  BeginAndReceiveOwnVote();
  Hear(kOne, For(kTwo));
  EXPECT_EQ(Timer(TimerName::kFinalize), std::nullopt);
  Hear(kThree, For(kTwo));
  EXPECT_EQ(Timer(TimerName::kFinalize), Milliseconds(200));
  EXPECT_EQ(Timer(TimerName::kNotification), std::nullopt);
  EXPECT_EQ(looking.result(), std::nullopt);
  EXPECT_EQ(core.state, ServerState::kLooking);
  Fire(TimerName::kFinalize);
  EXPECT_EQ(looking.result(), For(kTwo));
  EXPECT_EQ(core.election.current_vote, For(kTwo));
  EXPECT_EQ(core.state, ServerState::kLeading);
  EXPECT_EQ(Traced(Probe::kElected).at(0).kind, Kind::kLeading);
}

// In those 200 ms each vote that is not better restarts the wait and is dropped, even one of a
// later round.  (ZK: the inner poll)
TEST_F(ElectionPaper, TheFinalizeWaitDropsVotesThatAreNotBetter) {
  BeginAndReceiveOwnVote();
  Hear(kOne, For(kTwo));
  Hear(kThree, For(kTwo));
  effects.clear();
  Hear(kFour, For(kOne, 9));
  EXPECT_EQ(Timer(TimerName::kFinalize), Milliseconds(200));
  EXPECT_EQ(LastIgnored(), Reason::kReplaced);
  EXPECT_EQ(core.election.round, 1);
  Fire(TimerName::kFinalize);
  EXPECT_EQ(looking.result(), For(kTwo));
}

// A better vote in those 200 ms reopens the election.  (ZK: recvqueue.put(n))
TEST_F(ElectionPaper, ABetterVoteReopensTheElection) {
  BeginAndReceiveOwnVote();
  Hear(kOne, For(kTwo));
  Hear(kThree, For(kTwo));
  effects.clear();
  Hear(kFive, For(kFive));
  EXPECT_EQ(looking.phase(), Looking::Phase::kVoting);
  EXPECT_EQ(looking.proposal(), For(kFive));
  EXPECT_EQ(Recipients(), kAllOthers);
  EXPECT_EQ(Timer(TimerName::kFinalize), std::nullopt);
  EXPECT_EQ(Timer(TimerName::kNotification), core.config.timing.notification_min);
}

// After a timeout the vote is sent again if all earlier ones were delivered, otherwise it
// reconnects; the wait doubles and is never shortened again.  (ZK notTimeout)
TEST_F(ElectionPaper, OnlySilenceDoublesTheWait) {
  const Duration wait = core.config.timing.notification_min;
  core.config.timing.notification_max = wait * 3;
  BeginAndReceiveOwnVote();
  Hear(kOne, For(kOne));
  EXPECT_EQ(Timer(TimerName::kNotification), wait);
  Fire(TimerName::kNotification);
  EXPECT_EQ(Timer(TimerName::kNotification), wait * 2);
  Hear(kOne, For(kOne));
  EXPECT_EQ(Timer(TimerName::kNotification), wait * 2);
  Fire(TimerName::kNotification);
  EXPECT_EQ(Timer(TimerName::kNotification), wait * 3);
}

// The better vote keeps quiet: a worse one of the same round is neither adopted nor answered, yet
// the wait begins again, as long as it has grown.  Two groups that agree among themselves, neither
// of them a quorum, can so stay apart until the shorter wait has caught up.  (ZK WorkerReceiver,
// lookForLeader; REFERENCE.md 3.4 step 5)
TEST_F(ElectionPaper, AWorseVoteOfTheRoundIsNotAnsweredAndRenewsTheWait) {
  const Duration wait = core.config.timing.notification_min;
  BeginAndReceiveOwnVote();
  Fire(TimerName::kNotification);
  effects.clear();
  Hear(kOne, For(kOne));
  EXPECT_EQ(Recipients(), std::vector<ServerId>{});
  EXPECT_EQ(looking.proposal(), For(kTwo));
  EXPECT_EQ(Timer(TimerName::kNotification), wait * 2);
}

// A server with an unusable history announces the zxid -1: nobody counts its vote, and it counts no
// others.  (ZK: zxid == -1; REFERENCE.md 15.6)
TEST_F(ElectionPaper, AVoteWithoutAZxidIsNotCounted) {
  BeginAndReceiveOwnVote();
  Hear(kFive, {kFive, std::nullopt, 1, Epoch{9}});
  EXPECT_EQ(looking.proposal(), For(kTwo));
  EXPECT_EQ(LastIgnored(), Reason::kNotServing);

  core.damaged = true;
  looking = Looking(Reason::kStarted);
  effects.clear();
  Begin();
  EXPECT_EQ(looking.proposal()->zxid, std::nullopt);
  Hear(kFive, For(kFive, 2));
  EXPECT_EQ(looking.proposal()->leader, kTwo);
}

// Observers and servers that are not voters neither elect nor are elected.  (ZK validVoter)
TEST_F(ElectionPaper, OnlyVotersElectAndAreElected) {
  BeginAndReceiveOwnVote();
  Hear(kThree, For(ServerId{9}));
  EXPECT_EQ(LastIgnored(), Reason::kNotVoter);
  Hear(ServerId{9}, For(kFive));
  EXPECT_EQ(LastIgnored(), Reason::kNotVoter);
  effects.clear();
  Hear(kFive, For(kFive), ServerState::kObserving);
  EXPECT_EQ(LastIgnored(), Reason::kNotVoter);
  EXPECT_EQ(looking.proposal(), For(kTwo));
}

// A server that follows or leads answers LOOKING servers with the result of its own election and
// takes no part in theirs.  (ZK WorkerReceiver)
TEST_F(ElectionPaper, ASettledServerAnswersWithItsVote) {
  core.state = ServerState::kFollowing;
  core.election = {.round = 8, .current_vote = For(kFive, 6)};
  Hear(kThree, For(kThree, 9));
  EXPECT_EQ(Recipients(), std::vector{kThree});
  const TraceEvent sent = Traced(Probe::kVoteSent)[0];
  EXPECT_EQ(sent.kind, Kind::kFollowing);
  EXPECT_EQ(sent.number, 6);  // The round of that election.
  EXPECT_EQ(core.election.round, 8);
  Hear(kFour, For(kFive), ServerState::kFollowing);
  EXPECT_EQ(Recipients().size(), 1u);
}

// One server that claims to lead is not enough, not even in the same round.  (975)
TEST_F(ElectionPaper, OneLeadingServerIsNotAnEnsemble) {
  BeginAndReceiveOwnVote();
  Hear(kFive, For(kFive), ServerState::kLeading);
  Hear(kFour, For(kFive), ServerState::kFollowing);
  EXPECT_EQ(looking.result(), std::nullopt);
  Hear(kOne, For(kFive), ServerState::kFollowing);
  EXPECT_EQ(looking.result(), For(kFive));
  EXPECT_EQ(core.state, ServerState::kFollowing);
}

// Nor is a quorum of followers: their leader may be dead; it must claim the leadership itself.  (ZK
// checkLeader)
TEST_F(ElectionPaper, FollowersWithoutTheirLeaderAreNotAnEnsemble) {
  BeginAndReceiveOwnVote();
  for (const ServerId follower : {kOne, kThree, kFour}) {
    Hear(follower, For(kFive), ServerState::kFollowing);
  }
  EXPECT_EQ(looking.result(), std::nullopt);
  Hear(kFive, For(kFive), ServerState::kLeading);
  EXPECT_EQ(looking.result(), For(kFive));
}

// Members of one ensemble may have joined in different rounds and with different zxids; what
// identifies an ensemble is its leader and epoch.  The joining server takes over the round.  (1732,
// 1805)
TEST_F(ElectionPaper, AnEnsembleIsOneLeaderAndOneEpoch) {
  BeginAndReceiveOwnVote();
  Hear(kOne, {kFive, Zxid{Epoch{1}, 1}, 4, Epoch{3}}, ServerState::kFollowing);
  Hear(kFive, {kFive, kLast, 3, Epoch{3}}, ServerState::kLeading);
  Hear(kFour, {kFive, kLast, 6, Epoch{2}}, ServerState::kFollowing);  // Not yet of epoch 3.
  EXPECT_EQ(looking.result(), std::nullopt);
  Hear(kFour, {kFive, kLast, 6, Epoch{3}}, ServerState::kFollowing);
  EXPECT_EQ(looking.result(), (Vote{kFive, kLast, 6, Epoch{3}}));
  EXPECT_EQ(core.election.round, 6);
}

// But if one of the two senders is LOOKING, the whole votes must be equal.  (ZK Vote.equals)
TEST_F(ElectionPaper, ALookingVoteCountsForAnEnsembleOnlyIfItIsTheSame) {
  BeginAndReceiveOwnVote();
  Hear(kOne, {kFive, Zxid{Epoch{2}, 8}, 1, kEpoch});
  Hear(kFive, {kFive, Zxid{Epoch{2}, 8}, 1, Epoch{3}}, ServerState::kLeading);
  Hear(kFour, {kFive, Zxid{Epoch{2}, 8}, 1, Epoch{3}}, ServerState::kFollowing);
  EXPECT_EQ(looking.result(), std::nullopt);
}

// A server accepts from others that it leads only in its own round, since they may still follow its
// previous incarnation.  With a damaged history it never leads.  (ZK checkLeader; REFERENCE.md
// 15.6)
TEST_F(ElectionPaper, OthersMakeAServerLeadOnlyInItsOwnRound) {
  core.election.round = 4;
  BeginAndReceiveOwnVote();
  for (const ServerId follower : {kOne, kThree, kFour}) {
    Hear(follower, For(kTwo, 2), ServerState::kFollowing);
  }
  EXPECT_EQ(looking.result(), std::nullopt);

  Looking damaged(Reason::kStarted);
  std::swap(looking, damaged);
  core.damaged = true;
  Begin();
  for (const ServerId follower : {kOne, kThree, kFour}) {
    Hear(follower, For(kTwo, 6), ServerState::kFollowing);
  }
  EXPECT_EQ(looking.result(), std::nullopt);
}

// Notifications to itself that are pending when an election ends are dropped.  (ZK leaveInstance)
TEST_F(ElectionPaper, NotificationsToItselfAreDroppedWithTheElection) {
  Begin();
  for (const ServerId server : {kOne, kThree, kFour}) Hear(server, For(kTwo));
  Fire(TimerName::kFinalize);
  ASSERT_TRUE(looking.result());
  core.state = ServerState::kLooking;
  looking = Looking(Reason::kConnectionLost);
  Outbox out(core.ids, effects);
  const uint64_t earlier = core.own_notifications;
  looking.BeginVoting(core, out);
  looking.OnOwnNotification(earlier, core, out);
  EXPECT_EQ(LastIgnored(), Reason::kReplaced);
  Hear(kOne, For(kTwo, 2));
  Hear(kThree, For(kTwo, 2));
  EXPECT_EQ(looking.phase(), Looking::Phase::kVoting);
  looking.OnOwnNotification(core.own_notifications, core, out);
  EXPECT_EQ(looking.phase(), Looking::Phase::kFinalizing);
}

}  // namespace
}  // namespace zab::election_paper
