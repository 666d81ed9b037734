// ReferenceTree: the tree that the transactions of a history lead to, in the order of the history
// and without snapshots.
#pragma once

#include <string>

#include "protocol/tree/data_tree.h"
#include "scenarios/runner/model/histories.h"

namespace scenario {

/// A plain value.
class ReferenceTree {
 public:
  /// After no transaction.  `config`: the text of /zookeeper/config.
  explicit ReferenceTree(const std::string& config) : tree_(zab::DataTree::Fresh(config)) {}

  /// Applies what `to` has beyond at(), which must be a prefix of it.  False, and nothing is
  /// applied, if the contents of a transaction are not known.
  bool Advance(HistoryId to, const Histories& histories);

  HistoryId at() const { return at_; }
  const zab::DataTree& tree() const { return tree_; }

 private:
  HistoryId at_;
  zab::DataTree tree_;
};

}  // namespace scenario
