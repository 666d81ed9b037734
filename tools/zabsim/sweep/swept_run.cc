// The result is the one of `zabsim run`, without host.
#include "tools/zabsim/sweep/swept_run.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/measure/metrics.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string BeginOf(const SweepRun& run) {
  return absl::StrCat("{\"cell\":", run.cell, ",\"repeat\":", run.repeat, ",");
}

void TakeResult(const OrderedJson& result, SweptRun& into) {
  into.seed = result.at("seed");
  into.verdict = result.at("verdict");
  if (into.verdict == "violated" || into.verdict == "unknown") into.excluded = into.verdict;
  if (result.contains("bug")) into.shows_bug = result.at("bug").at("shown").get<bool>();
  into.events = result.at("events");
  into.virtual_time = result.at("virtual_time");
  into.trace_hash = result.at("trace_hash");
  into.leader_clients = result.at("leader_clients").size();
  const OrderedJson& metrics = result.at("metrics");
  for (size_t i = 0; i < into.metrics.size(); ++i) {
    const auto found = metrics.find(std::string(scenario::AllMetrics()[i].name));
    if (found != metrics.end()) into.metrics[i] = found->get<uint64_t>();
  }
}

}  // namespace

int SweptRun::ExitCode() const {
  if (verdict == kEndedVerdict) return kExitOwnBug;
  for (int i = 0; i < scenario::kRunVerdictCount; ++i) {
    const auto known = static_cast<scenario::RunVerdict>(i);
    if (Name(known) == verdict) return ExitCodeOf(known);
  }
  return kExitOwnBug;
}

std::string LineOf(const SweepRun& run, const scenario::RunResult& result,
                   const scenario::Scenario& scenario, absl::string_view digest) {
  return absl::StrCat(BeginOf(run),
                      "\"result\":", scenario::ToJson(result, scenario, digest, std::nullopt), "}");
}

std::string LineOfEnd(const SweepRun& run, absl::string_view how) {
  return absl::StrCat(BeginOf(run), "\"ended\":", OrderedJson(std::string(how)).dump(), "}");
}

absl::StatusOr<SweptRun> ParseSweptRun(absl::string_view line, const SweepManifest& manifest) {
  try {
    const OrderedJson json = OrderedJson::parse(line);
    SweptRun run{.run = {.cell = json.at("cell"), .repeat = json.at("repeat")}};
    if (run.run.cell >= manifest.cells.size() || run.run.repeat >= manifest.sweep().MostRepeats()) {
      return absl::DataLossError("names a cell or a repeat that the sweep does not have");
    }
    run.metrics.resize(scenario::AllMetrics().size());
    if (json.contains("result")) {
      TakeResult(json.at("result"), run);
    } else {
      run.seed = absl::StrCat(manifest.seeds()[run.run.repeat]);
      run.how = json.at("ended");
      run.verdict = run.excluded = kEndedVerdict;
    }
    return run;
  } catch (const OrderedJson::exception& error) {
    return absl::DataLossError(absl::StrCat("is no run of a sweep: ", error.what()));
  }
}

}  // namespace zabsim
