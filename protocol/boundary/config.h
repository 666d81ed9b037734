// The configuration of a peer: its id, the voters, and ZooKeeper's settings under their names in
// snake case (REFERENCE.md 17).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/boundary/known_bugs.h"
#include "protocol/boundary/quorum.h"
#include "protocol/wire/ids.h"

namespace zab {

struct Timing {
  Duration tick_time = Milliseconds(2000);
  int64_t init_limit = 10;  // Ticks to connect, discover and synchronise.
  int64_t sync_limit = 5;   // Ticks of silence, or for which a proposal is unacknowledged.
  Duration notification_min = Milliseconds(200);
  Duration notification_max = Seconds(60);

  Duration InitTimeout() const { return tick_time * init_limit; }
  Duration SyncTimeout() const { return tick_time * sync_limit; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("tick_time", tick_time);
    field("init_limit", init_limit);
    field("sync_limit", sync_limit);
    field("notification_min", notification_min);
    field("notification_max", notification_max);
  }
};

struct Limits {
  int64_t snap_count = 100'000;
  int64_t snap_size_limit = int64_t{4} << 30;  // Bytes of log; 0: off.
  int64_t snap_retain_count = 3;  // Newest snapshots kept, with the logs after them (3 or more).
  int64_t commit_log_count = 500;
  /// The log on disk is sent instead of a snapshot if it is at most this fraction of the newest
  /// snapshot. 0: no limit; nullopt: never.
  std::optional<Ratio> snapshot_size_factor = Ratio{33, 100};
  int64_t pre_alloc_size = 64 << 10;  // Bytes; 0: none.
  int64_t max_batch_size = 1000;      // Transactions per fsync.
  Duration flush_delay;               // 0: off.
  bool force_snapshot_sync = false;
  /// The value before the first counter of each epoch, below kLastCounter, so that tests can reach
  /// the last counter (ZK testingonly.initialZxid).  Must be the same on all servers, and never
  /// change during the life of their disks.
  uint32_t initial_counter = 0;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("snap_count", snap_count);
    field("snap_size_limit", snap_size_limit);
    field("snap_retain_count", snap_retain_count);
    field("commit_log_count", commit_log_count);
    field("snapshot_size_factor", snapshot_size_factor);
    field("pre_alloc_size", pre_alloc_size);
    field("max_batch_size", max_batch_size);
    field("flush_delay", flush_delay);
    field("force_snapshot_sync", force_snapshot_sync);
    field("initial_counter", initial_counter);
  }
};

/// A voter and its addresses, by which the driver of the peer finds it too.
struct Member {
  ServerId server;
  std::string name;     // Its host.
  uint64_t weight = 1;  // Of its vote, and of what it acknowledges.
  uint16_t quorum_port = 2888;
  uint16_t election_port = 3888;
  std::string client_address;  // "n1:2181"; empty if not configured.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("server", server);
    field("name", name);
    field("weight", weight);
    field("quorum_port", quorum_port);
    field("election_port", election_port);
    field("client_address", client_address);
  }
};

struct PeerConfig {
  ServerId self;
  std::vector<Member> voters;  // Ascending by id, including self.
  Timing timing;
  Limits limits;
  KnownBugs known_bugs;

  /// Whether these servers, each named once, hold more than half of all weight.
  template <class Servers>
  bool IsQuorum(Servers&& servers) const {
    uint64_t part = 0;
    for (const ServerId server : servers) part += WeightOf(server);
    uint64_t total = 0;
    for (const Member& voter : voters) total += voter.weight;
    return IsMajority(part, total);
  }
  bool IsVoter(ServerId server) const { return FindVoter(server) != nullptr; }
  /// 0 for a server that is no voter.
  uint64_t WeightOf(ServerId server) const {
    const Member* const voter = FindVoter(server);
    return voter == nullptr ? 0 : voter->weight;
  }
  /// Null if `server` is not a voter.
  const Member* FindVoter(ServerId server) const {
    const auto it = std::ranges::lower_bound(voters, server, {}, &Member::server);
    return it == voters.end() || it->server != server ? nullptr : &*it;
  }
  /// The config text in notifications, NEWLEADER and /zookeeper/config (REFERENCE.md 1.3).
  std::string ConfigText() const;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("self", self);
    field("voters", voters);
    field("timing", timing);
    field("limits", limits);
    field("known_bugs", known_bugs);
  }
};

}  // namespace zab
