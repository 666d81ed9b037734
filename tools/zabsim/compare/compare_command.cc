// zabsim compare A B: whether two sweeps, or two cells, differ.
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/measure/metrics.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/compare/commands.h"
#include "tools/zabsim/compare/comparison_text.h"

namespace zabsim {
namespace {

/// Few: every comparison more makes each of them harder to show.
std::vector<std::string> UsualMetrics() {
  return {"write_latency_p50",
          "write_latency_p99",
          "write_throughput",
          "client_unavailable",
          "election_time_mean",
          "ensemble_unavailable",
          "bytes"};
}

struct CompareOptions {
  std::string a, b;
  std::vector<std::string> metrics;
  std::string csv, language = "en";
};

absl::Status CheckMetrics(const std::vector<std::string>& metrics) {
  const auto all = scenario::AllMetrics();
  for (const std::string& name : metrics) {
    if (std::ranges::find(all, name, &scenario::MetricInfo::name) != all.end()) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "--metric: wanted a metric of scenarios/MEASURING.md, as in write_latency_p99, found \"",
        name, "\""));
  }
  return absl::OkStatus();
}

int RunCompare(const CompareOptions& options) {
  const std::vector<std::string> metrics =
      options.metrics.empty() ? UsualMetrics() : options.metrics;
  if (const absl::Status status = CheckMetrics(metrics); !status.ok()) return Fail(status);
  const auto a = ReadSweepData(options.a);
  if (!a.ok()) return Fail(a.status());
  const auto b = ReadSweepData(options.b);
  if (!b.ok()) return Fail(b.status());
  const auto comparison = Compare(*a, *b, metrics);
  if (!comparison.ok()) return Fail(comparison.status());
  std::cout << InWords(*comparison, LanguageOf(options.language));
  if (options.csv.empty()) return 0;
  const absl::Status written = ReplaceFile(options.csv, InCsv(*comparison));
  return written.ok() ? 0 : Fail(written);
}

}  // namespace

Command CompareCommand() {
  const auto options = std::make_shared<CompareOptions>();
  Command command{"compare", "Say whether two sweeps, or two cells, differ"};
  command.examples = {
      "zabsim compare before after",
      "zabsim compare sweep-out@0 sweep-out@3 --metric=ensemble_unavailable --csv=table.csv",
  };
  command.Add("A", &options->a, "Folder of a sweep, or DIR@CELL").Required();
  command.Add("B", &options->b, "The same, to compare with it").Required();
  command.Add("--metric", &options->metrics,
              absl::StrCat("Compare this metric; may be given several times (",
                           absl::StrJoin(UsualMetrics(), ", "), ")"));
  command.Add("--csv", &options->csv, "Write the comparison as a table here");
  AddLanguage(command, options->language);
  command.run = [options] { return RunCompare(*options); };
  return command;
}

}  // namespace zabsim
