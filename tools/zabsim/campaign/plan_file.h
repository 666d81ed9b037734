// campaign.json: what a campaign is made of.  Its workers read it, a resumed campaign must agree
// with it, and it identifies the shards of one campaign.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/search/strategy.h"

namespace zabsim {

/// How much is to be done in all; nothing given: until somebody ends it.
struct Planned {
  std::optional<uint64_t> runs;              // Of all shards together.
  std::optional<std::chrono::seconds> time;  // Of each session of each shard.
  std::optional<zab::Duration> cpu;          // Of each session of each shard.

  /// What both want: the larger of each.
  void Merge(const Planned& other);
};

struct CampaignPlan {
  struct File {
    std::string path;
    std::string digest;
  };
  std::vector<File> files;
  std::vector<std::string> overrides;  // --set.
  std::string peer;                    // Empty: the real one.
  uint64_t root_seed = 0;
  scenario::StrategyMix mix = scenario::kDefaultMix;
  uint64_t shard = 1, shards = 1;  // Its runs: index % shards == shard - 1.  Shard 0: merged ones.
  Planned planned;

  /// The index of its n-th run, from 0.
  uint64_t RunAt(uint64_t n) const { return n * shards + shard - 1; }
  /// How many of the first `runs` of the campaign are those of a shard.
  uint64_t RunsOf(uint64_t of_shard, uint64_t runs) const {
    return (runs + shards - of_shard) / shards;
  }
};

std::string ToText(const CampaignPlan& plan);
/// kInvalidArgument if the file cannot be read or is none.
absl::StatusOr<CampaignPlan> ReadPlan(const std::string& path);
/// Whether both are parts of the same campaign: which shard, and how much of it, aside.
bool IsSameCampaign(const CampaignPlan& a, const CampaignPlan& b);

/// Loads a file, with the plan's overrides, and adds it to the plan.
absl::Status AddFile(const std::string& path, CampaignPlan& plan,
                     std::vector<scenario::Document>& documents);

/// The documents of its files.  kInvalidArgument: one has changed since the plan was made.
absl::StatusOr<std::vector<scenario::Document>> LoadFiles(const CampaignPlan& plan);

}  // namespace zabsim
