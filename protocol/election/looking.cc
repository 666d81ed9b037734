// Fast leader election, in the order of zab-reference 3.4.
#include "protocol/election/looking.h"

#include <algorithm>

namespace zab {
namespace {

constexpr Duration kFinalizeWait = Milliseconds(200);

Vote VoteOf(const Notification& n) {
  return {.leader = n.leader, .zxid = n.zxid, .round = n.round, .peer_epoch = n.peer_epoch};
}

Kind KindOf(ServerState state) {
  if (state == ServerState::kLeading) return Kind::kLeading;
  return state == ServerState::kFollowing ? Kind::kFollowing : Kind::kLooking;
}

}  // namespace

void SendNotification(ServerId to, const Vote& vote, Core& core, Outbox& out) {
  out.Emit({.probe = Probe::kVoteSent,
            .kind = KindOf(core.state),
            .peer = to,
            .epoch = vote.peer_epoch,
            .zxid = vote.zxid.value_or(Zxid{}),
            .number = vote.round});
  core.channels.Send(to,
                     Notification{.state = core.state,
                                  .leader = vote.leader,
                                  .zxid = vote.zxid,
                                  .round = vote.round,
                                  .peer_epoch = vote.peer_epoch,
                                  .config = core.config.ConfigText()},
                     core.config, out);
}

bool ReceiveNotification(const ReceivedNotification& received, const std::optional<Vote>& proposal,
                         Core& core, Outbox& out) {
  const Notification& n = received.notification;
  if (!core.config.IsVoter(received.from)) {
    SendNotification(received.from, core.election.current_vote, core, out);
    return false;
  }
  if (core.state == ServerState::kLooking) {
    if (proposal && n.state == ServerState::kLooking && n.round < core.election.round) {
      SendNotification(received.from, *proposal, core, out);
    }
    return true;
  }
  if (n.state == ServerState::kLooking) {
    SendNotification(received.from, core.election.current_vote, core, out);
  }
  return false;
}

// ---- Voting -------------------------------------------------------------------------------------

void Looking::BeginVoting(Core& core, Outbox& out) {
  phase_ = Phase::kVoting;
  timeout_ = core.config.timing.notification_min;
  ++core.election.round;
  initial_ = {.leader = core.config.self,
              .zxid = core.AnnouncedZxid(),
              .round = core.election.round,
              .peer_epoch = core.epochs.current()};
  out.Emit({.probe = Probe::kLooking,
            .reason = why_,
            .epoch = initial_.peer_epoch,
            .zxid = initial_.zxid.value_or(Zxid{}),
            .number = initial_.round});
  Propose(initial_, core, out);
  SendToAll(core, out);
  WaitForNotification(out);
}

void Looking::Propose(const Vote& vote, Core& core, Outbox& out) {
  proposal_ = vote;
  proposal_.round = core.election.round;
  out.Emit({.probe = Probe::kVoteChanged,
            .peer = proposal_.leader,
            .epoch = proposal_.peer_epoch,
            .zxid = proposal_.zxid.value_or(Zxid{}),
            .number = proposal_.round});
}

// Also to itself: a server counts its own vote when it receives it (4892).
void Looking::SendToAll(Core& core, Outbox& out) {
  for (const Member& member : core.config.voters) {
    if (member.server != core.config.self) {
      SendNotification(member.server, proposal_, core, out);
      continue;
    }
    const uint64_t number = ++core.own_notifications;
    own_.emplace_back(number, Notification{.state = core.state,
                                           .leader = proposal_.leader,
                                           .zxid = proposal_.zxid,
                                           .round = proposal_.round,
                                           .peer_epoch = proposal_.peer_epoch});
    out.HandOver({TaskName::kOwnNotification, number});
  }
}

void Looking::OnOwnNotification(uint64_t number, Core& core, Outbox& out) {
  if (own_.empty() || own_.front().first != number) return;  // Of an earlier election.
  const Notification notification = std::move(own_.front().second);
  own_.pop_front();
  OnNotification({core.config.self, notification}, core, out);
}

void Looking::WaitForNotification(Outbox& out) {
  phase_ = Phase::kVoting;
  out.CancelTimer({TimerName::kFinalize});
  out.SetTimer({TimerName::kNotification}, timeout_);
}

void Looking::OnTimer(TimerName timer, Core& core, Outbox& out) {
  if (result_ || phase_ == Phase::kDraining) return;
  if (timer == TimerName::kFinalize) return Finish(proposal_, core, out);
  // Nothing heard: what was sent may be lost, or nobody is connected.
  if (core.channels.HaveDelivered(core.config)) {
    SendToAll(core, out);
  } else {
    core.channels.ConnectAll(core.config, out);
  }
  timeout_ = std::min(timeout_ * 2, core.config.timing.notification_max);
  WaitForNotification(out);
}

void Looking::OnNotification(const ReceivedNotification& received, Core& core, Outbox& out) {
  const Notification& n = received.notification;
  if (result_ || phase_ == Phase::kDraining) return;
  if (!core.config.IsVoter(n.leader)) {
    out.Emit({.probe = Probe::kIgnored,
              .kind = Kind::kNotificationMessage,
              .reason = Reason::kNotVoter,
              .peer = received.from});
    return;
  }
  const Vote vote = VoteOf(n);
  if (phase_ == Phase::kFinalizing) {
    // A quorum agrees: only a better vote is put back, all others are consumed and the silence begins
    // anew.
    if (!IsBetter(vote, proposal_)) return out.SetTimer({TimerName::kFinalize}, kFinalizeWait);
    WaitForNotification(out);
  }
  switch (n.state) {
    case ServerState::kLooking: OnLookingNotification(received.from, vote, core, out); break;
    case ServerState::kFollowing:
    case ServerState::kLeading:
      OnSettledNotification(received.from, {vote, n.state}, core, out);
      break;
    case ServerState::kObserving: break;
  }
  if (!result_ && phase_ == Phase::kVoting) WaitForNotification(out);
}

void Looking::OnLookingNotification(ServerId from, const Vote& vote, Core& core, Outbox& out) {
  if (!initial_.zxid || !vote.zxid) return;  // A damaged history counts nobody and is not counted.
  if (vote.round < core.election.round) return;
  if (vote.round > core.election.round) {
    core.election.round = vote.round;
    received_.clear();
    Propose(IsBetter(vote, initial_) ? vote : initial_, core, out);
    SendToAll(core, out);
  } else if (IsBetter(vote, proposal_)) {
    Propose(vote, core, out);
    SendToAll(core, out);
  }
  received_[from] = {vote, ServerState::kLooking};
  const auto agree = std::count_if(received_.begin(), received_.end(), [&](const auto& entry) {
    return entry.second.vote == proposal_;
  });
  if (!core.config.IsQuorum(static_cast<size_t>(agree))) return;
  phase_ = Phase::kFinalizing;
  out.CancelTimer({TimerName::kNotification});
  out.SetTimer({TimerName::kFinalize}, kFinalizeWait);
}

// ---- Joining an established ensemble ------------------------------------------------------------

// Between servers that are settled only leader and epoch can be compared: zxid and round of an
// established ensemble differ from member to member (1732, 1805).
static bool SameChoice(const Vote& a, ServerState a_state, const Vote& b, ServerState b_state) {
  if (a_state == ServerState::kLooking || b_state == ServerState::kLooking) return a == b;
  return a.leader == b.leader && a.peer_epoch == b.peer_epoch;
}

void Looking::OnSettledNotification(ServerId from, const Ballot& ballot, Core& core, Outbox& out) {
  const Vote& vote = ballot.vote;
  const auto quorum_and_leader = [&](const Ballots& ballots) {
    const auto agree = std::count_if(ballots.begin(), ballots.end(), [&](const auto& entry) {
      return SameChoice(entry.second.vote, entry.second.state, vote, ballot.state);
    });
    if (!core.config.IsQuorum(static_cast<size_t>(agree))) return false;
    // The leader itself must say that it leads: followers may not know yet that it is dead.
    if (vote.leader == core.config.self) return vote.round == core.election.round;
    const auto leader = ballots.find(vote.leader);
    return leader != ballots.end() && leader->second.state == ServerState::kLeading;
  };
  if (vote.round == core.election.round) {
    received_[from] = ballot;
    if (quorum_and_leader(received_)) return Finish(vote, core, out);
  }
  out_of_election_[from] = ballot;
  if (!quorum_and_leader(out_of_election_)) return;
  core.election.round = vote.round;
  Finish(vote, core, out);
}

void Looking::Finish(const Vote& vote, Core& core, Outbox& out) {
  out.CancelTimer({TimerName::kNotification});
  out.CancelTimer({TimerName::kFinalize});
  const bool leads = vote.leader == core.config.self;
  core.state = leads ? ServerState::kLeading : ServerState::kFollowing;
  core.election.current_vote = vote;
  result_ = vote;
  out.Emit({.probe = Probe::kElected,
            .kind = leads ? Kind::kLeading : Kind::kFollowing,
            .peer = vote.leader,
            .epoch = vote.peer_epoch,
            .zxid = vote.zxid.value_or(Zxid{}),
            .number = vote.round});
}

}  // namespace zab
