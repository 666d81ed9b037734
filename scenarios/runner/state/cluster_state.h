// ClusterState: who leads, who follows, what each server has written and delivered, which links are
// cut: from the records alone.  The one account of the cluster for all that ask, selectors,
// deadlines, coverage, `zabsim watch` and the pages of `zabsim view`.  It judges nothing: what a
// run is judged by are the ghost variables (scenarios/runner/invariants), which are kept apart, and
// a test holds both to each other (tests/property/cluster_state_test.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/state/written_history.h"

namespace scenario {

enum class Role : uint8_t { kLooking, kFollowing, kLeading, kDown };
constexpr int kRoleCount = static_cast<int>(Role::kDown) + 1;
/// "LOOKING", "DOWN".
absl::string_view Name(Role role);

/// The tree that a server shows, or would show.
struct ServedTree {
  zab::Zxid zxid;  // The last transaction that it contains.
  uint64_t digest = 0;
};

/// One server, up and without a role at first.
struct ServerState {
  Role role = Role::kLooking;
  bool paused = false;
  Kind phase = Kind::kNone;  // kElection, ..., kBroadcast; none before the first.
  zab::ServerId leader;      // Whom it was elected to follow, itself if it leads; 0: none.
  zab::Epoch epoch;          // LEADING: announced; FOLLOWING: whose NEWLEADER it acknowledged.
  bool established = false;  // Only while LEADING.
  uint64_t elected = 0;      // Id of the record of its election.
  std::optional<ServedTree> tree;  // None until it is restored.
  zab::Zxid delivered;             // In its newest life.
  uint32_t undelivered = 0;        // Written in this life, and since the history was last replaced.
  bool unsynced = false;           // It has written since its last fsync ended.
  bool takes_snapshot = false;
  zab::Zxid counted;  // In this role: a leader has counted its acknowledgements up to there.

  // On its disk; this outlives the process.
  zab::Epoch accepted, current;
  zab::Epoch newest_epoch;  // The newest that it ever wrote there, whatever has become of the disk.
  WrittenHistory history;
  bool damaged = false;  // When it last restored its history it could not use it.

  bool up() const { return role != Role::kDown; }
  /// The last transaction that is in its tree; 0:0: none, or it has no tree.
  zab::Zxid applied() const { return tree ? tree->zxid : zab::Zxid{}; }
};

/// What is wrong with a link, in one direction.
struct LinkState {
  int cuts = 0;
  bool clogged = false;
  // As last set while the run went on; none: it is what it was at the beginning.
  struct Quality {
    zab::Duration latency;  // Mean.
    int32_t loss = 0;       // Of a million messages.
  };
  std::optional<Quality> quality;
};

/// A plain value.
class ClusterState {
 public:
  /// Of servers 1 ... `servers`, all of them starting.
  explicit ClusterState(size_t servers) : servers_(servers) {}

  /// Takes a record in.  Constant time, but for what a TRUNC cuts off.
  void OnRecord(const Record& record);
  /// A look at a server's disk, which is no record: what a restart would find ends at zxid.
  void FindOnDisk(zab::ServerId server, zab::Zxid zxid) {
    servers_[server.value - size_t{1}].history.FindOnDisk(zxid);
  }
  /// Whether the record ends a role: a filter on it means the role that ends.
  static bool EndsRole(Probe probe);

  /// By sid - 1.
  const std::vector<ServerState>& servers() const { return servers_; }
  /// By node, from and to; those that were never cut or clogged are missing.
  const absl::btree_map<std::pair<uint16_t, uint16_t>, LinkState>& links() const { return links_; }
  /// The newest transaction that any leader has committed.
  zab::Zxid committed() const { return committed_; }
  /// All that is committed, ascending: by a leader's COMMIT, or in the history of one when it was
  /// established.
  const std::vector<ZxidRange>& committed_log() const { return committed_log_.log(); }

  /// kLooking, kFollowing or kLeading; kNone while it is down, or no such server.
  Kind RoleOf(zab::ServerId server) const;
  /// Of several that lead, an established one, then the one of the latest epoch.
  std::optional<zab::ServerId> Leader() const;
  /// Who established that epoch or, before that, announced it, whatever has become of it.
  std::optional<zab::ServerId> LeaderOf(zab::Epoch epoch) const;
  /// Those of Leader(); without one, all in that role.
  std::vector<zab::ServerId> Followers() const;
  /// A leader is established, and a quorum follows it: they have acknowledged its NEWLEADER, their
  /// links to and from it are neither cut nor clogged, and neither they nor the leader are paused.
  bool HasLeader() const;
  /// All running servers, one at least, hold the same tree at the same zxid.
  bool AllEqual() const;

 private:
  void OnLink(const Record& record);
  bool IsOpen(zab::ServerId from, zab::ServerId to) const;
  void Announce(zab::ServerId leader, const TraceEvent& event);
  void Commit(const Record& record);
  void CountAck(const Record& record);

  std::vector<ServerState> servers_;
  absl::btree_map<std::pair<uint16_t, uint16_t>, LinkState> links_;
  absl::btree_map<zab::Epoch, zab::ServerId> leaders_;
  zab::Zxid committed_;
  WrittenHistory committed_log_;
};

}  // namespace scenario
