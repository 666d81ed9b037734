// Which reports, and where.
#include "tools/zabsim/fuzz/reports_option.h"

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/fuzz/junit.h"

namespace zabsim {

void AddReports(Command& command, ReportOptions& options) {
  command.Add("--junit", &options.junit, "Write JUnit XML here");
  command.Add("--summary", &options.summary, "Write a summary in Markdown here");
}

int WriteReports(const ReportOptions& options, const CampaignView& view, bool quiet) {
  if (!quiet || !view.findings.all().empty()) std::cout << SummaryText(view) << std::flush;
  if (std::getenv("GITHUB_ACTIONS") != nullptr) std::cout << GithubAnnotations(view) << std::flush;
  if (const char* step = std::getenv("GITHUB_STEP_SUMMARY"); step != nullptr) {
    std::ofstream(step, std::ios::app) << SummaryMarkdown(view);
  }
  const auto write = [](const std::string& path, const std::string& text) {
    return path.empty() ? absl::OkStatus() : ReplaceFile(path, text);
  };
  absl::Status status = write(options.junit, JUnitXml(view));
  status.Update(write(options.summary, SummaryMarkdown(view)));
  return status.ok() ? ExitCodeOf(view) : WorseCode(ExitCodeOf(view), Fail(status));
}

}  // namespace zabsim
