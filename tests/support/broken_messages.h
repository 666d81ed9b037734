// Peers that say something else than they should: a decorator over the messages that they send.
#pragma once

#include <functional>
#include <vector>

#include "tests/support/broken_peer.h"

namespace support {

/// What goes out instead of a message, in order; nothing: it is lost.
using MessageEdit = std::function<std::vector<zab::Payload>(const zab::Payload& bytes)>;

/// Every message of that kind is replaced.
Sabotage EditMessages(zab::Kind kind, MessageEdit edit);

/// Votes claim a history newer than any: who has the largest id wins, whatever it holds.
Sabotage OverstateVotes();
/// LEADERINFO announces the epoch before the new one.
Sabotage UnderstateEpoch();
/// ACKEPOCH tells an empty history.
Sabotage UnderstateHistory();
/// UPTODATE goes out with NEWLEADER, before any quorum has acknowledged that.
Sabotage UpToDateAtOnce();
/// TRUNC is sent as DIFF: what the leader does not have stays.
Sabotage DiffInsteadOfTrunc();
/// Every so many COMMITs, one is not sent.
Sabotage LoseCommits(int every);

}  // namespace support
