// Histories: every sequence of transactions that any server of a run has held, as one tree that
// shares equal prefixes.  A history is then one number, equal histories are the same number, and
// "is a prefix of" is "is an ancestor of".
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/wire/ids.h"
#include "protocol/wire/txn.h"

namespace scenario {

/// A history, identified by its last transaction; 0 is the empty one.
struct HistoryId {
  uint32_t value = 0;
  friend constexpr auto operator<=>(const HistoryId&, const HistoryId&) = default;
};
constexpr HistoryId kEmptyHistory{};

/// A tree of transactions.  A plain value; ids remain valid.  Memory is linear in the number of
/// different (prefix, transaction) pairs.
class Histories {
 public:
  struct Txn {
    zab::Zxid zxid;
    uint64_t hash = 0;   // Distinguishes transactions with the same zxid.
    int64_t client = 0;  // The client and its cxid; 0: none or unknown.
    int64_t number = 0;
  };

  Histories() { nodes_.emplace_back(); }

  /// `history` followed by `txn`.  Amortised O(1).
  HistoryId Append(HistoryId history, const Txn& txn);

  const Txn& last(HistoryId history) const { return At(history).txn; }
  /// The last zxid; 0:0 for the empty history.
  zab::Zxid zxid(HistoryId history) const { return At(history).txn.zxid; }
  /// The number of transactions.
  uint32_t size(HistoryId history) const { return At(history).size; }
  /// The history without its last transaction; the empty history is its own parent.
  HistoryId parent(HistoryId history) const { return {At(history).parent}; }

  /// Whether `prefix` is a prefix of `history` or equal to it.  O(log n), O(1) if they are near.
  bool IsPrefix(HistoryId prefix, HistoryId history) const;
  /// Whether one is a prefix of the other.
  bool AreComparable(HistoryId a, HistoryId b) const { return IsPrefix(a, b) || IsPrefix(b, a); }
  /// The longest prefix whose zxids are at most `zxid`.  O(log n).
  HistoryId UpTo(HistoryId history, zab::Zxid zxid) const;
  /// The first `size` transactions; `history` must have as many.  O(log n).
  HistoryId First(HistoryId history, uint32_t size) const;
  HistoryId CommonPrefix(HistoryId a, HistoryId b) const;
  /// The prefix of `history` that is one longer than `prefix`; `prefix` must be a proper prefix.
  HistoryId Next(HistoryId prefix, HistoryId history) const {
    return First(history, size(prefix) + 1);
  }

  /// Stores the contents of the last transaction of `history`, unless already known.
  void Learn(HistoryId history, const zab::TxnRef& txn);
  /// Forgets the contents of all transactions of `until` that are not in `from`, a prefix of it.
  void Forget(HistoryId from, HistoryId until);
  /// The contents of the last transaction; null if they are forgotten, or if no log with it has
  /// been read yet.
  const zab::Txn* contents(HistoryId history) const;
  /// The contents of a transaction that some history has after this one, and for which
  /// is_wanted(contents) holds; null if there is none.
  template <class IsWanted>
  const zab::Txn* FindNext(HistoryId history, IsWanted is_wanted) const {
    for (uint32_t child = At(history).first_child; child != 0; child = nodes_[child].next_sibling) {
      const zab::Txn* const txn = contents({child});
      if (txn != nullptr && is_wanted(*txn)) return txn;
    }
    return nullptr;
  }

 private:
  struct Node {
    uint32_t parent = 0;
    uint32_t jump = 0;  // A more distant ancestor, so that searches take O(log n) steps.
    uint32_t size = 0;
    uint32_t first_child = 0;  // 0: none, since the empty history is not a child.
    uint32_t next_sibling = 0;
    Txn txn;
  };

  const Node& At(HistoryId history) const { return nodes_[history.value]; }

  std::vector<Node> nodes_;
  std::vector<zab::TxnRef> contents_;  // By HistoryId; may be shorter than nodes_.
};

}  // namespace scenario
