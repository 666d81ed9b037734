// The in-memory state that a server keeps when it loses its leader: the tree, its last zxid, and
// the last committed transactions for DIFF (REFERENCE.md 7.3).
#pragma once

#include <deque>
#include <optional>

#include "protocol/base/check.h"
#include "protocol/tree/data_tree.h"
#include "protocol/wire/txn.h"

namespace zab {

/// The last `limit` transactions, contiguous within each epoch.
class CommittedLog {
 public:
  CommittedLog() = default;
  explicit CommittedLog(size_t limit) : limit_(limit) {}

  /// Ignored if zxid <= max().
  void Add(TxnRef txn);
  /// The first transaction added after a gap within an epoch, which violates an internal invariant.
  const std::optional<Zxid>& hole() const { return hole_; }
  void Clear() { txns_.clear(); }
  bool empty() const { return txns_.empty(); }
  Zxid min() const { return txns_.front()->zxid(); }
  Zxid max() const { return txns_.back()->zxid(); }
  const std::deque<TxnRef>& txns() const { return txns_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("limit", limit_);
    field("txns", txns_);
    field("hole", hole_);
  }

 private:
  size_t limit_ = 500;
  std::deque<TxnRef> txns_;
  std::optional<Zxid> hole_;
};

struct Database {
  DataTree tree;
  CommittedLog committed_log;
  Zxid last_processed;

  /// Applies to the tree, then raises last_processed, then adds to the committed log.
  Result Apply(const TxnRef& txn);

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("tree", tree);
    field("committed_log", committed_log);
    field("last_processed", last_processed);
  }
};

}  // namespace zab
