// Records are held in memory: about 120 bytes each.
#include "tools/zabsim/view/recorded_run.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/cli/bug_option.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/trace/replay_trace.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

constexpr char kResultOfCutTrace[] = R"({"verdict":"cut","violations":[],"trace_hash":""})";

/// What is on the disks a trace does not say: the run is made once more and, if it is the same,
/// tells.
std::vector<scenario::DiskLook> DisksOf(const TraceInput& trace, const RecordedRun& run) {
  if (!trace.header().peer.empty() || !run.cut.empty()) return {};
  auto options = RunOptionsOf(trace, {});
  if (!options.ok()) return {};
  std::vector<scenario::DiskLook> disks;
  options->disk_sink = [&disks](const scenario::DiskLook& look) { disks.push_back(look); };
  const scenario::RunResult again = scenario::RunOnce(run.scenario, run.seed, *options);
  const auto result = nlohmann::json::parse(run.result, nullptr, /*allow_exceptions=*/false);
  if (!result.is_object()) return {};
  const bool same = result.value("trace_hash", "") == zab::ToString(again.trace_hash);
  return same ? disks : std::vector<scenario::DiskLook>{};
}

absl::StatusOr<RecordedRun> RunOfTrace(const std::string& path) {
  const auto trace = TraceInput::Open(path);
  if (!trace.ok()) return trace.status();
  TraceInput& input = **trace;
  RecordedRun run{.scenario = input.scenario(),
                  .digest = input.header().digest,
                  .seed = input.header().seed,
                  .bug = input.header().bug};
  for (;;) {
    const auto record = input.Next();
    if (!record.ok()) run.cut = std::string(record.status().message());
    if (!record.ok() || !*record) break;
    run.records.push_back(**record);
  }
  run.result = input.end().result;
  if (run.result.empty()) {
    run.result = kResultOfCutTrace;
  } else {
    run.cut.clear();  // Only the host is missing, which is not shown.
  }
  run.disks = DisksOf(input, run);
  return run;
}

/// Null: none.
absl::StatusOr<const scenario::BugEntry*> BugOf(const scenario::Scenario& scenario,
                                                const std::string& choice) {
  if (choice == "none") return nullptr;
  if (!choice.empty()) return BugNamed("--bug", choice);
  return scenario.known_bug ? scenario::FindBug(scenario.known_bug->id) : nullptr;
}

/// `found`: it is a finding, judged as fuzz judged it: by what was violated, not by what its bug
/// should have shown.
absl::StatusOr<RecordedRun> RunOfScenario(const std::string& path, const RunChoice& choice,
                                          bool found) {
  const auto document = scenario::Document::Load(path);
  if (!document.ok()) return document.status();
  const absl::StatusOr<uint64_t> one_seed = OneSeed(choice.seed, document->scenario().run.seeds);
  if (!one_seed.ok()) return one_seed.status();
  RecordedRun run{.digest = document->digest(), .seed = *one_seed};
  auto scenario = document->Instantiate(run.seed);
  if (!scenario.ok()) return scenario.status();
  run.scenario = *std::move(scenario);
  scenario::RunOptions options{
      .sink = [&run](const scenario::Record& record) { run.records.push_back(record); },
      .disk_sink = [&run](const scenario::DiskLook& look) { run.disks.push_back(look); }};
  if (found) {
    options.servers = WithBugOf(run.scenario, {});
    if (run.scenario.known_bug) run.bug = run.scenario.known_bug->id;
  } else {
    const auto bug = BugOf(run.scenario, choice.bug);
    if (!bug.ok()) return bug.status();
    if (*bug != nullptr) {
      options.bug = scenario::BugIn(run.scenario, **bug);
      run.bug = std::string((*bug)->id);
    }
  }
  const scenario::RunResult result = scenario::RunOnce(run.scenario, run.seed, options);
  run.result = ToJson(result, run.scenario, run.digest, std::nullopt);
  return run;
}

/// A folder of findings: the minimised case and its trace, if there are any; else the run as found.
absl::StatusOr<RecordedRun> RunOfFinding(const std::string& folder, bool whole) {
  const auto has = [&folder](const char* name) { return fs::exists(folder + name); };
  if (!whole && has("/minimal.trace")) return RunOfTrace(folder + "/minimal.trace");
  if (!whole && has("/minimal.json"))
    return RunOfScenario(folder + "/minimal.json", {}, /*found=*/true);
  if (has("/scenario.json")) return RunOfScenario(folder + "/scenario.json", {}, /*found=*/true);
  return absl::InvalidArgumentError(
      absl::StrCat(folder,
                   ": has no scenario.json; wanted a folder of DIR/findings, as zabsim fuzz "
                   "--out=DIR makes them, or a file"));
}

}  // namespace

void RecordedRun::Apply(const scenario::Record& record, scenario::ClusterState& state) const {
  state.OnRecord(record);
  for (auto look = std::ranges::lower_bound(disks, record.id, {}, &scenario::DiskLook::record);
       look != disks.end() && look->record == record.id; ++look) {
    state.FindOnDisk(look->server, look->last);
  }
}

absl::StatusOr<RecordedRun> LoadRun(const std::string& path, const RunChoice& choice) {
  const bool is_finding = fs::is_directory(path);
  const bool is_trace = !is_finding && IsTrace(path);
  const bool chosen = !choice.seed.empty() || !choice.bug.empty();
  if (chosen && (is_finding || is_trace)) {
    return absl::InvalidArgumentError(absl::StrCat(choice.seed.empty() ? "--bug" : "--seed", ": ",
                                                   path, is_trace ? " is a trace" : " is a finding",
                                                   ", and says itself what was run"));
  }
  if (is_finding) return RunOfFinding(path, choice.whole);
  return is_trace ? RunOfTrace(path) : RunOfScenario(path, choice, /*found=*/false);
}

}  // namespace zabsim
