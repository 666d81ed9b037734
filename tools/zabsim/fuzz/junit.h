// JUnit XML, which CI systems read.
#pragma once

#include <string>

#include "tools/zabsim/fuzz/fuzz_report.h"

namespace zabsim {

/// A suite for each file, with a case for its runs and one for each failure; one for the corpus,
/// with a case for each of its files; and one for what was never reached.
std::string JUnitXml(const CampaignView& view);

}  // namespace zabsim
