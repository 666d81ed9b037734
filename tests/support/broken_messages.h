// Peers that send wrong messages: a decorator that edits the messages they send.
#pragma once

#include <functional>
#include <vector>

#include "tests/support/broken_peer.h"

namespace support {

/// The messages to send instead of a message, in order; empty if it is lost.
using MessageEdit = std::function<std::vector<zab::Payload>(const zab::Payload& bytes)>;

/// Edits every message of this kind.
Sabotage EditMessages(zab::Kind kind, MessageEdit edit);

/// Votes claim a newer history than any server has, so that the largest id wins, whatever its
/// history.
Sabotage OverstateVotes();
/// LEADERINFO announces the epoch before the new one.
Sabotage UnderstateEpoch();
/// ACKEPOCH claims an empty history.
Sabotage UnderstateHistory();
/// UPTODATE is sent with NEWLEADER, before a quorum has acknowledged NEWLEADER.
Sabotage UpToDateAtOnce();
/// DIFF is sent instead of TRUNC, so that transactions the leader does not have stay.
Sabotage DiffInsteadOfTrunc();
/// One of every `every` COMMITs is not sent.
Sabotage LoseCommits(int every);

}  // namespace support
