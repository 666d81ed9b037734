// TreeModel: what every client request must be answered, along the committed history.  It knows the
// tree at every zxid, and is written from REFERENCE.md 11 without protocol/tree, so that it does
// not repeat a mistake of the servers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "protocol/wire/operation.h"
#include "protocol/wire/txn.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/answer.h"

namespace scenario {

/// A plain value.  What is below /zookeeper, ephemeral nodes, and transactions that our leader does
/// not write are outside of the model.
class TreeModel {
 public:
  TreeModel();

  /// Whether the model knows what to do with such a request.
  static bool Judges(const zab::Operation& operation);

  /// What the transaction has wrong, if it is to be next and comes from this request: an error that
  /// should be none, a version that does not follow, another path.  nullopt: nothing.
  std::optional<Text> Mistake(const zab::Txn& txn, const zab::Operation& request) const;

  /// Appends the transaction and returns what its client is answered.  nullopt: it is outside of
  /// the model, or contradicts it; a transaction that contradicts it ends all judgement.
  std::optional<Answer> Apply(const zab::Txn& txn);

  /// What a read is answered at `zxid`; nullopt if that is not known (any more).
  std::optional<Answer> Read(const zab::Operation& read, zab::Zxid zxid) const;

  /// No read before `zxid` will be asked for: older states may be forgotten.
  void Forget(zab::Zxid zxid) { oldest_ = std::max(oldest_, zxid); }
  /// Some transaction is unknown: nothing can be judged from here on.
  void Break();
  bool broken() const { return broken_; }

 private:
  /// A node from one transaction on.
  struct Version {
    zab::Zxid since;
    bool exists = false;
    std::optional<uint64_t> data;  // Hash.
    int32_t creates = 0;           // cversion as stored: of the children.
    ChildNames children;
    zab::Stat stat;  // As clients see it.
  };
  using Versions = std::vector<Version>;  // Ascending.

  /// The newest state; null if it does not exist.
  const Version* Find(absl::string_view path) const;
  const Version* FindAt(absl::string_view path, zab::Zxid zxid) const;
  /// The node as it was before `zxid`, to be changed.
  Version& Change(absl::string_view path, zab::Zxid zxid);

  /// The children of `parent` have changed.
  static void OnChildren(zab::Zxid zxid, Version& parent);

  zab::Error ErrorOf(const zab::Operation& request, std::string& path) const;
  std::optional<Answer> Perform(const zab::TxnHeader& header, const zab::CreateTxn& txn);
  std::optional<Answer> Perform(const zab::TxnHeader& header, const zab::SetDataTxn& txn);
  std::optional<Answer> Perform(const zab::TxnHeader& header, const zab::DeleteTxn& txn);
  std::optional<Answer> Perform(const zab::TxnHeader& header, const zab::ErrorTxn& txn);
  template <class Other>
  std::optional<Answer> Perform(const zab::TxnHeader& header, const Other& txn);

  absl::btree_map<uint64_t, Versions> nodes_;  // By the hash of the path; "" is the root.
  zab::Zxid oldest_;
  bool broken_ = false;
};

}  // namespace scenario
