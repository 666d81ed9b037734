// The results of a campaign, for people and for pages that CI systems show.
#pragma once

#include <string>
#include <vector>

#include "tools/zabsim/campaign/corpus.h"
#include "tools/zabsim/campaign/findings.h"
#include "tools/zabsim/campaign/plan_file.h"
#include "tools/zabsim/campaign/progress.h"

namespace zabsim {

/// Everything known about a campaign that is running, finished, or merged from shards.
struct CampaignView {
  const CampaignPlan& plan;
  const std::vector<scenario::Document>& documents;
  const Progress& progress;
  const Findings& findings;
  const std::vector<CorpusFile>& corpus;
};

/// Ordered by their first runs.
std::vector<const Finding*> InOrder(const Findings& findings);
/// Whether the finding was reproduced by itself in a fresh process.
const char* ConfirmedText(const Finding& finding);
/// The minimised case and its description.  Empty if it was not minimised, or not yet.
std::string SmallText(const CampaignView& view, const Finding& finding);

/// What must be seen and never was: `sometimes` of a file that has had as many runs as it has
/// seeds, and probes that every campaign must hit.  One line each.
std::vector<std::string> Vacuities(const CampaignView& view);

/// Corpus files whose runs may no longer be those that were recorded.  One line each.
std::vector<std::string> StaleLines(const CampaignView& view);

/// The exit code of the campaign.
int ExitCodeOf(const CampaignView& view);

/// The command that reproduces it, in one line.
std::string ReproducingCommand(const CampaignView& view, const Finding& finding);

/// The table at the end: strategies, coverage, what was missed, findings.
std::string SummaryText(const CampaignView& view);
/// The same in Markdown.
std::string SummaryMarkdown(const CampaignView& view);
/// GitHub's annotations, at most ten, and how many were left out.
std::string GithubAnnotations(const CampaignView& view);

}  // namespace zabsim
