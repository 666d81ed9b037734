// The order of votes.
#include "protocol/election/vote.h"

#include <tuple>

namespace zab {

// The zxid counts only within one epoch, the id only within one zxid; without the first equality two
// servers can hand the lead to each other for ever (1419).
bool IsBetter(const Vote& candidate, const Vote& current) {
  return std::tuple(candidate.peer_epoch, candidate.zxid, candidate.leader) >
         std::tuple(current.peer_epoch, current.zxid, current.leader);
}

}  // namespace zab
