// ClusterView: who leads, who follows, what each server's tree is, from the trace alone.  What
// selectors, conditions and deadlines look at; it judges nothing (that is invariants/).
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
  /// Of servers 1 ... `servers`, all of them starting.
  explicit ClusterView(size_t servers) : servers_(servers) {}

  /// Takes a record in.  Constant time.
  void OnTrace(const Record& record);
  /// Whether the record ends a role: a filter on it means the role that ends.
  static bool EndsRole(Probe probe);

  size_t server_count() const { return servers_.size(); }
  /// kLooking, kFollowing or kLeading; kNone while it is down.
  Kind RoleOf(zab::ServerId server) const;
  /// Of several that lead, an established one, then the one of the latest epoch.
  std::optional<zab::ServerId> Leader() const;
  /// Who established that epoch or, before that, announced it, whatever has become of it.
  std::optional<zab::ServerId> LeaderOf(zab::Epoch epoch) const;
  /// Those of Leader(); without one, all in that role.
  std::vector<zab::ServerId> Followers() const;

  /// A running leader is established, and a quorum follows it and has acknowledged its NEWLEADER.
  bool HasLeader() const;
  /// All running servers, one at least, hold the same tree at the same zxid.
  bool AllEqual() const;

 private:
  struct Tree {
    zab::Zxid zxid;
    uint64_t digest = 0;
  };
  struct Server {
    bool running = true;
    Kind role = Kind::kLooking;
    zab::ServerId leader;      // Only while FOLLOWING.
    zab::Epoch epoch;          // LEADING: announced; FOLLOWING: whose NEWLEADER it acknowledged.
    bool established = false;  // Only while LEADING.
    uint64_t elected = 0;      // Id of the record of its election.
    std::optional<Tree> tree;  // None until it is restored.
  };

  Server* Find(sim::NodeId node);
  void OnRole(Server& server, const Record& record);
  void Announce(const Record& record);

  std::vector<Server> servers_;  // By sid - 1.
  absl::btree_map<zab::Epoch, zab::ServerId> leaders_;
};

}  // namespace scenario
