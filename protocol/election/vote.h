// Votes and their comparison (REFERENCE.md 3.1).
#pragma once

#include <cstdint>
#include <optional>

#include "protocol/boundary/known_bugs.h"
#include "protocol/election/notification.h"
#include "protocol/wire/ids.h"

namespace zab {

struct Vote {
  ServerId leader;
  std::optional<Zxid> zxid;  // nullopt: a damaged history (-1), which is not counted.
  int64_t round = 0;         // electionEpoch.
  Epoch peer_epoch;
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("leader", leader);
    field("zxid", zxid);
    field("round", round);
    field("peer_epoch", peer_epoch);
  }
  friend bool operator==(const Vote&, const Vote&) = default;
};

/// totalOrderPredicate: whether `candidate` beats `current` (FastLeaderElection).
bool IsBetter(const Vote& candidate, const Vote& current, const KnownBugs& bugs = {});

/// A received vote, with what counting needs.
struct Ballot {
  Vote vote;
  ServerState state = ServerState::kLooking;  // The sender's.
  bool old_form = false;                      // Notification version 0.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("vote", vote);
    field("state", state);
    field("old_form", old_form);
  }
};

Ballot BallotOf(const Notification& notification);

/// Whether two ballots count as votes for the same leader (ZK Vote.equals): symmetric, but not an
/// equivalence relation.
bool SameChoice(const Ballot& a, const Ballot& b);

/// The state of elections that is kept in every role, to answer servers that join later.
struct ElectionClock {
  int64_t round = 0;  // logicalclock; volatile.
  Vote current_vote;  // The result of the last election; before the first, a vote for itself.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("round", round);
    field("current_vote", current_vote);
  }
};

}  // namespace zab
