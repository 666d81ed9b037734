// Links, disks, servers and clocks of a scenario: the simulator's profiles, changes to them, and
// where each applies.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/boundary/io.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/record/record.h"
#include "sim/disk.h"
#include "sim/distribution.h"
#include "sim/machine.h"
#include "sim/network.h"

namespace scenario {

using sim::DiskProfile;
using sim::Distribution;
using sim::LinkProfile;

/// Keys of a profile that are set; the others stay as they are.
struct LinkChange {
  std::optional<Distribution> latency;
  std::optional<zab::Ratio> loss;
  std::optional<zab::Ratio> dup;
  std::optional<zab::Ratio> reorder;
  std::optional<int64_t> bandwidth;
  std::optional<uint64_t> queue;
  std::optional<zab::Duration> rto_max;
  std::optional<zab::Duration> break_after;
  std::optional<sim::LinkBreaks> breaks;  // The key `break`.
};
struct DiskChange {
  std::optional<Distribution> read;
  std::optional<Distribution> write;
  std::optional<Distribution> fsync;
  std::optional<sim::OnCrash> on_crash;
  std::optional<int64_t> throughput;
  std::optional<uint64_t> capacity;
};

/// Replaces the members of the profile that are set in the change.
void Apply(const LinkChange& change, LinkProfile& profile);
void Apply(const DiskChange& change, DiskProfile& profile);

/// Two zones, in alphabetical order; both directions between them.
using ZonePair = std::pair<std::string, std::string>;

/// One direction between two nodes: a profile (nullopt: that of their zones, or the default) and
/// changes to it.
struct Link {
  NodeId from;
  NodeId to;
  std::optional<std::string> profile;
  LinkChange change;
};

/// What servers take time for, as numbers of sim::MachineProfile::work.
enum class ServerWork : sim::WorkNumber { kStep, kRequest, kMessage, kRoleChange };

/// Built-in server profiles.  kInstant: nothing takes time.  kJvmLoopback: three ZooKeeper 3.8.0 on
/// one machine (tests/apache/calibration.py).
enum class ServerTiming : uint8_t { kInstant, kJvmLoopback };
sim::MachineProfile ProfileOf(ServerTiming timing);

/// Keys of a server's profile that are set; the others stay as they are.
struct ServerChange {
  std::optional<ServerTiming> profile;  // Replaces all others first.
  absl::btree_map<zab::TaskName, Distribution> hand_over;
  std::optional<Distribution> step;
  std::optional<Distribution> request;
  std::optional<Distribution> message;
  std::optional<Distribution> role_change;
  std::optional<Distribution> start;
  std::optional<Distribution> reset;
  friend bool operator==(const ServerChange&, const ServerChange&) = default;
};
void Apply(const ServerChange& change, sim::MachineProfile& profile);

/// The key `server`.
struct Servers {
  ServerChange base;  // The key `default`.
  absl::btree_map<zab::ServerId, ServerChange> servers;
  friend bool operator==(const Servers&, const Servers&) = default;
};

/// Unresolved, since `run.vary` may change inherited values; use Scenario::LinkOf and ::DiskOf.
struct Network {
  std::variant<LinkProfile, std::string> base;  // The key `default`.
  absl::btree_map<std::string, LinkProfile> profiles;
  absl::btree_map<ZonePair, std::string> zones;  // To the name of a profile.
  std::vector<Link> links;                       // Each direction at most once.
  absl::btree_map<NodeId, sim::NodeBandwidth> nodes;
};

/// The clocks of one server.
struct ServerClock {
  struct Step {
    zab::Time at;
    zab::Duration by;
  };
  int32_t drift_ppm = 0;
  zab::Duration offset;     // Of the wall clock, at the start.
  std::vector<Step> steps;  // The key `step`.
};

struct Disks {
  DiskProfile base;   // The key `default`.
  bool atlas = true;  // In `default`.
  absl::btree_map<zab::ServerId, DiskChange> servers;
};

}  // namespace scenario
