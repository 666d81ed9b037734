// Of zabsim fuzz: progress.json and findings.ndjson.  Of zabsim sweep: runs.ndjson, and its tables,
// which are written when nothing is left to do.
#include "tools/zabsim/engines/shard_state.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/campaign/findings.h"
#include "tools/zabsim/campaign/json_parts.h"
#include "tools/zabsim/campaign/plan_file.h"
#include "tools/zabsim/campaign/progress.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

constexpr char kSweepFormat[] = "zabsim-sweep/1";

absl::StatusOr<ShardState> StateOfFuzz(const std::string& folder, uint64_t shard) {
  const auto plan = ReadPlan(absl::StrCat(folder, "/", kPlanFile));
  if (!plan.ok()) return plan.status();
  ShardState state;
  if (plan->planned.runs) state.wanted = plan->RunsOf(shard, *plan->planned.runs);
  const std::string path =
      absl::StrCat(folder, "/", EngineManifest::FolderOf(shard), "/progress.json");
  std::error_code error;
  if (!fs::exists(path, error)) return state;
  const auto text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  const auto shards = ParseProgress(*text, plan->files.size());
  if (!shards.ok()) {
    return absl::DataLossError(absl::StrCat(path, ": ", shards.status().message()));
  }
  const auto ours = shards->find(shard);
  if (ours == shards->end()) return state;
  state.done = ours->second.done().size();
  state.complete = ours->second.complete() && (!state.wanted || state.done >= *state.wanted);
  return state;
}

absl::StatusOr<ShardState> StateOfSweep(const std::string& folder, uint64_t shard,
                                        uint64_t shards) {
  const auto work = ReadPlannedWork(folder);
  if (!work.ok()) return work.status();
  const std::string out = absl::StrCat(folder, "/", EngineManifest::FolderOf(shard));
  ShardState state;
  if (work->runs) state.wanted = (*work->runs + shards - shard) / shards;
  std::error_code error;
  state.complete = fs::exists(out + "/cells.csv", error);
  if (!fs::exists(out + "/runs.ndjson", error)) return state;
  const auto lines = ReadWholeFile(out + "/runs.ndjson");
  if (!lines.ok()) return lines.status();
  state.done = static_cast<uint64_t>(std::ranges::count(*lines, '\n'));
  return state;
}

absl::Status AddSignatures(const std::string& folder, Signatures& signatures) {
  Findings findings;
  if (absl::Status status = findings.Read(folder); !status.ok()) return status;
  for (const auto& [signature, finding] : findings.all()) signatures[signature] += finding.runs;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PlannedWork> ParsePlannedWork(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    PlannedWork work;
    if (json.at("format") == kSweepFormat) {
      work.files.push_back(json.at("file"));
      if (!json.contains("precision")) {
        work.runs = json.at("cells").size() * json.at("repeat").get<uint64_t>();
      }
      return work;
    }
    for (const Json& file : json.at("files")) work.files.push_back(file.at("path"));
    const Json& planned = json.at("planned");
    if (planned.contains("runs")) work.runs = planned.at("runs").get<uint64_t>();
    return work;
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("the plan cannot be read: ", error.what()));
  }
}

absl::StatusOr<PlannedWork> ReadPlannedWork(const std::string& folder) {
  const auto text = ReadWholeFile(absl::StrCat(folder, "/", kPlanFile));
  return text.ok() ? ParsePlannedWork(*text) : text.status();
}

absl::StatusOr<ShardState> StateOf(const EngineManifest& manifest, const std::string& folder,
                                   uint64_t shard) {
  if (manifest.command.front() == "sweep") return StateOfSweep(folder, shard, manifest.shards);
  return StateOfFuzz(folder, shard);
}

absl::StatusOr<Signatures> SignaturesIn(const std::string& folder) {
  Signatures signatures;
  if (!IsEngineFolder(folder)) {
    const absl::Status status = AddSignatures(folder, signatures);
    return status.ok() ? absl::StatusOr<Signatures>(signatures) : status;
  }
  const auto manifest = ReadEngineManifest(folder);
  if (!manifest.ok()) return manifest.status();
  for (uint64_t shard = 1; shard <= manifest->shards; ++shard) {
    const std::string of_shard = absl::StrCat(folder, "/", EngineManifest::FolderOf(shard));
    absl::Status status = AddSignatures(of_shard, signatures);
    if (!status.ok()) return status;
  }
  return signatures;
}

}  // namespace zabsim
