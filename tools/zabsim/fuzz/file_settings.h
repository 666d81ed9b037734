// The settings that the files of a campaign have under `run`.  The command line overrides them.
#pragma once

#include "absl/status/statusor.h"
#include "tools/zabsim/campaign/plan_file.h"

namespace zabsim {

/// The merged settings, key by key; of `seeds` only whether they are of a commit.  kInvalidArgument
/// if two files have different values: then the command line has to decide.
absl::StatusOr<scenario::Run> FileSettingsOf(const CampaignPlan& plan,
                                             const std::vector<scenario::Document>& documents);

}  // namespace zabsim
