// Fast leader election, in the order of REFERENCE.md 3.3 to 3.5.
#include "protocol/roles/looking.h"

#include <algorithm>
#include <ranges>

#include "protocol/base/check.h"

namespace zab {
namespace {

constexpr Duration kFinalizeWait = Milliseconds(200);

Kind KindOf(ServerState state) {
  switch (state) {
    case ServerState::kLooking: return Kind::kLooking;
    case ServerState::kFollowing: return Kind::kFollowing;
    case ServerState::kLeading: return Kind::kLeading;
    case ServerState::kObserving: break;  // There are no observers here.
  }
  return Kind::kNone;
}

/// A trace record about a vote.
TraceEvent VoteEvent(Probe probe, const Vote& vote) {
  return {.probe = probe,
          .peer = vote.leader,
          .epoch = vote.peer_epoch,
          .zxid = vote.zxid.value_or(Zxid{}),
          .number = vote.round};
}

Notification MakeNotification(const Vote& vote, const Core& core) {
  return {.state = core.state,
          .leader = vote.leader,
          .zxid = vote.zxid,
          .round = vote.round,
          .peer_epoch = vote.peer_epoch,
          .config = core.config.ConfigText()};
}

/// `notification`: of the vote.
void Tell(ServerId to, const Vote& vote, const Notification& notification, Core& core,
          Outbox& out) {
  TraceEvent event = VoteEvent(Probe::kVoteSent, vote);
  event.kind = KindOf(core.state);
  event.peer = to;
  out.Emit(event);
  core.channels.Send(to, notification, core.config, out);
}

/// The reason is never kWrongPhase: election channels lose, repeat and delay messages, so any
/// message may come at any time.  A message that comes too late is kReplaced.
void Ignore(ServerId from, Reason why, Outbox& out) {
  out.Emit(
      {.probe = Probe::kIgnored, .kind = Kind::kNotificationMessage, .reason = why, .peer = from});
}

bool HasQuorum(const absl::btree_map<ServerId, Ballot>& ballots, const Ballot& choice,
               const PeerConfig& config) {
  const auto agrees = [&](const auto& entry) { return SameChoice(entry.second, choice); };
  return config.IsQuorum(ballots | std::views::filter(agrees) | std::views::keys);
}

}  // namespace

// ---- In every state -----------------------------------------------------------------------------

void SendNotification(ServerId to, const Vote& vote, Core& core, Outbox& out) {
  Tell(to, vote, MakeNotification(vote, core), core, out);
}

// ZooKeeper answers a server that is not a voter (an observer) with its current vote; here the
// channels refuse such servers.
bool ReceiveNotification(const ReceivedNotification& received, const std::optional<Vote>& proposal,
                         Core& core, Outbox& out) {
  const Notification& n = received.notification;
  const bool sender_looks = n.state == ServerState::kLooking;
  if (!core.config.IsVoter(received.from)) {
    Ignore(received.from, Reason::kNotVoter, out);
    return false;
  }
  if (core.state == ServerState::kLooking) {
    // A server in an earlier round cannot be counted until it knows the current round.
    if (sender_looks && proposal && n.round < core.election.round) {
      SendNotification(received.from, *proposal, core, out);
    }
    return true;
  }
  if (sender_looks) {
    SendNotification(received.from, core.election.current_vote, core, out);
  } else {
    Ignore(received.from, Reason::kReplaced, out);
  }
  return false;
}

void Looking::Enter(Phase next) {
  ZAB_CHECK(IsLegal(kTransitions, phase_, next)) << "to " << Name(next) << ": " << *this;
  phase_ = next;
}

// ---- Sending votes ------------------------------------------------------------------------------

void Looking::BeginVoting(Core& core, Outbox& out) {
  ZAB_CHECK(core.unapplied.empty()) << *this;
  Enter(Phase::kVoting);
  timeout_ = core.config.timing.notification_min;
  const bool first = core.election.round == 0;
  ++core.election.round;
  initial_ = {.leader = core.config.self,
              .zxid = core.AnnouncedZxid(),
              .round = core.election.round,
              .peer_epoch = core.epochs.current()};
  if (first) core.election.current_vote = initial_;
  TraceEvent event = VoteEvent(Probe::kLooking, initial_);
  event.peer = ServerId{};
  event.reason = why_;
  out.Emit(event);
  Propose(initial_, core, out);
  SendToAll(core, out);
  out.SetTimer({TimerName::kNotification}, timeout_);
  for (const ReceivedNotification& early : std::exchange(early_, {})) {
    OnNotification(early, core, out);
  }
}

// The only place that changes the proposal.
void Looking::Propose(const Vote& vote, Core& core, Outbox& out) {
  proposal_ = vote;
  proposal_.round = core.election.round;
  out.Emit(VoteEvent(Probe::kVoteChanged, proposal_));
}

// Also to itself: its own vote counts when it is received, not when it is sent (4892).
void Looking::SendToAll(Core& core, Outbox& out) {
  const Notification notification = MakeNotification(proposal_, core);
  for (const Member& voter : core.config.voters) {
    if (voter.server != core.config.self) {
      Tell(voter.server, proposal_, notification, core, out);
      continue;
    }
    const uint64_t number = ++core.own_notifications;
    own_.emplace_back(number, notification);
    out.HandOver({TaskName::kOwnNotification, number});
  }
}

// ReceiveNotification is not needed here: its answer to an older round would repeat what SendToAll
// already sent when that round ended.
void Looking::OnOwnNotification(uint64_t number, Core& core, Outbox& out) {
  const ServerId self = core.config.self;
  if (own_.empty() || own_.front().first != number) return Ignore(self, Reason::kReplaced, out);
  const ReceivedNotification received{self, std::move(own_.front().second)};
  own_.pop_front();
  OnNotification(received, core, out);
}

// ---- Waiting ------------------------------------------------------------------------------------

void Looking::OnTimer(TimerName timer, Core& core, Outbox& out) {
  if (result_) return;
  if (timer == TimerName::kFinalize) {
    if (phase_ != Phase::kFinalizing) return;
    core.back_off.Reset();
    return Finish(proposal_, core, out);
  }
  if (phase_ != Phase::kVoting) return;
  // A timeout: what was sent may be lost, or nothing could be sent.
  if (core.channels.HaveDelivered(core.config)) {
    SendToAll(core, out);
  } else {
    core.channels.ConnectAll(core.config, out);
  }
  timeout_ = std::min(timeout_ * 2, core.config.timing.notification_max);
  out.SetTimer({TimerName::kNotification}, timeout_);
}

// ZooKeeper's two polls of the receive queue.  The outer one waits notTimeout after each message.
// The inner one, once a quorum agrees, drops every vote that is not better than the proposal, even
// of a later round, and puts a better vote back for the outer one.  ZooKeeper then waits for the
// next message even if that vote does not count (a damaged history, an earlier round), so a server
// that sends such votes in step with the others can prevent an election forever.  Here the quorum
// is checked again (REFERENCE.md D13).
void Looking::OnNotification(const ReceivedNotification& received, Core& core, Outbox& out) {
  if (result_) return Ignore(received.from, Reason::kReplaced, out);
  if (phase_ == Phase::kDraining) {
    early_.push_back(received);
    return;
  }
  if (phase_ == Phase::kFinalizing) {
    if (!IsBetter(BallotOf(received.notification).vote, proposal_, core.config.known_bugs)) {
      out.SetTimer({TimerName::kFinalize}, kFinalizeWait);
      return Ignore(received.from, Reason::kReplaced, out);
    }
    out.CancelTimer({TimerName::kFinalize});
    Enter(Phase::kVoting);
  }
  Consider(received, core, out);
  if (result_) return;
  if (!HasQuorum(received_, {.vote = proposal_}, core.config)) {
    return out.SetTimer({TimerName::kNotification}, timeout_);
  }
  Enter(Phase::kFinalizing);
  out.CancelTimer({TimerName::kNotification});
  out.SetTimer({TimerName::kFinalize}, kFinalizeWait);
}

// ---- Counting votes -----------------------------------------------------------------------------

void Looking::Consider(const ReceivedNotification& received, Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kVoting && proposal_.round == core.election.round) << *this;
  const Notification& n = received.notification;
  const ServerId from = received.from;
  if (!core.config.IsVoter(from) || !core.config.IsVoter(n.leader)) {
    return Ignore(from, Reason::kNotVoter, out);
  }
  switch (n.state) {
    case ServerState::kLooking: return OnLookingBallot(from, BallotOf(n), core, out);
    case ServerState::kFollowing:
    case ServerState::kLeading: return OnSettledBallot(from, BallotOf(n), core, out);
    case ServerState::kObserving: return Ignore(from, Reason::kNotVoter, out);
  }
}

