// The reports of a campaign that CI systems read, for zabsim fuzz and zabsim merge.
#pragma once

#include <string>

#include "tools/zabsim/cli/options.h"
#include "tools/zabsim/fuzz/fuzz_report.h"

namespace zabsim {

struct ReportOptions {
  std::string junit;
  std::string summary;
};

void AddReports(Command& command, ReportOptions& options);

/// Prints the table, writes the files that were asked for and, on GitHub, annotations.  The exit
/// code of the campaign.
int WriteReports(const ReportOptions& options, const CampaignView& view, bool quiet);

}  // namespace zabsim
