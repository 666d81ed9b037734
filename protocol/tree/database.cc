// Applies transactions to the in-memory state.
#include "protocol/tree/database.h"

#include <algorithm>
#include <utility>

namespace zab {

void CommittedLog::Add(TxnRef txn) {
  const Zxid zxid = txn->zxid();
  if (!txns_.empty()) {
    if (zxid <= max()) return;
    if (zxid.epoch == max().epoch && zxid != max().Next()) hole_ = zxid;
  }
  txns_.push_back(std::move(txn));
  if (txns_.size() > limit_) txns_.pop_front();
}

Result Database::Apply(const TxnRef& txn) {
  Result result = tree.Apply(*txn);
  last_processed = std::max(last_processed, txn->zxid());
  committed_log.Add(txn);
  return result;
}

}  // namespace zab
