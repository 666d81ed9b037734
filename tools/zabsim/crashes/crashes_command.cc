// zabsim crashes FILE: crashes each server at each point of a run, and reports the results.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/crash_sweep/crash_json.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/report.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/crashes/commands.h"
#include "tools/zabsim/crashes/crashes_report.h"
#include "tools/zabsim/crashes/crashes_work.h"

namespace zabsim {
namespace {

struct CrashesOptions {
  std::string file, seed;
  std::vector<std::string> overrides;
  uint64_t pairs = 0, every = 1;
  unsigned jobs = 0;  // 0: one per processor.
  bool all = false;
  std::optional<uint64_t> point, then;
  std::string kind = "power", then_kind = "power";
  std::string result;
  bool quiet = false;
  std::string language = "en";
};

/// What is swept, and its command line.
struct Sweep {
  SweptFile swept;
  std::string digest;
  SweepSubject subject;
  scenario::CleanRun clean;
};

absl::StatusOr<scenario::SweepCrash> CrashOf(absl::string_view option, const std::string& name) {
  if (const auto crash = scenario::ParseSweepCrash(name)) return *crash;
  return absl::InvalidArgumentError(
      absl::StrCat(option, ": wanted kill, power or reorder:N, found \"", name, "\""));
}

/// The run that --point, --then and their kinds ask for.
absl::StatusOr<scenario::CrashRun> ReadRun(const CrashesOptions& options,
                                           const std::vector<scenario::CrashPoint>& points) {
  if (*options.point < 1 || *options.point > points.size()) {
    return absl::InvalidArgumentError(absl::StrCat("--point: wanted 1 to ", points.size(),
                                                   ", the points of this run, found ",
                                                   *options.point));
  }
  const auto crash = CrashOf("--kind", options.kind);
  if (!crash.ok()) return crash.status();
  scenario::CrashRun run{.event = points[*options.point - 1].event,
                         .orders = {{*options.point, *crash}}};
  if (!options.then) return run;
  if (*options.then <= *options.point) {
    return absl::InvalidArgumentError(absl::StrCat("--then: wanted a number above --point, ",
                                                   *options.point, ", found ", *options.then));
  }
  const auto second = CrashOf("--then-kind", options.then_kind);
  if (!second.ok()) return second.status();
  run.orders.push_back({*options.then, *second});
  return run;
}

absl::StatusOr<Sweep> ReadSweep(const CrashesOptions& options) {
  auto document = scenario::Document::Load(ScenarioPath(options.file), options.overrides);
  if (!document.ok()) return document.status();
  const absl::StatusOr<uint64_t> seed = OneSeed(options.seed, document->scenario().run.seeds);
  if (!seed.ok()) return seed.status();
  const auto instance = document->Instantiate(*seed);
  if (!instance.ok()) return instance.status();
  return Sweep{.swept = {options.file, *seed, options.overrides},
               .digest = document->digest(),
               .subject = {scenario::PrepareSweep(*instance), *seed}};
}

/// Makes the runs and adds them to `judge`.  Returns the outcomes in order, up to the first run
/// that was not made.
std::vector<scenario::CrashOutcome> MakeAndJudge(const CrashesOptions& options, const Sweep& sweep,
                                                 const std::vector<scenario::CrashRun>& runs,
                                                 scenario::SweepJudge& judge,
                                                 CrashesReport& report) {
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  const auto made = MakeRuns(sweep.subject, runs, options.jobs == 0 ? processors : options.jobs,
                             [&](uint64_t done, uint64_t failed) {
                               report.Progress(done, failed, runs.size());
                               return !Interrupted();
                             });
  std::vector<scenario::CrashOutcome> outcomes;
  for (size_t i = 0; i < made.size() && made[i]; ++i) {
    judge.Add(runs[i], *made[i]);
    outcomes.push_back(*made[i]);
  }
  return outcomes;
}

int SweepAll(const CrashesOptions& options, const Sweep& sweep, CrashesReport& report,
             std::ostream* results) {
  scenario::SweepJudge judge(sweep.clean);
  std::vector<scenario::CrashRun> runs =
      PlanSingles(sweep.clean, {.all = options.all, .every = options.every});
  std::vector<scenario::CrashOutcome> outcomes = MakeAndJudge(options, sweep, runs, judge, report);
  if (options.pairs > 0 && !Interrupted()) {
    const std::vector<scenario::CrashRun> pairs =
        DrawPairs(runs, outcomes, sweep.swept.seed, options.pairs);
    for (scenario::CrashOutcome& outcome : MakeAndJudge(options, sweep, pairs, judge, report)) {
      outcomes.push_back(std::move(outcome));
    }
    runs.insert(runs.end(), pairs.begin(), pairs.end());
  }
  scenario::SweepSummary summary = judge.Finish();
  summary.interrupted = Interrupted();
  report.Table(*sweep.subject.scenario, sweep.clean, summary);
  if (summary.worst) {
    report.Run(sweep.swept, *sweep.subject.scenario, sweep.clean, runs[*summary.worst],
               outcomes[*summary.worst], /*reproduce=*/true);
  }
  if (results != nullptr) {
    const auto worst = summary.worst ? std::optional(runs[*summary.worst]) : std::nullopt;
    *results << ToJson(summary, sweep.clean, worst, *sweep.subject.scenario, sweep.digest,
                       sweep.swept.seed)
             << "\n"
             << std::flush;
  }
  return summary.interrupted ? kExitInterrupted : scenario::ExitCodeOf(summary.verdict);
}

/// One run, shown as `zabsim run` shows it.
absl::StatusOr<int> CrashOnce(const CrashesOptions& options, const Sweep& sweep,
                              CrashesReport& report) {
  const absl::StatusOr<scenario::CrashRun> run = ReadRun(options, sweep.clean.points);
  if (!run.ok()) return run.status();
  const scenario::Scenario& scenario = *sweep.subject.scenario;
  Timeline timeline(scenario, LanguageOf(options.language), false);
  const auto tell = [&](const scenario::Record& record) {
    if (options.quiet) return;
    if (const auto line = timeline.Line(record)) std::cout << *line << "\n";
  };
  scenario::CrashBrancher brancher(sweep.subject.scenario, sweep.subject.seed);
  brancher.world().SetSink(scenario::Converting(tell));
  brancher.AdvanceTo(run->event);
  const scenario::CrashOutcome outcome = brancher.Crash(*run, tell);
  report.Run(sweep.swept, scenario, sweep.clean, *run, outcome, /*reproduce=*/false);
  std::cout << scenario.id << ": " << scenario::Name(outcome.verdict) << ", trace hash "
            << ToString(outcome.trace_hash) << "\n";
  return scenario::ExitCodeOf(outcome.verdict);
}

int Crashes(const CrashesOptions& options) {
  absl::StatusOr<Sweep> sweep = ReadSweep(options);
  if (!sweep.ok()) return Fail(sweep.status());
  std::ofstream file;
  if (!options.result.empty() && options.result != "-") {
    file.open(options.result, std::ios::trunc);
    if (!file) {
      return Fail(absl::InvalidArgumentError(absl::StrCat(
          options.result, ": cannot be written; --result needs a file in a folder that exists")));
    }
  }
  std::ostream* results = options.result.empty() ? nullptr : &file;
  if (options.result == "-") results = &std::cout;
  // Where the result goes to standard output, everything for people goes to standard error.
  CrashesReport report(results == &std::cout ? std::cerr : std::cout, LanguageOf(options.language),
                       options.quiet);
  if (!options.point) CatchInterrupts();  // A single run is short, so Ctrl-C may end it at once.
  sweep->clean = FindCrashPoints(sweep->subject.scenario, sweep->subject.seed);
  if (!sweep->clean.violations.empty()) {
    report.Unclean(sweep->swept, sweep->clean);
    return scenario::ExitCodeOf(scenario::RunVerdict::kViolated);
  }
  if (!options.point) {
    const int code = SweepAll(options, *sweep, report, results);
    if (results == nullptr || *results) return code;
    return WorseCode(code, Fail(absl::ResourceExhaustedError(
                               absl::StrCat(options.result,
                                            ": the result could not be written to its end (the "
                                            "storage has failed)"))));
  }
  const absl::StatusOr<int> code = CrashOnce(options, *sweep, report);
  return code.ok() ? *code : Fail(code.status());
}

}  // namespace

Command CrashesCommand() {
  const auto options = std::make_shared<CrashesOptions>();
  Command command{"crashes", "Crash each server at each point of a run, one run each"};
  command.examples = {
      "zabsim crashes scenarios/write-path.json",
      "zabsim crashes scenarios/leader-crash.json --pairs=200",
  };
  command.Add("FILE", &options->file, "Scenario file").Required();
  command.Add("--seed", &options->seed, "The seed of the run (the first of the file)");
  AddOverrides(command, options->overrides);
  command.Add("--pairs", &options->pairs, "Then this many runs with a second crash, of any server");
  command.Add("--jobs", &options->jobs, "Threads (as many as processors)").Within(1, 256);
  command.Add("--all", &options->all, "Include steps that only carry PINGs");
  command.Add("--every", &options->every, "Only each N-th point")
      .Within(1, 1'000'000'000)
      .ShowDefault();
  command.Add("--point", &options->point, "Only the run of this point")
      .Excludes("--pairs")
      .Excludes("--all")
      .Excludes("--every");
  command.Add("--kind", &options->kind, "How that point crashes: kill, power or reorder:N")
      .Needs("--point")
      .ShowDefault();
  command.Add("--then", &options->then, "And the point of a second crash").Needs("--point");
  command.Add("--then-kind", &options->then_kind, "How the second one crashes")
      .Needs("--then")
      .ShowDefault();
  command.Add("--result", &options->result, "Write the result here as JSON; - is stdout")
      .Excludes("--point");
  command.Add("--quiet", &options->quiet, "Show failures only");
  AddLanguage(command, options->language);
  command.run = [options] { return Crashes(*options); };
  return command;
}

}  // namespace zabsim
