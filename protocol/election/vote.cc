// The order of votes, and their equality.
#include "protocol/election/vote.h"

#include <tuple>

namespace zab {

// The zxid counts only within one epoch and the id only within one zxid of one epoch: if ids were
// compared across epochs, two votes could each beat the other, forever (1419).  A damaged history,
// -1 on the wire, is less than every other.
bool IsBetter(const Vote& candidate, const Vote& current, const KnownBugs& bugs) {
  if (bugs.fle_predicate_no_epoch_eq && candidate.zxid == current.zxid) {  // ZOOKEEPER-1419.
    return candidate.peer_epoch > current.peer_epoch || candidate.leader > current.leader;
  }
  return std::tie(candidate.peer_epoch, candidate.zxid, candidate.leader) >
         std::tie(current.peer_epoch, current.zxid, current.leader);
}

// Version 0 has no config; all later versions do.
Ballot BallotOf(const Notification& n) {
  return {
      .vote = {.leader = n.leader, .zxid = n.zxid, .round = n.round, .peer_epoch = n.peer_epoch},
      .state = n.state,
      .old_form = n.config.empty()};
}

// If one of the senders is LOOKING, votes of different rounds or histories are different votes.
// But the members of an established ensemble may have joined it in different rounds and with
// different zxids; it is identified by leader and epoch only (1732, 1805).
bool SameChoice(const Ballot& a, const Ballot& b) {
  if (a.state == ServerState::kLooking || b.state == ServerState::kLooking) return a.vote == b.vote;
  if (a.vote.leader != b.vote.leader) return false;
  return a.old_form != b.old_form || a.vote.peer_epoch == b.vote.peer_epoch;
}

}  // namespace zab
