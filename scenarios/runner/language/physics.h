// Links, disks and clocks of a scenario: the simulator's profiles, changes to them, and where each
// applies.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/record/record.h"
#include "sim/disk.h"
#include "sim/distribution.h"
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

/// Unresolved, since `run.vary` may change inherited values; use Scenario::LinkOf and ::DiskOf.
struct Network {
  std::variant<LinkProfile, std::string> base;  // The key `default`.
  absl::btree_map<std::string, LinkProfile> profiles;
  absl::btree_map<ZonePair, std::string> zones;  // To the name of a profile.
  std::vector<Link> links;                       // Each direction at most once.
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
