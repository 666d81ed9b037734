// What the shards of a folder have done, whatever the command: all that the engines' part of zabsim
// knows of campaigns and sweeps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "tools/zabsim/engines/engine_manifest.h"

namespace zabsim {

/// What a command is going to do, from plan.json.
struct PlannedWork {
  std::vector<std::string> files;
  std::optional<uint64_t> runs;  // Of all shards; none: as many as its time allows.
};

/// kInvalidArgument if the text is none.
absl::StatusOr<PlannedWork> ParsePlannedWork(const std::string& text);
/// Of a folder's plan.json.
absl::StatusOr<PlannedWork> ReadPlannedWork(const std::string& folder);

struct ShardState {
  uint64_t done = 0;               // Runs.
  std::optional<uint64_t> wanted;  // Of them; none: nobody knows before the end.
  bool complete = false;           // There is nothing left to do.
};

/// The state of a shard in that folder; of one that nobody has begun, no run is done.
absl::StatusOr<ShardState> StateOf(const EngineManifest& manifest, const std::string& folder,
                                   uint64_t shard);

/// The signatures of what was found, with the number of runs that failed so.
using Signatures = absl::btree_map<std::string, uint64_t>;

/// In a folder of a campaign: one of `zabsim campaign`, or the --out of fuzz or merge.
absl::StatusOr<Signatures> SignaturesIn(const std::string& folder);

}  // namespace zabsim
