// One file, so that the runs that are done and their coverage always agree.
#include "tools/zabsim/campaign/progress.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scenarios/runner/verdict/judge.h"

namespace zabsim {
namespace {

constexpr char kProgressFormat[] = "zabsim-progress/2";

Json CoverageJson(const scenario::Coverage& coverage) {
  const scenario::Coverage::Kept kept = coverage.Keep();
  Json json;
  json["runs"] = kept.runs;
  json["events"] = kept.events;
  json["observations"] = kept.observations;
  json["halvings"] = kept.halvings;
  json["probes"] = ProbesJson(kept.probes);
  json["curve"] = kept.curve;
  Json& states = json["states"] = Json::array();
  for (const auto& [fingerprint, state] : kept.states) {
    states.push_back(
        {absl::StrFormat("%x", fingerprint), state.first_run, state.depth, state.runs});
  }
  Json& encounters = json["encounters"] = Json::array();
  for (const auto& [encounter, seen] : kept.encounters) {
    encounters.push_back({Pack(encounter), seen.first_run, seen.runs});
  }
  return json;
}

scenario::Coverage CoverageFrom(const Json& json) {
  scenario::Coverage::Kept kept;
  kept.runs = json.at("runs");
  kept.events = json.at("events");
  kept.observations = json.at("observations");
  kept.halvings = json.at("halvings");
  kept.probes = ProbesFrom(json.at("probes"));
  kept.curve = json.at("curve").get<decltype(kept.curve)>();
  for (const Json& state : json.at("states")) {
    kept.states.push_back({FromHex(state.at(0)), {state.at(1), state.at(2), state.at(3)}});
  }
  for (const Json& seen : json.at("encounters")) {
    kept.encounters.push_back({Unpack(seen.at(0)), {seen.at(1), seen.at(2)}});
  }
  return scenario::Coverage::From(kept);
}

}  // namespace

void Progress::Add(uint64_t n, const scenario::PlannedRun& run, const RunReport& report) {
  done_.Add(n);
  StrategyTally& strategy = strategies_[static_cast<size_t>(run.strategy)];
  ++strategy.runs;
  strategy.cpu_nanoseconds += report.cpu_nanoseconds;
  strategy.new_states += coverage_.Add(run.index, report.explored);
  if (report.explored.verdict != scenario::RunVerdict::kHeld) ++strategy.failures;
  faults_ += report.explored.faults;
  FileTally& file = files_[run.file];
  ++file.runs;
  file.cpu_nanoseconds += report.cpu_nanoseconds;
  file.sometimes.resize(report.explored.sometimes.size());
  for (size_t i = 0; i < file.sometimes.size(); ++i) {
    file.sometimes[i] += report.explored.sometimes[i] ? 1 : 0;
  }
  scenario::AddActions(report.explored.actions, file.actions);
}

void Progress::AddEnded(uint64_t n, const scenario::PlannedRun& run) {
  done_.Add(n);
  StrategyTally& strategy = strategies_[static_cast<size_t>(run.strategy)];
  ++strategy.runs;
  ++strategy.failures;
  ++files_[run.file].runs;
}

void Progress::AddShard(const Progress& other) {
  faults_ += other.faults_;
  audits_ += other.audits_;
  coverage_.Merge(other.coverage_);
  for (size_t i = 0; i < strategies_.size(); ++i) {
    strategies_[i].runs += other.strategies_[i].runs;
    strategies_[i].new_states += other.strategies_[i].new_states;
    strategies_[i].failures += other.strategies_[i].failures;
    strategies_[i].cpu_nanoseconds += other.strategies_[i].cpu_nanoseconds;
  }
  for (size_t i = 0; i < files_.size(); ++i) {
    files_[i].runs += other.files_[i].runs;
    files_[i].cpu_nanoseconds += other.files_[i].cpu_nanoseconds;
    files_[i].sometimes.resize(
        std::max(files_[i].sometimes.size(), other.files_[i].sometimes.size()));
    for (size_t k = 0; k < other.files_[i].sometimes.size(); ++k) {
      files_[i].sometimes[k] += other.files_[i].sometimes[k];
    }
    scenario::AddActions(other.files_[i].actions, files_[i].actions);
  }
}

uint64_t Progress::runs() const {
  uint64_t runs = 0;
  for (const StrategyTally& strategy : strategies_) runs += strategy.runs;
  return runs;
}

Json Progress::ToJson() const {
  Json json;
  json["done"] = done_.intervals();
  json["complete"] = complete_;
  json["faults"] = faults_;
  json["audits"] = audits_;
  Json& strategies = json["strategies"] = Json::array();
  for (const StrategyTally& tally : strategies_) {
    strategies.push_back({tally.runs, tally.new_states, tally.failures, tally.cpu_nanoseconds});
  }
  Json& files = json["files"] = Json::array();
  for (const FileTally& tally : files_) {
    files.push_back({{"runs", tally.runs},
                     {"cpu_nanoseconds", tally.cpu_nanoseconds},
                     {"sometimes", tally.sometimes},
                     {"actions", ActionsJson(tally.actions)}});
  }
  json["coverage"] = CoverageJson(coverage_);
  return json;
}

Progress Progress::From(const Json& json, size_t files) {
  Progress progress(files);
  for (const RunInterval& runs : json.at("done").get<std::vector<RunInterval>>()) {
    progress.done_.Add(runs);
  }
  progress.complete_ = json.at("complete");
  progress.faults_ = json.at("faults");
  progress.audits_ = json.at("audits");
  for (size_t i = 0; i < progress.strategies_.size(); ++i) {
    const Json& tally = json.at("strategies").at(i);
    progress.strategies_[i] = {tally.at(0), tally.at(1), tally.at(2), tally.at(3)};
  }
  for (size_t i = 0; i < files; ++i) {
    const Json& tally = json.at("files").at(i);
    progress.files_[i] = {tally.at("runs"), tally.at("cpu_nanoseconds"),
                          tally.at("sometimes").get<std::vector<uint64_t>>(),
                          ActionsFrom(tally.at("actions"))};
  }
  progress.coverage_ = CoverageFrom(json.at("coverage"));
  return progress;
}

std::string ToText(const ShardsProgress& shards) {
  Json json;
  json["format"] = kProgressFormat;
  for (const auto& [shard, progress] : shards) {
    json["shards"][absl::StrCat(shard)] = progress.ToJson();
  }
  return json.dump() + "\n";
}

absl::StatusOr<ShardsProgress> ParseProgress(absl::string_view text, size_t files) {
  try {
    const Json json = Json::parse(text);
    if (json.value("format", "") != kProgressFormat) {
      return absl::DataLossError(absl::StrCat("is of another format, wanted ", kProgressFormat));
    }
    ShardsProgress shards;
    for (const auto& [name, progress] : json.at("shards").items()) {
      uint64_t shard = 0;
      if (!absl::SimpleAtoi(name, &shard)) {
        return absl::DataLossError(absl::StrCat("\"", name, "\" is the number of no shard"));
      }
      shards.insert({shard, Progress::From(progress, files)});
    }
    return shards;
  } catch (const Json::exception& error) {
    return absl::DataLossError(absl::StrCat("progress cannot be read: ", error.what()));
  }
}

void MergeShards(const ShardsProgress& from, ShardsProgress& into) {
  // Which counts of two states of a shard; of two that did the same, whichever, but always that
  // one.
  const auto rank = [](const Progress& progress) {
    return std::tuple(progress.done().size(), progress.complete(), progress.ToJson().dump());
  };
  for (const auto& [shard, theirs] : from) {
    const auto [ours, is_new] = into.insert({shard, theirs});
    if (!is_new && rank(ours->second) < rank(theirs)) ours->second = theirs;
  }
}

Progress SumOf(const ShardsProgress& shards, size_t files) {
  Progress sum(files);
  for (const auto& [shard, progress] : shards) sum.AddShard(progress);
  return sum;
}

}  // namespace zabsim
