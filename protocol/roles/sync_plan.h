// How a leader synchronises a learner: DIFF, TRUNC or SNAP (REFERENCE.md 7.1, 7.2; ZK
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
  std::vector<TxnRef> committed;  // To be sent as PROPOSAL and COMMIT after it.
  Zxid seen;  // Later transactions are forwarded; the learner serves once this is committed.
  std::optional<Zxid> from_disk;  // The first transaction taken from the log on disk, if any.
};

/// Case 5: the plan depends on the log on disk, from the record at the learner's zxid on.
struct NeedsDiskLog {};

/// The decision for a learner at `peer`; nullopt: it announced -1 and gets SNAP.  `unapplied`:
/// transactions that this leader has proposed but not yet applied.  `disk_log`: the result of
/// LogBehind; nullopt before it was called, empty if the log is useless.  `bugs`: only the switches
/// for PlanSync are used.
std::variant<SyncPlan, NeedsDiskLog> PlanSync(std::optional<Zxid> peer, const Database& database,
                                              const std::deque<TxnRef>& unapplied,
                                              const Limits& limits,
                                              const std::optional<std::vector<TxnRef>>& disk_log,
                                              const KnownBugs& bugs = {});

}  // namespace zab
