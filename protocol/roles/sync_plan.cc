// The decision table, with the case numbers of REFERENCE.md 7.1.
#include "protocol/roles/sync_plan.h"

#include <utility>
#include <variant>

namespace zab {
namespace {

/// Walks a history past the learner's zxid and collects the missing transactions
/// (queueCommittedProposals).
class Walk {
 public:
  Walk(Zxid peer, Zxid last_committed, const Limits& limits, const KnownBugs& bugs)
      : peer_(peer), last_committed_(last_committed), limits_(limits), bugs_(bugs), queued_(peer) {}

  /// Returns false once the walk cannot lead to DIFF or TRUNC.
  bool Add(const TxnRef& txn) {
    const Zxid zxid = txn->zxid();
    if (zxid < peer_) {
      previous_ = zxid;
      return true;
    }
    if (!plan_) {
      if (zxid == peer_) {
        Open(Kind::kDiff, last_committed_);
        return true;
      }
      if (!OpenBeyondPeer(zxid)) return false;
    }
    if (zxid <= queued_) return true;  // The log on disk and the committed log overlap.
    // A walk must be contiguous; otherwise the learner would miss a transaction (2418, 2846).
    const bool follows = Follows(zxid, queued_, limits_.initial_counter);
    if (!follows && !bugs_.OverlooksGaps()) return false;
    plan_->committed.push_back(txn);
    queued_ = zxid;
    return true;
  }

  std::optional<SyncPlan> Finish() {
    if (plan_) plan_->seen = queued_;
    return std::move(plan_);
  }

 private:
  // Called with the first transaction beyond peer if peer itself is not in the history.
  bool OpenBeyondPeer(Zxid zxid) {
    // The start of an epoch is not a transaction, so there is nothing to truncate.
    if (peer_.counter == 0) {
      Open(Kind::kDiff, last_committed_);
      return true;
    }
    if (bugs_.diff_without_trunc) {  // ZOOKEEPER-1154.
      Open(Kind::kDiff, last_committed_);
      return true;
    }
    // The learner has a transaction that the leader lacks; it cannot be truncated across epochs
    // (REFERENCE.md 7.2).
    if (!previous_ || zxid.epoch != peer_.epoch) return false;
    Open(Kind::kTrunc, *previous_);
    queued_ = *previous_;
    return true;
  }

  void Open(Kind kind, Zxid zxid) { plan_ = SyncPlan{.kind = kind, .zxid = zxid}; }

  Zxid peer_;
  Zxid last_committed_;
  const Limits& limits_;
  const KnownBugs& bugs_;
  Zxid queued_;
  std::optional<Zxid> previous_;
  std::optional<SyncPlan> plan_;
};

SyncPlan Snapshot(const Database& database) {
  return {.kind = Kind::kSnap, .zxid = database.last_processed, .seen = database.last_processed};
}

}  // namespace

std::variant<SyncPlan, NeedsDiskLog> PlanSync(std::optional<Zxid> peer, const Database& database,
                                              const std::deque<TxnRef>& unapplied,
                                              const Limits& limits,
                                              const std::optional<std::vector<TxnRef>>& disk_log,
                                              const KnownBugs& bugs) {
  const CommittedLog& committed = database.committed_log;
  const Zxid last = database.last_processed;
  const Zxid min = committed.empty() ? last : committed.min();
  const Zxid max = committed.empty() ? last : committed.max();
  // Not in ZooKeeper's table (REFERENCE.md D11): the learner has proposals of this leader that it
  // may have acknowledged.  They must not be truncated, as in case 3, because the acknowledgement
  // may commit them.
  if (peer && !unapplied.empty() && *peer >= unapplied.front()->zxid() &&
      *peer <= unapplied.back()->zxid()) {
    return SyncPlan{.kind = Kind::kDiff, .zxid = max, .seen = *peer};
  }
  if (limits.force_snapshot_sync) return Snapshot(database);  // Case 1.
  if (peer && *peer == last) {                                // Case 2.
    return SyncPlan{.kind = Kind::kDiff, .zxid = last, .seen = last};
  }
  if (peer && *peer > max && peer->counter != 0) {  // Case 3: epochs are not compared.
    return SyncPlan{.kind = Kind::kTrunc, .zxid = max, .seen = max};
  }
  if (!peer || *peer > max) return Snapshot(database);  // Case 6; -1 is less than every zxid.
  Walk walk(*peer, max, limits, bugs);
  std::optional<Zxid> from_disk;
  if (*peer < min) {  // Case 5.
    if (!limits.snapshot_size_factor) return Snapshot(database);
    if (!disk_log) return NeedsDiskLog{};
    if (disk_log->empty()) return Snapshot(database);
    for (const TxnRef& txn : *disk_log) {
      if (txn->zxid() > min) break;
      if (!walk.Add(txn)) return Snapshot(database);
      if (!from_disk && txn->zxid() > *peer) from_disk = txn->zxid();
    }
    // With an empty committed log the walk must have reached the end (ZK: cur < minC is a gap).
    if (committed.empty() && disk_log->back()->zxid() < last) return Snapshot(database);
  }
  for (const TxnRef& txn : committed.txns()) {  // Case 4, and the rest of case 5.
    if (!walk.Add(txn)) return Snapshot(database);
  }
  std::optional<SyncPlan> plan = walk.Finish();
  if (!plan) return Snapshot(database);
  plan->from_disk = from_disk;
  return *std::move(plan);
}

}  // namespace zab
