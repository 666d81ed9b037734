// zabsim run FILE...: reads and checks all files, runs them, and reports the results.
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/verdict/judge.h"
#include "tools/zabsim/cli/bug_option.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/report.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/run/commands.h"
#include "tools/zabsim/run/tables_folder.h"
#include "tools/zabsim/trace/run_files.h"

namespace zabsim {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string seed, seeds;
  std::vector<std::string> overrides;
  bool keep_going = false;
  std::string bug;
  std::string result, metrics;
  RunPaths files_of_run;
  bool quiet = false;
  std::string color = "auto", language = "en", peer;
};

struct Job {
  std::string file;
  scenario::Document document;
  scenario::Seeds seeds;
  const scenario::BugEntry* bug = nullptr;  // Switched on; null: none.
};

constexpr char kNoBug[] = "none";

/// The bugs with which a file is run, one after the other: none and that of its story, or what
/// --bug says.
absl::StatusOr<std::vector<const scenario::BugEntry*>> BugsOf(const Options& options,
                                                              const scenario::Scenario& file) {
  std::vector<const scenario::BugEntry*> bugs;
  if (options.bug.empty()) {
    bugs.push_back(nullptr);
    if (file.known_bug) bugs.push_back(scenario::FindBug(file.known_bug->id));
  } else if (options.bug == kNoBug) {
    bugs.push_back(nullptr);
  } else {
    const auto bug = BugNamed("--bug", options.bug);
    if (!bug.ok()) return bug.status();
    bugs.push_back(*bug);
  }
  return bugs;
}

/// `seeds` are the file's.
absl::Status SeedsOf(const Options& options, scenario::Seeds& seeds) {
  if (!options.seed.empty()) {
    const absl::StatusOr<uint64_t> seed = SeedOption(options.seed);
    if (!seed.ok()) return seed.status();
    seeds = {.from = *seed, .count = 1};
    return absl::OkStatus();
  }
  const absl::StatusOr<scenario::Seeds> chosen =
      options.seeds.empty() ? ResolveSeeds(seeds) : SeedsOption(options.seeds);
  if (chosen.ok()) seeds = *chosen;
  return chosen.status();
}

/// Everything is read and checked before anything runs.
absl::Status ReadJobs(const Options& options, std::vector<Job>& jobs) {
  std::string problems;
  for (const std::string& argument : options.files) {
    const std::string file = ScenarioPath(argument);
    auto document = scenario::Document::Load(file, options.overrides);
    if (!document.ok()) {
      absl::StrAppend(&problems, problems.empty() ? "" : "\n",
                      std::string(document.status().message()));
      continue;
    }
    scenario::Seeds seeds = document->scenario().run.seeds;
    if (absl::Status status = SeedsOf(options, seeds); !status.ok()) return status;
    const auto bugs = BugsOf(options, document->scenario());
    if (!bugs.ok()) return bugs.status();
    for (const scenario::BugEntry* bug : *bugs) jobs.push_back({file, *document, seeds, bug});
  }
  if (!problems.empty()) return absl::InvalidArgumentError(problems);
  if (!options.metrics.empty() && jobs.size() > options.files.size()) {
    return absl::InvalidArgumentError(
        "--metrics: a story of a known bug is run with and without it, which its rows would not "
        "tell; choose with --bug=ID or --bug=none");
  }
  const bool one_run = jobs.size() == 1 && jobs[0].seeds.size() == 1;
  if (!one_run && !(options.files_of_run.trace.empty() && options.files_of_run.choices.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.files_of_run.trace.empty() ? "--choices" : "--trace",
                     " needs one file and one seed; choose the seed with --seed=N, and of a "
                     "story that is run with and without its bug one with --bug=ID or --bug=none"));
  }
  return absl::OkStatus();
}

/// Why no further seed of the file is run; empty if another is.
std::string WhyEnough(const scenario::Run& run, const Stopwatch& watch, uint64_t failures) {
  if (run.fail_fast && failures >= *run.fail_fast) {
    return absl::StrCat(failures, " have failed, which is run.fail_fast");
  }
  if (!run.budget) return "";
  const scenario::HostInfo host = watch.Host(0);
  const auto spent = [](const std::optional<zab::Duration>& budget, uint64_t nanoseconds) {
    return budget && nanoseconds >= static_cast<uint64_t>(budget->nanoseconds);
  };
  if (spent(run.budget->wall, host.wall_nanoseconds)) return "run.budget.wall is used up";
  return spent(run.budget->cpu, host.cpu_nanoseconds) ? "run.budget.cpu is used up" : "";
}

