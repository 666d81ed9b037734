// How a leader brings one learner up to date: DIFF, TRUNC or SNAP (REFERENCE.md 7.1, 7.2; ZK
// LearnerHandler.syncFollower).  A pure function of the histories.
#pragma once

#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "protocol/boundary/config.h"
#include "protocol/boundary/trace.h"
#include "protocol/tree/database.h"

namespace zab {

struct SyncPlan {
  Kind kind = Kind::kSnap;        // kDiff, kTrunc or kSnap.
  Zxid zxid;                      // Of the DIFF or TRUNC packet.
  std::vector<TxnRef> committed;  // To be sent as PROPOSAL and COMMIT behind it.
  Zxid seen;  // What follows this is forwarded; it serves once this is committed.
  std::optional<Zxid> from_disk;  // The first transaction taken from the log on disk, if any was.
};

/// Case 5: the plan depends on the log on disk, from the record behind the learner's zxid on.
struct NeedsDiskLog {};

/// The decision for a learner at `peer`; none: it announces -1 and gets SNAP.  `unapplied`: what
/// this leader has proposed and not yet applied.  `disk_log`: what LogBehind found, once it has
/// been asked; none before, empty if the log is of no use.  `bugs`: only their switches for
/// PlanSync count.
std::variant<SyncPlan, NeedsDiskLog> PlanSync(std::optional<Zxid> peer, const Database& database,
                                              const std::deque<TxnRef>& unapplied,
                                              const Limits& limits,
                                              const std::optional<std::vector<TxnRef>>& disk_log,
                                              const KnownBugs& bugs = {});

}  // namespace zab
