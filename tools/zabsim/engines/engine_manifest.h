// A campaign or a sweep that is spread over an engine: a folder that all machines see, or a copy of
// it on each.  The folder holds
//   manifest.json  the command, in how many shards, and which build makes them
//   plan.json      what the command says it will do (`--plan`), with the digests of its files
//   scenarios/...  copies of its files, by the paths that the command gives
//   shards/1, ...  what the command writes: its --out for each --shard=i/n
//   leases/        who works on which shard
//   jobs/ENGINE/   job files, as emit writes them
//   whole/         what zabsim merge makes of the shards
// Commands are run inside the folder, so that relative paths mean the same on every machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zabsim {

inline constexpr char kManifestFile[] = "manifest.json";
inline constexpr char kPlanFile[] = "plan.json";

struct EngineManifest {
  /// The words behind "zabsim": the command, its files and options, without --shard and --out.
  std::vector<std::string> command;
  uint64_t shards = 1;
  /// A lease that nobody has renewed for so long is of somebody who has died.
  std::chrono::seconds lease{60};
  std::string version, compiler, commit;  // Of the build that made the folder.

  /// The --out folder of a shard, from 1, relative to the folder.
  static std::string FolderOf(uint64_t shard);
  /// The words behind "zabsim" that make a shard.
  std::vector<std::string> CommandOf(uint64_t shard) const;
};

std::string ToText(const EngineManifest& manifest);
/// Whether a folder is one of these.
bool IsEngineFolder(const std::string& folder);
/// Of that folder.  kInvalidArgument if there is none.
absl::StatusOr<EngineManifest> ReadEngineManifest(const std::string& folder);
/// kInvalidArgument: the runs of this build might be others than those of the folder's.
absl::Status CheckBuild(const EngineManifest& manifest);

}  // namespace zabsim
