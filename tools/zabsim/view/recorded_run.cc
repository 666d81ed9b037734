// Records are held in memory: about 120 bytes each.
#include "tools/zabsim/view/recorded_run.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/load.h"
#include "scenarios/runner/result.h"
#include "scenarios/runner/run.h"
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

absl::StatusOr<RecordedRun> RunOfScenario(const std::string& path, const std::string& seed) {
  const auto document = scenario::Document::Load(path);
  if (!document.ok()) return document.status();
  RecordedRun run{.digest = document->digest(), .seed = document->scenario().run.seeds[0]};
  if (!seed.empty()) {
    const absl::StatusOr<uint64_t> parsed = SeedOption(seed);
    if (!parsed.ok()) return parsed.status();
    run.seed = *parsed;
  }
  auto scenario = document->Instantiate(run.seed);
  if (!scenario.ok()) return scenario.status();
  run.scenario = *std::move(scenario);
  const auto keep = [&run](const sim::Record& record) { run.records.push_back(record); };
  const scenario::RunResult result = scenario::RunOnce(run.scenario, run.seed, {.sink = keep});
  run.result = ToJson(result, run.scenario, run.digest, std::nullopt);
  return run;
}

}  // namespace

absl::StatusOr<RecordedRun> LoadRun(const std::string& path, const std::string& seed) {
  if (!IsTrace(path)) return RunOfScenario(path, seed);
  if (seed.empty()) return RunOfTrace(path);
  return absl::InvalidArgumentError(
      absl::StrCat("--seed: ", path, " is a trace, and says its seed itself"));
}

}  // namespace zabsim
