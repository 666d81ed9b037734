// What the files of a campaign ask for under `run`.  The command line comes before it.
#pragma once

#include "absl/status/statusor.h"
#include "tools/zabsim/campaign/plan_file.h"

namespace zabsim {

/// `run` of the files that have a wish, key by key; of `seeds` only whether they are of a commit.
/// kInvalidArgument if two files have different ones: then the option has to say.
absl::StatusOr<scenario::Run> FileSettingsOf(const CampaignPlan& plan,
                                             const std::vector<scenario::Document>& documents);

}  // namespace zabsim
