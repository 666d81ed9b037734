// Compares record by record during the run: only the two that differ are kept.
#include "tools/zabsim/trace/replay_trace.h"

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/run/run.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/trace/difference.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {
namespace {

/// Compares a run with a trace until they differ or the trace ends or cannot be read.
class TraceCheck {
 public:
  explicit TraceCheck(TraceInput& trace)
      : trace_(trace),
        comparison_({trace.path(), &trace.scenario()}, {"this run", &trace.scenario()}) {}

  /// None: the run has ended.
  void Add(const std::optional<scenario::Record>& record) {
    if (!status_.ok() || !comparison_.same()) return;
    const auto written = trace_.Next();
    if (!written.ok()) {
      status_ = written.status();
      return;
    }
    comparison_.Add(*written, record);
  }
  const absl::Status& status() const { return status_; }
  const TraceComparison& comparison() const { return comparison_; }

 private:
  TraceInput& trace_;
  TraceComparison comparison_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<scenario::RunOptions> RunOptionsOf(const TraceInput& trace,
                                                  const scenario::ServerFactory& servers) {
  const scenario::TraceHeader& header = trace.header();
  scenario::RunOptions options{.keep_going = header.keep_going, .servers = servers};
  if (header.bug.empty()) return options;
  const scenario::BugEntry* bug = scenario::FindBug(header.bug);
  if (bug == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(trace.path(), ": was made with the bug \"", header.bug,
                     "\", which this zabsim does not know", scenario::NearestBug(header.bug)));
  }
  if (header.keep_going) {
    options.bug = scenario::BugIn(trace.scenario(), *bug);
  } else {
    options.servers = scenario::WithBug(*bug, servers);
  }
  return options;
}

int ReplayTrace(const std::string& path, Language language, bool quiet, const Peers& peers) {
  const auto trace = TraceInput::Open(path);
  if (!trace.ok()) return Fail(trace.status());
  TraceInput& input = **trace;
  if (const absl::Status status = input.CheckDigest(); !status.ok()) return Fail(status);
  const auto servers = FindPeer(peers, input.header().peer);
  if (!servers.ok()) {
    return Fail(absl::InvalidArgumentError(absl::StrCat(
        path, ": was made with the servers \"", input.header().peer,
        "\", and this zabsim has none of that name; use the one that wrote the trace")));
  }
  absl::StatusOr<scenario::RunOptions> options = RunOptionsOf(input, *servers);
  if (!options.ok()) return Fail(options.status());
  Timeline timeline(input.scenario(), language, false, input.header().bug);
  TraceCheck check(input);
  options->sink = [&](const scenario::Record& record) {
    check.Add(record);
    if (quiet) return;
    if (const auto line = timeline.Line(record)) std::cout << *line << "\n";
  };
  const scenario::RunResult result =
      scenario::RunOnce(input.scenario(), input.header().seed, *options);
  check.Add(std::nullopt);

  const bool zh = language == Language::kChinese;
  const TraceComparison& comparison = check.comparison();
  std::cout << path << (zh ? "：" : ": ") << VerdictWord(result, language)
            << (zh ? "，轨迹哈希 " : ", trace hash ") << ToString(result.trace_hash) << "\n";
  if (!comparison.same()) {
    std::cout << comparison.Text(language);
    return ExitCodeOf(scenario::RunVerdict::kNotDeterministic);
  }
  std::cout << (zh ? "与轨迹相同：" : "as in the trace: ") << Grouped(comparison.count())
            << (zh ? " 条记录\n" : " records\n");
  if (!check.status().ok()) return Fail(check.status());
  return ExitCodeOf(result.verdict);
}

}  // namespace zabsim
