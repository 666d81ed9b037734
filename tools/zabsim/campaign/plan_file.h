// campaign.json: what a campaign is made of.  Its workers read it, its resumption must agree with
// it, and shards of one campaign are recognised by it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/search/strategy.h"

namespace zabsim {

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
  uint64_t shard = 1, shards = 1;  // Its runs: index % shards == shard - 1.

  /// The index of its n-th run, from 0.
  uint64_t RunAt(uint64_t n) const { return n * shards + shard - 1; }
};

std::string ToText(const CampaignPlan& plan);
/// kInvalidArgument if the file cannot be read or is none.
absl::StatusOr<CampaignPlan> ReadPlan(const std::string& path);
/// Whether both are parts of the same campaign, shards aside.
bool IsSameCampaign(const CampaignPlan& a, const CampaignPlan& b);

/// Loads a file, with the plan's overrides, and makes it one of the plan's.
absl::Status AddFile(const std::string& path, CampaignPlan& plan,
                     std::vector<scenario::Document>& documents);

/// The documents of its files.  kInvalidArgument: one is not what it was when the plan was made.
absl::StatusOr<std::vector<scenario::Document>> LoadFiles(const CampaignPlan& plan);

}  // namespace zabsim
