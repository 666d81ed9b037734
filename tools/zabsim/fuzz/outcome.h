// What a campaign has found and covered, without what depends on the machine and on the division.
#pragma once

#include <string>

#include "tools/zabsim/fuzz/fuzz_report.h"

namespace zabsim {

/// JSON.  The same bytes for a campaign in one piece and for its shards, merged, however often they
/// were interrupted.
std::string OutcomeText(const CampaignView& view);

}  // namespace zabsim
