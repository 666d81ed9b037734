// What a campaign shows to people: a live line, each finding when it is found, and the table at the
// end; and the same for CI systems.
#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "tools/zabsim/fuzz/findings.h"
#include "tools/zabsim/fuzz/plan_file.h"
#include "tools/zabsim/fuzz/progress.h"

namespace zabsim {

/// All that is known of a campaign, under way, over, or merged from shards.
struct CampaignView {
  const CampaignPlan& plan;
  const std::vector<scenario::Document>& documents;
  const Progress& progress;
  const Findings& findings;
};

/// What was never seen though it must be: `sometimes` of a file that has had as many runs as it has
/// seeds, and probes that every campaign must hit.  One line each.
std::vector<std::string> Vacuities(const CampaignView& view);

/// The exit code of the campaign.
int ExitCodeOf(const CampaignView& view);

/// One line to see it again.
std::string AgainLine(const CampaignView& view, const Finding& finding);

/// The table at the end: strategies, coverage, what was missed, findings.
std::string SummaryText(const CampaignView& view);
/// The same in Markdown.
std::string SummaryMarkdown(const CampaignView& view);
/// JUnit XML: a suite for each file, a case for its runs, and one for each failure.
std::string JUnitXml(const CampaignView& view);
/// GitHub's annotations, at most ten, and what was left out.
std::string GithubAnnotations(const CampaignView& view);

}  // namespace zabsim