/// Runs the jobs one after the other.
class Runner {
 public:
  Runner(const Options& options, scenario::ServerFactory servers, Report& report,
         std::ostream* results, TablesFolder& tables)
      : options_(options),
        servers_(std::move(servers)),
        report_(report),
        results_(results),
        tables_(tables) {}

  int RunAll(const std::vector<Job>& jobs) {
    uint64_t total = 0;
    for (const Job& job : jobs) total += job.seeds.size();
    const bool only_one = options_.files.size() == 1 && jobs[0].seeds.size() == 1;
    report_.Begin(total, only_one);
    int code = 0;
    for (const Job& job : jobs) {
      code = scenario::WorseExitCode(code, RunJob(job, only_one));
      if (failed_) return WorseCode(code, *failed_);
      if (Interrupted()) return kExitInterrupted;
    }
    return code;
  }

 private:
  int RunJob(const Job& job, bool only_one) {
    const scenario::Scenario& file = job.document.scenario();
    const bool one_of_many = job.seeds.size() == 1 && file.run.seeds.size() > 1;
    scenario::Judge judge(file, /*together=*/!one_of_many);
    const Stopwatch watch;
    uint64_t failures = 0, judged = 0;
    for (uint64_t i = 0; i < job.seeds.size() && !Interrupted() && !failed_; ++i) {
      const std::string enough = WhyEnough(file.run, watch, failures);
      if (!enough.empty()) {
        judge.LeaveOut(job.seeds.size() - i, enough);
        break;
      }
      const std::optional<scenario::RunResult> result = RunSeed(job, job.seeds[i], only_one);
      if (result && !result->interrupted) judge.Add(*result), ++judged;
      if (result && result->verdict != scenario::RunVerdict::kHeld) ++failures;
    }
    if (Interrupted() && judged < job.seeds.size()) {
      judge.LeaveOut(job.seeds.size() - judged, "interrupted");
    }
    const scenario::RunSummary summary = judge.Finish();
    if (results_ != nullptr && job.seeds.size() > 1) {
      *results_ << scenario::ToJson(summary, file, job.document.digest(),
                                    watch.Host(summary.events))
                << "\n"
                << std::flush;
    }
    report_.Summary(job.file, file, summary, job.seeds.size() > 1, one_of_many);
    return scenario::ExitCodeOf(summary.verdict);
  }

  std::optional<scenario::RunResult> RunSeed(const Job& job, uint64_t seed, bool only_one) {
    const Stopwatch watch;
    RunFiles files(options_.files_of_run, job.document, seed);
    const auto scenario = job.document.Instantiate({seed, files.draws()});
    if (!scenario.ok()) return GiveUp(scenario.status());
    const std::string bug = job.bug == nullptr ? "" : std::string(job.bug->id);
    const RunManner manner{
        .keep_going = options_.keep_going || job.bug != nullptr, .bug = bug, .peer = options_.peer};
    if (const absl::Status status = files.Open(manner); !status.ok()) return GiveUp(status);
    scenario::RunOptions run{
        .keep_going = options_.keep_going, .servers = servers_, .draws = files.draws()};
    if (job.bug != nullptr) run.bug = scenario::BugIn(*scenario, *job.bug);
    report_.BeginRun(*scenario, run.bug);
    if (files.wants_records() || (only_one && !options_.quiet)) {
      run.sink = [&](const scenario::Record& record) {
        files.OnRecord(record);
        if (only_one) report_.OnRecord(record);
      };
    }
    if (tables_.is_open()) {
      run.rows = [&](scenario::Table table, const scenario::Cells& cells) {
        tables_.Add(*scenario, seed, table, cells);
      };
    }
    run.progress = [&](const sim::World& world) { report_.OnProgress(world.now()); };
    run.stop = StopWishOfProcess;
    scenario::RunResult result = scenario::RunOnce(*scenario, seed, run);
    const scenario::HostInfo host = watch.Host(result.events);
    if (results_ != nullptr) {
      *results_ << scenario::ToJson(result, *scenario, job.document.digest(), host) << "\n"
                << std::flush;
    }
    if (tables_.is_open()) tables_.AddRun(*scenario, job.document.digest(), result);
    report_.Run(job.file, *scenario, result, host, options_.overrides);
    const absl::Status closed = files.Close(result, *scenario, host);
    if (!closed.ok()) GiveUp(closed);
    return result;
  }

