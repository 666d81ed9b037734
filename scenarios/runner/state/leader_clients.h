// Which clients had a connection to an established leader: their requests go another way than those
// of the others, and their replies come sooner.
#pragma once

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/state/cluster_state.h"

namespace scenario {

/// A plain value.
class LeaderClients {
 public:
  /// Takes a record in; `cluster` has it already, unless it ends a role.
  void OnRecord(const Record& record, const ClusterState& cluster);
  /// All that ever had one, in order.
  const absl::btree_set<sim::NodeId>& clients() const { return seen_; }

 private:
  absl::btree_map<sim::NodeId, zab::ServerId> connected_;
  absl::btree_set<sim::NodeId> seen_;
};

}  // namespace scenario
