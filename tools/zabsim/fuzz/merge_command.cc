// zabsim merge DIR...: joins what shards of one campaign have found and covered, and says what is
// missing.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/engines/engine_manifest.h"
#include "tools/zabsim/fuzz/commands.h"
#include "tools/zabsim/fuzz/merged_findings.h"
#include "tools/zabsim/fuzz/outcome.h"
#include "tools/zabsim/fuzz/reports_option.h"
#include "tools/zabsim/sweep/merge_sweeps.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

struct MergeOptions {
  std::vector<std::string> folders;
  std::string out;
  bool partial = false;
  ReportOptions reports;
};

/// A shard, or several that were merged before.
struct Part {
  std::string folder;
  CampaignPlan plan;
  ShardsProgress shards;
};

/// Of a folder of `zabsim campaign`, those of its shards that somebody has begun.
absl::StatusOr<std::vector<std::string>> ShardFolders(const std::string& folder) {
  const auto manifest = ReadEngineManifest(folder);
  if (!manifest.ok()) return manifest.status();
  std::vector<std::string> folders;
  for (uint64_t shard = 1; shard <= manifest->shards; ++shard) {
    const std::string of_shard = absl::StrCat(folder, "/", EngineManifest::FolderOf(shard));
    std::error_code error;
    // Of zabsim fuzz, and of zabsim sweep.
    const bool begun = fs::exists(of_shard + "/campaign.json", error) ||
                       fs::exists(of_shard + "/manifest.json", error);
    if (begun) folders.push_back(of_shard);
  }
  if (!folders.empty()) return folders;
  return absl::InvalidArgumentError(absl::StrCat(folder, ": nobody has begun with a shard"));
}

/// A folder of `zabsim campaign` stands for its shards and, without --out, for its whole.  Its
/// files have paths inside it.
absl::Status ResolveFolders(MergeOptions& options) {
  if (options.folders.size() != 1 || !IsEngineFolder(options.folders[0])) {
    if (!options.out.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("--out: wanted a folder for the whole");
  }
  const std::string folder = fs::absolute(options.folders[0]).lexically_normal().string();
  const auto shards = ShardFolders(folder);
  if (!shards.ok()) return shards.status();
  if (options.out.empty()) options.out = folder + "/whole";
  for (std::string* path : {&options.out, &options.reports.junit, &options.reports.summary}) {
    if (!path->empty()) *path = fs::absolute(*path).string();
  }
  options.folders = *shards;
  std::error_code error;
  fs::current_path(folder, error);
  if (!error) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(folder, ": ", error.message()));
}

absl::StatusOr<Part> ReadPart(const std::string& folder) {
  const auto plan = ReadPlan(folder + "/campaign.json");
  if (!plan.ok()) return plan.status();
  const std::string path = folder + "/progress.json";
  std::error_code error;
  if (!fs::exists(path, error)) return Part{folder, *plan, {}};  // Killed in its first seconds.
  const auto text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  auto shards = ParseProgress(*text, plan->files.size());
  if (!shards.ok()) {
    return absl::DataLossError(absl::StrCat(path, ": ", shards.status().message()));
  }
  return Part{folder, *plan, *std::move(shards)};
}

/// What --out has from an earlier merge is one of the parts.
absl::StatusOr<std::vector<Part>> ReadParts(const MergeOptions& options) {
  std::vector<std::string> folders = options.folders;
  std::error_code error;
  if (fs::exists(options.out + "/campaign.json", error)) folders.push_back(options.out);
  std::vector<Part> parts;
  for (const std::string& folder : folders) {
    auto part = ReadPart(folder);
    if (!part.ok()) return part.status();
    const CampaignPlan& plan = parts.empty() ? part->plan : parts.front().plan;
    if (!IsSameCampaign(plan, part->plan)) {
      return absl::InvalidArgumentError(
          absl::StrCat(folder, ": is no shard of the campaign of ", parts.front().folder,
                       " (its files, --seed, --set, --strategy or number of shards differ)"));
    }
    if (folder == options.out && part->plan.shard != 0) {
      return absl::InvalidArgumentError(absl::StrCat(folder, ": is the folder of shard ",
                                                     part->plan.shard,
                                                     "; --out needs one for the whole"));
    }
    parts.push_back(*std::move(part));
  }
  return parts;
}

