// Collects the transactions backwards, then applies them.
#include "scenarios/runner/model/reference_tree.h"

#include <vector>

namespace scenario {

bool ReferenceTree::Advance(HistoryId to, const Histories& histories) {
  std::vector<const zab::Txn*> txns;
  for (HistoryId at = to; at != at_; at = histories.parent(at)) {
    txns.push_back(histories.contents(at));
    if (txns.back() == nullptr) return false;
  }
  for (auto txn = txns.rbegin(); txn != txns.rend(); ++txn) tree_.Apply(**txn);
  at_ = to;
  return true;
}

}  // namespace scenario
