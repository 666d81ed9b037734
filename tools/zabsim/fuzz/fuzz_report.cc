// The same facts for a terminal, a page, and annotations.
#include "tools/zabsim/fuzz/fuzz_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "scenarios/runner/verdict/judge.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/words.h"

namespace zabsim {
namespace {

constexpr size_t kMostAnnotations = 10;  // GitHub shows no more of one step.

std::string Percent(uint64_t millionths) {
  return absl::StrFormat("%d.%02d %%", millionths / 10'000, millionths % 10'000 / 100);
}

std::string CurveText(const scenario::Coverage& coverage) {
  std::vector<std::string> points;
  for (const auto& [runs, states] : coverage.curve()) {
    points.push_back(absl::StrCat(Grouped(runs), ": ", Grouped(states)));
  }
  return absl::StrJoin(points, ", ");
}

std::string CoverageText(const CampaignView& view) {
  const scenario::Coverage& coverage = view.progress.coverage();
  std::string text = absl::StrCat("states: ", coverage.keeps_all() ? "" : "about ",
                                  Grouped(coverage.state_count()), " abstract ones in ",
                                  Grouped(coverage.runs()), " runs (one in ", scenario::kOneStateIn,
                                  " is counted); ", Percent(coverage.UnseenMillionths()),
                                  " of what the next run sees is new (Good-Turing)\n");
  absl::StrAppend(&text, "  by runs: ", CurveText(coverage), "\n");
  absl::StrAppend(&text,
                  "  encounters of role, phase, message and reason: ", coverage.encounters().size(),
                  "\n");
  absl::StrAppend(&text, "  probes never reached: ", absl::StrJoin(coverage.UnseenProbes(), ", "),
                  "\n");
  absl::StrAppend(&text, "  reasons never seen: ", absl::StrJoin(coverage.UnseenReasons(), ", "),
                  "\n");
  return text;
}

std::string StrategyTable(const CampaignView& view) {
  std::string text = absl::StrFormat("%-12s%12s%12s%10s%10s%12s\n", "strategy", "runs",
                                     "new states", "failed", "CPU s", "runs/CPU s");
  for (int i = 0; i < scenario::kStrategyCount; ++i) {
    const StrategyTally& tally = view.progress.strategies()[static_cast<size_t>(i)];
    if (tally.runs == 0) continue;
    const uint64_t milliseconds = std::max(tally.cpu_nanoseconds / 1'000'000, uint64_t{1});
    absl::StrAppendFormat(&text, "%-12s%12s%12s%10s%10s%12s\n",
                          Name(static_cast<scenario::Strategy>(i)), Grouped(tally.runs),
                          Grouped(tally.new_states), Grouped(tally.failures),
                          Grouped(milliseconds / 1000), Grouped(tally.runs * 1000 / milliseconds));
  }
  return text;
}

}  // namespace

std::vector<const Finding*> InOrder(const Findings& findings) {
  std::vector<const Finding*> list;
  for (const auto& [signature, finding] : findings.all()) list.push_back(&finding);
  std::ranges::sort(list, {}, [](const Finding* finding) {
    return std::pair(finding->failure.run, absl::string_view(finding->failure.signature));
  });
  return list;
}

const char* ConfirmedText(const Finding& finding) {
  if (finding.IsComparison()) return "by comparison with a fresh process";
  switch (finding.confirmation) {
    case Confirmation::kNotYet: return "not confirmed yet";
    case Confirmation::kTwice: return "confirmed twice";
    case Confirmation::kNo: return "NOT confirmed: in a fresh process the result was different";
  }
  return "";
}

std::string SmallText(const CampaignView& view, const Finding& finding) {
  if (!finding.small) return "";
  if (!finding.HasSmallCase()) return absl::StrCat("not minimised: ", finding.small->trouble);
  const SmallCase& small = *finding.small;
  return absl::StrCat(view.findings.SmallFile(finding.failure.signature), ": ", small.servers,
                      " servers, ", small.faults, " faults, ", small.operations, " operations\n",
                      small.story.en);
}

std::vector<std::string> Vacuities(const CampaignView& view) {
  if (view.progress.runs() == 0) return {"no run was made"};
  std::vector<std::string> lines;
  const uint64_t judged = view.progress.coverage().runs();  // Others had no end.
  uint64_t own_seeds = 0;
  bool wants_faults = false;
  for (size_t i = 0; i < view.documents.size(); ++i) {
    const scenario::Scenario& scenario = view.documents[i].scenario();
    const FileTally& tally = view.progress.files()[i];
    own_seeds += scenario.run.seeds.size();
    wants_faults |= !scenario.nemesis.empty();
    if (tally.runs < scenario.run.seeds.size() || judged == 0) continue;
    for (size_t k = 0; k < tally.sometimes.size(); ++k) {
      if (tally.sometimes[k] > 0) continue;
      lines.push_back(absl::StrCat(view.plan.files[i].path, ": sometimes ",
                                   Describe(scenario.expect.sometimes[k], scenario),
                                   ": in none of ", Grouped(tally.runs), " runs"));
    }
    for (const std::string& line : ActionsWithoutEffect(scenario, tally.actions)) {
      lines.push_back(absl::StrCat(view.plan.files[i].path, ": ", line));
    }
  }
  if (judged < own_seeds) return lines;
  if (wants_faults && view.progress.faults() == 0) lines.push_back("no fault took effect");
  for (const std::string& probe : view.progress.coverage().MissingProbes()) {
    if (probe == scenario::kCanaryProbe) continue;
    lines.push_back(absl::StrCat("probe ", probe, ": in none of ", Grouped(judged), " runs"));
  }
  return lines;
}

std::vector<std::string> StaleLines(const CampaignView& view) {
  std::vector<std::string> lines;
  for (const CorpusFile& file : view.corpus) {
    if (!file.stale) continue;
    lines.push_back(absl::StrCat(file.path, ": its choice log has another version of the streams ",
                                 "than ", zab::kStreamsVersion, "; it ran by its seed alone"));
  }
  return lines;
}

int ExitCodeOf(const CampaignView& view) {
  // Probes that no run can hit are not missed.
  const std::vector<std::string> missing = view.progress.coverage().MissingProbes();
  int code = std::ranges::find(missing, scenario::kCanaryProbe) == missing.end() ? kExitOwnBug : 0;
  for (const auto& [signature, finding] : view.findings.all()) {
    code = scenario::WorseExitCode(code, finding.ExitCode());
  }
  if (!Vacuities(view).empty()) {
    code = scenario::WorseExitCode(code, ExitCodeOf(scenario::RunVerdict::kVacuous));
  }
  return code;
}

std::string ReproducingCommand(const CampaignView& view, const Finding& finding) {
  const std::string folder = view.findings.FolderOf(finding.failure.signature);
  const char* command = finding.IsComparison() ? "zabsim selfcheck " : "zabsim replay ";
  return absl::StrCat(command, Shell(finding.IsComparison() ? folder + "/scenario.json" : folder),
                      view.plan.peer.empty() ? "" : " --peer=", view.plan.peer);
}

std::string SummaryText(const CampaignView& view) {
  std::string text = absl::StrCat("\n", StrategyTable(view), "\n", CoverageText(view),
                                  "faults that took effect: ", Grouped(view.progress.faults()),
                                  "; runs repeated in a fresh process, with the same result: ",
                                  Grouped(view.progress.audits()), "\n");
  for (const std::string& line : Vacuities(view)) absl::StrAppend(&text, "VACUOUS: ", line, "\n");
  for (const std::string& line : StaleLines(view)) absl::StrAppend(&text, "stale: ", line, "\n");
  for (const Finding* finding : InOrder(view.findings)) {
    absl::StrAppend(&text, "\n", finding->failure.signature, "\n  ", finding->failure.first, "\n  ",
                    Grouped(finding->runs), " runs, first run ", finding->failure.run, " (",
                    finding->failure.strategy, ", seed ", finding->failure.seed, "), ",
                    ConfirmedText(*finding), "\n");
    absl::StrAppend(&text, "  reproduce: ", ReproducingCommand(view, *finding), "\n");
    const std::string small = SmallText(view, *finding);
    if (!small.empty()) {
      absl::StrAppend(&text, "  ", absl::StrReplaceAll(small, {{"\n", "\n  "}}), "\n");
    }
  }
  absl::StrAppend(&text, "\n", Grouped(view.progress.runs()), " runs, ", view.findings.all().size(),
                  " distinct failures\n");
  return text;
}

std::string SummaryMarkdown(const CampaignView& view) {
  std::string text = absl::StrCat("# zabsim fuzz: ", Grouped(view.progress.runs()), " runs, ",
                                  view.findings.all().size(), " distinct failures\n\n");
  if (!view.findings.all().empty()) text += "| failure | runs | reproduce |\n|---|---|---|\n";
  for (const Finding* finding : InOrder(view.findings)) {
    const auto cell = [](absl::string_view words) {
      return absl::StrReplaceAll(words, {{"|", "\\|"}, {"\n", " "}});
    };
    absl::StrAppend(&text, "| **", cell(finding->failure.signature),
                    "**: ", cell(finding->failure.first), " | ", Grouped(finding->runs), " | `",
                    cell(ReproducingCommand(view, *finding)), "` |\n");
  }
  for (const Finding* finding : InOrder(view.findings)) {
    const std::string small = SmallText(view, *finding);
    if (!small.empty()) absl::StrAppend(&text, "\n", small, "\n");
  }
  for (const std::string& line : Vacuities(view)) {
    absl::StrAppend(&text, "\n**Vacuous:** ", line, "\n");
  }
  for (const std::string& line : StaleLines(view)) {
    absl::StrAppend(&text, "\n**Stale:** ", line, "\n");
  }
  absl::StrAppend(&text, "\n```\n", StrategyTable(view), "\n", CoverageText(view), "```\n");
  return text;
}

std::string GithubAnnotations(const CampaignView& view) {
  const auto escaped = [](absl::string_view text) {
    return absl::StrReplaceAll(text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}});
  };
  std::string text;
  size_t shown = 0;
  for (const Finding* finding : InOrder(view.findings)) {
    // The last one is kept for the number of those left out.
    if (shown + 1 == kMostAnnotations && view.findings.all().size() > kMostAnnotations) break;
    absl::StrAppend(&text, "::error file=", escaped(finding->failure.file), ",title=zabsim::",
                    escaped(absl::StrCat(finding->failure.signature, ": ", finding->failure.first,
                                         "\nreproduce: ", ReproducingCommand(view, *finding))),
                    "\n");
    ++shown;
  }
  if (shown < view.findings.all().size()) {
    absl::StrAppend(&text, "::error title=zabsim::", shown, " of ", view.findings.all().size(),
                    " distinct failures shown; all are in the summary\n");
  }
  return text;
}

}  // namespace zabsim
