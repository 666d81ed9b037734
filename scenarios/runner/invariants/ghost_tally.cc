// Votes, and what leaders hear: the ghost counts both itself, so that no leader's conclusion has to
// be believed (QuorumReached).
#include <algorithm>

#include "scenarios/runner/invariants/ghost.h"

namespace scenario {

// ---- Votes --------------------------------------------------------------------------------------

void Ghost::OnVoteChanged(zab::ServerId server, const Event& event) {
  Vote(server, event.peer, event.number, event.epoch);
}

void Ghost::Vote(zab::ServerId server, zab::ServerId leader, int64_t round, zab::Epoch epoch) {
  GivenVotes& votes = At(server).votes[leader];
  votes.round = std::max(votes.round, round);
  votes.epoch = std::max(votes.epoch, epoch);
}

// In an election votes agree in the round; those of a settled ensemble, whose members may have
// joined in different rounds, in the epoch (Vote.equals in ZooKeeper).
size_t Ghost::VotesFor(const TraceEvent& elected) const {
  return static_cast<size_t>(std::ranges::count_if(servers_, [&](const ServerGhost& server) {
    const auto votes = server.votes.find(elected.peer);
    return votes != server.votes.end() &&
           (votes->second.round >= elected.number || votes->second.epoch >= elected.epoch);
  }));
}

// ---- What a leader hears ------------------------------------------------------------------------

void Ghost::Hear(zab::ServerId leader, const Event& event) {
  ServerGhost& s = At(leader);
  if (event.kind == Kind::kFollowerInfoMessage) {
    // With a quorum of them the epoch is fixed; later ones do not change it.
    if (!IsQuorum(s.heard.followerinfos.size())) {
      s.heard.newest_accepted = std::max(s.heard.newest_accepted, event.epoch);
    }
    s.heard.followerinfos.Add(event.peer);
  } else if (event.kind == Kind::kAckEpochMessage) {
    const auto id = leadership_ids_.find({s.promised, leader});
    if (id == leadership_ids_.end()) return;
    if (leaderships_[id->second.value].promised.Contains(event.peer)) {
      s.heard.ackepochs.Add(event.peer);
    }
  } else if (event.kind == Kind::kAckMessage) {
    HearAck(leader, event.peer, event.zxid);
  }
}

/// `zxid`: of the proposal that `from` acknowledges; with counter 0: NEWLEADER, and with it the
/// whole history that the server had then.
void Ghost::HearAck(zab::ServerId leader, zab::ServerId from, zab::Zxid zxid) {
  const Leadership* leadership = LeadershipOf(leader);
  if (leadership == nullptr || leadership->leader != leader) return;
  if (zxid.epoch != leadership->epoch) return;
  Tally& heard = At(leader).heard;
  if (heard.acks.empty()) return;  // It has not been elected.
  const size_t index = from.value - size_t{1};
  const bool newleader = zxid.counter == 0;
  if (newleader && leadership->joined.Contains(from)) heard.newleader_acks.Add(from);
  zab::Zxid& acked = heard.acks[index];
  acked = std::max(
      acked, newleader ? leadership->joined_with[index] : std::min(leadership->sent[index], zxid));
  if (acked <= heard.chosen) return;
  const zab::Zxid chosen = ChosenBy(heard.acks);
  if (chosen <= heard.chosen) return;
  heard.chosen = chosen;
  Count(histories_.UpTo(leadership->tip, chosen));
}

}  // namespace scenario
