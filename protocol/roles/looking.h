// Phase 0, fast leader election: the role of a server without a leader (REFERENCE.md 3; ZK
// FastLeaderElection.lookForLeader).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <ostream>
#include <utility>

#include "absl/container/btree_map.h"
#include "protocol/election/vote.h"
#include "protocol/roles/core.h"
#include "protocol/roles/transitions.h"

namespace zab {

class Looking {
 public:
  /// kDraining waits until everything logged is durable and applied, since nothing may be announced
  /// before (P8).  kFinalizing: a quorum agrees; 200 ms without a better vote decide.
  enum class Phase : uint8_t { kDraining, kVoting, kFinalizing };

  static constexpr Transition<Phase> kTransitions[] = {
      {Phase::kDraining, Phase::kVoting},
      {Phase::kVoting, Phase::kFinalizing},
      {Phase::kFinalizing, Phase::kVoting},  // A better vote has come.
  };

  explicit Looking(Reason why) : why_(why) {}

  /// Begins to vote, once the history is durable and in the tree.  Call once, in kDraining.  (The
  /// first lines of ZK lookForLeader.)
  void BeginVoting(Core& core, Outbox& out);
  /// A notification that ReceiveNotification has passed on.
  void OnNotification(const ReceivedNotification& received, Core& core, Outbox& out);
  /// TaskName::kOwnNotification: the notification to itself with this number arrives.
  void OnOwnNotification(uint64_t number, Core& core, Outbox& out);
  /// TimerName::kNotification and kFinalize.
  void OnTimer(TimerName timer, Core& core, Outbox& out);

  Phase phase() const { return phase_; }
  /// Its current proposal, while it votes.
  std::optional<Vote> proposal() const {
    return phase_ == Phase::kDraining ? std::nullopt : std::optional(proposal_);
  }
  /// The result of the election, once there is one; then core.election.current_vote equals it, and
  /// core.state is set.
  const std::optional<Vote>& result() const { return result_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("phase", phase_);
    field("why", why_);
    field("initial", initial_);
    field("proposal", proposal_);
    field("received", received_);
    field("out_of_election", out_of_election_);
    field("timeout", timeout_);
    field("early", early_);
    field("own", own_);
    field("result", result_);
  }

 private:
  using Ballots = absl::btree_map<ServerId, Ballot>;

  void Enter(Phase next);
  void Consider(const ReceivedNotification& received, Core& core, Outbox& out);
  void OnLookingBallot(ServerId from, const Ballot& ballot, Core& core, Outbox& out);
  void OnSettledBallot(ServerId from, const Ballot& ballot, Core& core, Outbox& out);
  bool LeaderIsValid(const Ballots& ballots, const Vote& vote, const Core& core) const;
  void Propose(const Vote& vote, Core& core, Outbox& out);
  void SendToAll(Core& core, Outbox& out);
  void Finish(const Vote& vote, Core& core, Outbox& out);

  Phase phase_ = Phase::kDraining;
  Reason why_;
  Vote initial_;             // The vote for itself; its round is that of BeginVoting.
  Vote proposal_;            // Its round is always core.election.round.
  Ballots received_;         // recvset: votes received in this round.
  Ballots out_of_election_;  // outofelection: votes of servers that follow or lead, of any round.
  Duration timeout_;         // notTimeout: how long to wait for the next notification.
  std::deque<ReceivedNotification> early_;  // Arrived in kDraining.
  std::deque<std::pair<uint64_t, Notification>>
      own_;  // Pending notifications to itself, by number.
  std::optional<Vote> result_;
};

/// "voting".
absl::string_view Name(Looking::Phase phase);
/// Its fields, for failed checks.
std::ostream& operator<<(std::ostream& out, const Looking& looking);

/// Sends `vote` as this server's vote to another voter.  (Looking handles votes to itself.)
void SendNotification(ServerId to, const Vote& vote, Core& core, Outbox& out);

/// The receiver thread (REFERENCE.md 3.3): handles a notification in any state of the server.
/// Returns whether it must be passed on to Looking.  `proposal` is that of Looking, while it votes.
bool ReceiveNotification(const ReceivedNotification& received, const std::optional<Vote>& proposal,
                         Core& core, Outbox& out);

}  // namespace zab
