// Records are held in memory: about 120 bytes each.
#include "tools/zabsim/view/recorded_run.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/load.h"
#include "scenarios/runner/result.h"
#include "scenarios/runner/run.h"
#include "tools/zabsim/bug_option.h"
#include "tools/zabsim/seed_option.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {
namespace {

absl::StatusOr<RecordedRun> RunOfTrace(const std::string& path) {
  const auto trace = TraceInput::Open(path);
  if (!trace.ok()) return trace.status();
  TraceInput& input = **trace;
  RecordedRun run{
      .scenario = input.scenario(), .digest = input.header().digest, .seed = input.header().seed};
  for (;;) {
    const auto record = input.Next();
    if (!record.ok()) return record.status();
    if (!*record) break;
    run.records.push_back(**record);
  }
  run.result = input.end().result;
  return run;
}

/// Null: none.
absl::StatusOr<const scenario::BugEntry*> BugOf(const scenario::Scenario& scenario,
                                                const std::string& choice) {
  if (choice == "none") return nullptr;
  if (!choice.empty()) return BugNamed("--bug", choice);
  return scenario.known_bug ? scenario::FindBug(scenario.known_bug->id) : nullptr;
}

absl::StatusOr<RecordedRun> RunOfScenario(const std::string& path, const RunChoice& choice) {
  const auto document = scenario::Document::Load(path);
  if (!document.ok()) return document.status();
  RecordedRun run{.digest = document->digest(), .seed = document->scenario().run.seeds[0]};
  if (!choice.seed.empty()) {
    const absl::StatusOr<uint64_t> parsed = SeedOption(choice.seed);
    if (!parsed.ok()) return parsed.status();
    run.seed = *parsed;
  }
  auto scenario = document->Instantiate(run.seed);
  if (!scenario.ok()) return scenario.status();
  run.scenario = *std::move(scenario);
  const auto bug = BugOf(run.scenario, choice.bug);
  if (!bug.ok()) return bug.status();
  scenario::RunOptions options{
      .sink = [&run](const sim::Record& record) { run.records.push_back(record); }};
  if (*bug != nullptr) options.bug = scenario::BugIn(run.scenario, **bug);
  const scenario::RunResult result = scenario::RunOnce(run.scenario, run.seed, options);
  run.result = ToJson(result, run.scenario, run.digest, std::nullopt);
  return run;
}

}  // namespace

absl::StatusOr<RecordedRun> LoadRun(const std::string& path, const RunChoice& choice) {
  if (!IsTrace(path)) return RunOfScenario(path, choice);
  if (choice.seed.empty() && choice.bug.empty()) return RunOfTrace(path);
  return absl::InvalidArgumentError(absl::StrCat(choice.seed.empty() ? "--bug" : "--seed", ": ",
                                                 path,
                                                 " is a trace, and says itself what was run"));
}

}  // namespace zabsim
