// The order of votes, and their equality.
#include "protocol/election/vote.h"

#include <tuple>

namespace zab {

// The zxid counts only within one epoch and the id only within one zxid of one epoch: with the id
// compared across epochs, two votes can each beat the other, for ever (1419).  A damaged history,
// -1 on the wire, is below every other.
bool IsBetter(const Vote& candidate, const Vote& current, const KnownBugs& bugs) {
  if (bugs.fle_predicate_no_epoch_eq && candidate.zxid == current.zxid) {  // ZOOKEEPER-1419.
    return candidate.peer_epoch > current.peer_epoch || candidate.leader > current.leader;
  }
  return std::tie(candidate.peer_epoch, candidate.zxid, candidate.leader) >
         std::tie(current.peer_epoch, current.zxid, current.leader);
}

// Version 0 told no config, and every later version does.
Ballot BallotOf(const Notification& n) {
  return {
      .vote = {.leader = n.leader, .zxid = n.zxid, .round = n.round, .peer_epoch = n.peer_epoch},
      .state = n.state,
      .old_form = n.config.empty()};
}

// While one of them is LOOKING, votes of different rounds or histories are different votes.  The
// members of an established ensemble, though, may have come to it in different rounds and with
// different zxids: only leader and epoch tell whether it is the same one (1732, 1805).
bool SameChoice(const Ballot& a, const Ballot& b) {
  if (a.state == ServerState::kLooking || b.state == ServerState::kLooking) return a.vote == b.vote;
  if (a.vote.leader != b.vote.leader) return false;
  return a.old_form != b.old_form || a.vote.peer_epoch == b.vote.peer_epoch;
}

}  // namespace zab