  std::nullopt_t GiveUp(const absl::Status& status) {
    failed_ = Fail(status);
    return std::nullopt;
  }

  const Options& options_;
  scenario::ServerFactory servers_;
  Report& report_;
  std::ostream* results_;      // null: none wanted.
  TablesFolder& tables_;       // Not open: none wanted.
  std::optional<int> failed_;  // The exit code of what went wrong outside.
};

int Run(const Options& options, const Peers& peers) {
  const absl::StatusOr<scenario::ServerFactory> servers = FindPeer(peers, options.peer);
  if (!servers.ok()) return Fail(servers.status());
  std::vector<Job> jobs;
  if (const absl::Status status = ReadJobs(options, jobs); !status.ok()) return Fail(status);
  std::ofstream file;
  std::ostream* results = nullptr;
  if (options.result == "-") results = &std::cout;
  if (!options.result.empty() && options.result != "-") {
    file.open(options.result, std::ios::trunc);
    if (!file) {
      return Fail(absl::InvalidArgumentError(absl::StrCat(
          options.result, ": cannot be written; --result needs a file in a folder that exists")));
    }
    results = &file;
  }
  // If results go to standard output, messages for people go to standard error.
  std::ostream& people = results == &std::cout ? std::cerr : std::cout;
  Report report(people, LanguageOf(options.language), ColorWanted(options.color, people),
                options.quiet);
  TablesFolder tables;
  if (!options.metrics.empty()) {
    if (const absl::Status status = tables.Open(options.metrics); !status.ok()) return Fail(status);
  }
  CatchInterrupts();
  int code = Runner(options, *servers, report, results, tables).RunAll(jobs);
  if (tables.is_open()) {
    if (const absl::Status status = tables.Close(); !status.ok()) {
      code = WorseCode(code, Fail(status));
    }
  }
  if (results != nullptr && !*results) {
    return WorseCode(code, Fail(absl::ResourceExhaustedError(
                               absl::StrCat(options.result,
                                            ": the results could not be written to their end "
                                            "(the storage has failed)"))));
  }
  return code;
}

}  // namespace

Command RunCommand(const Peers& peers) {
  const auto options = std::make_shared<Options>();
  Command command{"run", "Run scenarios and judge them"};
  command.examples = {
      "zabsim run leader-crash",
      "zabsim run my.json --seeds=1..100 --quiet --result=results.ndjson",
      "zabsim run my.json --seeds=1,5,9 --set=/end/virtual=20s --set=/end/quiet=null",
      "zabsim run - < my.json",
  };
  command
      .Add("FILE", &options->files, "Scenario files, ids of shipped ones, or - for standard input")
      .Required();
  command.Add("--seed", &options->seed, "Run this seed only");
  command.Add("--seeds", &options->seeds, "A..B, or a list A,B,C: run these seeds")
      .Excludes("--seed");
  AddOverrides(command, options->overrides);
  command.Add("--keep-going", &options->keep_going,
              "Record the first violation of each invariant and run on");
  command.Add("--bug", &options->bug,
              "Switch this known bug on in all servers; none: a story without its bug");
  command.Add("--result", &options->result, "Write results here as JSON lines; - is stdout");
  command.Add("--metrics", &options->metrics,
              "Write what was measured into this folder, as CSV: runs, writes, reads, elections, "
              "recoveries, outages, traffic, faults");
  command.Add("--trace", &options->files_of_run.trace, "Write the trace of the one run here");
  command.Add("--choices", &options->files_of_run.choices, "Write what the one run draws here");
  command.Add("--quiet", &options->quiet, "Show failures only");
  command.Add("--color", &options->color, "auto, always or never")
      .OneOf({"auto", "always", "never"})
      .ShowDefault();
  AddLanguage(command, options->language);
  AddPeer(command, options->peer, peers);
  command.run = [options, &peers] { return Run(*options, peers); };
  return command;
}

}  // namespace zabsim