void Looking::OnLookingBallot(ServerId from, const Ballot& ballot, Core& core, Outbox& out) {
  const Vote& vote = ballot.vote;
  int64_t& round = core.election.round;
  // A server with a damaged history counts no votes and is not counted (REFERENCE.md 15.6).
  if (!initial_.zxid || !vote.zxid) return Ignore(from, Reason::kNotServing, out);
  if (vote.round < round) return Ignore(from, Reason::kStaleEpoch, out);
  if (vote.round > round) {
    // Votes of an older round do not apply to this one, including its own: it starts again from the
    // vote for itself.
    round = vote.round;
    received_.clear();
    Propose(IsBetter(vote, initial_, core.config.known_bugs) ? vote : initial_, core, out);
    SendToAll(core, out);
  } else if (IsBetter(vote, proposal_, core.config.known_bugs)) {
    Propose(vote, core, out);
    SendToAll(core, out);
  }
  received_[from] = ballot;
}

// Joining an established ensemble requires a quorum that follows the same leader, and a vote of
// that leader that it leads.  Otherwise one server, or followers that have not noticed their
// leader's death, could make it follow a dead leader (975).
void Looking::OnSettledBallot(ServerId from, const Ballot& ballot, Core& core, Outbox& out) {
  const Vote& vote = ballot.vote;
  const bool too_early = core.back_off.Keeps(vote.leader, core.now.monotonic);
  const auto finishes = [&](const Ballots& ballots) {
    return !too_early && HasQuorum(ballots, ballot, core.config) &&
           LeaderIsValid(ballots, vote, core);
  };
  if (vote.round == core.election.round) {
    received_[from] = ballot;
    if (finishes(received_)) return Finish(vote, core, out);
  }
  out_of_election_[from] = ballot;
  if (finishes(out_of_election_)) Finish(vote, core, out);
}

// checkLeader.  It accepts from others that it leads only in its own round; with a damaged history
// it never leads, which ZooKeeper does not check here (REFERENCE.md D14).
bool Looking::LeaderIsValid(const Ballots& ballots, const Vote& vote, const Core& core) const {
  if (vote.leader == core.config.self) return vote.round == core.election.round && initial_.zxid;
  const auto leader = ballots.find(vote.leader);
  return leader != ballots.end() && leader->second.state == ServerState::kLeading;
}

void Looking::Finish(const Vote& vote, Core& core, Outbox& out) {
  ZAB_CHECK(phase_ != Phase::kDraining && !result_ && core.config.IsVoter(vote.leader)) << *this;
  const bool leads = vote.leader == core.config.self;
  out.CancelTimer({TimerName::kNotification});
  core.election.round = vote.round;
  core.election.current_vote = vote;
  core.state = leads ? ServerState::kLeading : ServerState::kFollowing;
  result_ = vote;
  TraceEvent event = VoteEvent(Probe::kElected, vote);
  event.kind = KindOf(core.state);
  out.Emit(event);
}

}  // namespace zab
