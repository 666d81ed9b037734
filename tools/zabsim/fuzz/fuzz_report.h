// What a campaign has come to, for people and for pages that CI systems show.
#pragma once

#include <string>
#include <vector>

#include "tools/zabsim/campaign/corpus.h"
#include "tools/zabsim/campaign/findings.h"
#include "tools/zabsim/campaign/plan_file.h"
#include "tools/zabsim/campaign/progress.h"

namespace zabsim {

/// All that is known of a campaign, under way, over, or merged from shards.
struct CampaignView {
  const CampaignPlan& plan;
  const std::vector<scenario::Document>& documents;
  const Progress& progress;
  const Findings& findings;
  const std::vector<CorpusFile>& corpus;
};

/// By the lowest run.
std::vector<const Finding*> InOrder(const Findings& findings);
/// Whether alone, in a fresh process, the finding was had again.
const char* ConfirmedText(const Finding& finding);
/// What is left of it and the story.  Empty if nobody tried, or not yet.
std::string SmallText(const CampaignView& view, const Finding& finding);

/// What was never seen though it must be: `sometimes` of a file that has had as many runs as it has
/// seeds, and probes that every campaign must hit.  One line each.
std::vector<std::string> Vacuities(const CampaignView& view);

/// Corpus files that ran, but perhaps not as what they were recorded as.  One line each.
std::vector<std::string> StaleLines(const CampaignView& view);

/// The exit code of the campaign.
int ExitCodeOf(const CampaignView& view);

/// One line to see it again.
std::string AgainLine(const CampaignView& view, const Finding& finding);

/// The table at the end: strategies, coverage, what was missed, findings.
std::string SummaryText(const CampaignView& view);
/// The same in Markdown.
std::string SummaryMarkdown(const CampaignView& view);
/// GitHub's annotations, at most ten, and what was left out.
std::string GithubAnnotations(const CampaignView& view);

}  // namespace zabsim