std::string RunsText(const RunInterval& runs) {
  if (runs.second - runs.first == 1) return absl::StrCat("run ", Grouped(runs.first));
  return absl::StrCat("runs ", Grouped(runs.first), " to ", Grouped(runs.second - 1));
}

/// What was planned and is not there; empty: nothing.
std::string MissingOf(const CampaignPlan& plan, uint64_t shard, const ShardsProgress& shards) {
  const auto found = shards.find(shard);
  if (found == shards.end()) return "is missing";
  const RunSet& done = found->second.done();
  const std::string has = absl::StrCat("has ", Grouped(done.size()), " runs");
  if (plan.planned.runs) {
    const uint64_t wanted = plan.RunsOf(shard, *plan.planned.runs);
    const std::vector<RunInterval> missing = done.MissingBelow(wanted);
    if (missing.empty()) return "";
    return absl::StrCat(has, " of ", Grouped(wanted), ": ", RunsText(missing.front()),
                        missing.size() > 1 ? " and others" : "", " of it are missing");
  }
  return found->second.complete() ? "" : has + ", and was stopped before its time was up";
}

/// One line for each shard of which something is missing.
std::vector<std::string> MissingLines(const CampaignPlan& plan, const ShardsProgress& shards) {
  std::vector<std::string> lines;
  for (uint64_t shard = 1; shard <= plan.shards; ++shard) {
    const std::string missing = MissingOf(plan, shard, shards);
    if (missing.empty()) continue;
    lines.push_back(absl::StrCat("shard ", shard, " of ", plan.shards, " ", missing));
  }
  return lines;
}

int Merge(MergeOptions options) {
  if (const absl::Status status = ResolveFolders(options); !status.ok()) return Fail(status);
  FolderLock lock;
  if (const absl::Status status = lock.Take(options.out); !status.ok()) return Fail(status);
  if (IsSweep(options.folders.front())) {
    return MergeSweeps(options.folders, options.out, options.partial);
  }
  auto parts = ReadParts(options);
  if (!parts.ok()) return Fail(parts.status());
  CampaignPlan plan = parts->front().plan;
  plan.shard = 0;
  ShardsProgress shards;
  std::vector<std::string> folders;
  for (const Part& part : *parts) {
    plan.planned.Merge(part.plan.planned);
    MergeShards(part.shards, shards);
    folders.push_back(part.folder);
  }
  const auto documents = LoadFiles(plan);
  if (!documents.ok()) return Fail(documents.status());
  absl::Status status = MergeFindings(folders, options.out);
  if (status.ok()) status = ReplaceFile(options.out + "/campaign.json", ToText(plan));
  if (status.ok()) status = ReplaceFile(options.out + "/progress.json", ToText(shards));
  Findings findings;
  if (status.ok()) status = findings.Read(options.out);
  if (!status.ok()) return Fail(status);

  const Progress progress = SumOf(shards, plan.files.size());
  const CampaignView view{plan, *documents, progress, findings, {}};
  status = ReplaceFile(options.out + "/outcome.json", OutcomeText(view));
  if (!status.ok()) return Fail(status);
  const int code = WriteReports(options.reports, view, false);
  const std::vector<std::string> missing = MissingLines(plan, shards);
  for (const std::string& line : missing) std::cout << "MISSING: " << line << "\n";
  if (missing.empty() || options.partial) return code;
  return scenario::WorseExitCode(code, ExitCodeOf(scenario::RunVerdict::kUnknown));
}

}  // namespace

Command MergeCommand() {
  const auto options = std::make_shared<MergeOptions>();
  Command command{"merge", "Join the shards of a campaign of zabsim fuzz, or of a zabsim sweep"};
  command.examples = {
      "zabsim merge shard1 shard2 --out=whole --junit=junit.xml",
      "zabsim merge shard1 --out=whole --partial",
      "zabsim merge DIR",
  };
  command
      .Add("DIR", &options->folders, "Their --out folders, merged ones, or that of zabsim campaign")
      .Required();
  command.Add(
      "--out", &options->out,
      "A folder for the whole; what it has from an earlier merge stays (of zabsim campaign: "
      "DIR/whole)");
  command.Add("--partial", &options->partial,
              "Work that was planned and is not there may be missing");
  AddReports(command, options->reports);
  command.run = [options] { return Merge(*options); };
  return command;
}

}  // namespace zabsim
