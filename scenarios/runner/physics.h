// What a scenario may say about links and disks: the simulator's own profiles, and changes to them.
#pragma once

#include <optional>

#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "sim/disk.h"
#include "sim/distribution.h"
#include "sim/network.h"
#include "sim/node_id.h"

namespace scenario {

using sim::DiskProfile;
using sim::Distribution;
using sim::LinkProfile;

/// Keys of a profile that are set; the others stay as they are.
struct LinkChange {
  std::optional<Distribution> latency;
  std::optional<zab::Ratio> loss;
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

/// The profile with the keys that are set exchanged.
void Apply(const LinkChange& change, LinkProfile& profile);
void Apply(const DiskChange& change, DiskProfile& profile);

}  // namespace scenario
