// ClusterView: the roles and trees of all servers, derived from the trace.  Selectors, conditions
// and deadlines use it; it checks nothing (that is the task of invariants/).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

class ClusterView {
 public:
  /// For servers 1 ... `servers`, all starting.
  explicit ClusterView(size_t servers) : servers_(servers) {}

  /// Processes a record.  Constant time.
  void OnTrace(const Record& record);
  /// Whether a record of this probe ends a role; filters on it refer to the role before.
  static bool EndsRole(Probe probe);

  size_t server_count() const { return servers_.size(); }
  /// kLooking, kFollowing or kLeading; kNone while it is down.
  Kind RoleOf(zab::ServerId server) const;
  /// The current leader.  Of several, an established one is preferred, then the latest epoch.
  std::optional<zab::ServerId> Leader() const;
  /// The server that established the epoch or, before that, announced it, even if it no longer
  /// leads.
  std::optional<zab::ServerId> LeaderOf(zab::Epoch epoch) const;
  /// The followers of Leader(); without a leader, all servers in that role.
  std::vector<zab::ServerId> Followers() const;

  /// Whether a running leader is established and a quorum follows it and has acknowledged
  /// NEWLEADER.
  bool HasLeader() const;
  /// Whether all running servers, at least one, hold the same tree at the same zxid.
  bool AllEqual() const;

 private:
  struct Tree {
    zab::Zxid zxid;
    uint64_t digest = 0;
  };
  struct Server {
    bool running = true;
    Kind role = Kind::kLooking;
    zab::ServerId leader;  // Only while FOLLOWING.
    zab::Epoch epoch;      // LEADING: the announced epoch; FOLLOWING: the epoch whose NEWLEADER it
                           // acknowledged.
    bool established = false;  // Only while LEADING.
    uint64_t elected = 0;      // Id of the record of its election.
    std::optional<Tree> tree;  // nullopt until it is restored.
  };

  Server* Find(sim::NodeId node);
  void OnRole(Server& server, const Record& record);
  void Announce(const Record& record);

  std::vector<Server> servers_;  // By sid - 1.
  absl::btree_map<zab::Epoch, zab::ServerId> leaders_;
};

}  // namespace scenario
