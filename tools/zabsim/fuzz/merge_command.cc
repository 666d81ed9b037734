// zabsim merge DIR...: joins what shards of one campaign have found and covered.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/fuzz/commands.h"
#include "tools/zabsim/fuzz/reports_option.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

struct MergeOptions {
  std::vector<std::string> folders;
  std::string out;
  ReportOptions reports;
};

struct Part {
  std::string folder;
  CampaignPlan plan;
  Progress progress{0};
};

absl::StatusOr<Part> ReadPart(const std::string& folder) {
  const auto plan = ReadPlan(folder + "/campaign.json");
  if (!plan.ok()) return plan.status();
  const auto text = ReadWholeFile(folder + "/progress.json");
  if (!text.ok()) return text.status();
  auto progress = Progress::Parse(*text, plan->files.size());
  if (!progress.ok()) return progress.status();
  return Part{folder, *plan, *std::move(progress)};
}

absl::StatusOr<std::vector<Part>> ReadParts(const std::vector<std::string>& folders) {
  std::vector<Part> parts;
  for (const std::string& folder : folders) {
    auto part = ReadPart(folder);
    if (!part.ok()) return part.status();
    for (const Part& other : parts) {
      if (!IsSameCampaign(other.plan, part->plan)) {
        return absl::InvalidArgumentError(
            absl::StrCat(folder, ": is no shard of the campaign of ", other.folder,
                         " (its files, --seed, --set, --strategy or number of shards differ)"));
      }
      if (other.plan.shard == part->plan.shard) {
        return absl::InvalidArgumentError(absl::StrCat(folder, ": is shard ", other.plan.shard,
                                                       ", as ", other.folder, " is already"));
      }
    }
    parts.push_back(*std::move(part));
  }
  return parts;
}

/// The lines and the folders of the findings of `from`.
absl::Status AddFindings(const std::string& from, Findings& into) {
  Findings theirs;
  if (absl::Status status = theirs.Open(from); !status.ok()) return status;
  for (const Failure& failure : theirs.failures()) {
    const Finding& finding = theirs.all().at(failure.signature);
    const auto is_new = into.Add(failure, finding.ends_process);
    if (!is_new.ok()) return is_new.status();
    if (!*is_new) continue;
    Finding& ours = into.Get(failure.signature);
    ours.confirmation = finding.confirmation;
    ours.small = finding.small;
    std::error_code error;
    fs::create_directories(into.FolderOf(failure.signature), error);
    fs::copy(theirs.FolderOf(failure.signature), into.FolderOf(failure.signature),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing, error);
    if (error) {
      return absl::InvalidArgumentError(absl::StrCat(theirs.FolderOf(failure.signature),
                                                     ": cannot be copied: ", error.message()));
    }
  }
  for (const auto& [signature, finding] : into.all()) {
    if (absl::Status status = into.Save(signature); !status.ok()) return status;
  }
  return absl::OkStatus();
}

int Merge(const MergeOptions& options) {
  auto parts = ReadParts(options.folders);
  if (!parts.ok()) return Fail(parts.status());
  if (fs::exists(options.out + "/findings.ndjson")) {
    return Fail(absl::InvalidArgumentError(
        absl::StrCat(options.out, ": holds findings already; --out needs a new folder")));
  }
  std::error_code error;
  fs::create_directories(options.out, error);
  Progress progress = parts->front().progress;
  for (size_t i = 1; i < parts->size(); ++i) progress.Merge((*parts)[i].progress);
  Findings findings;
  absl::Status status = findings.Open(options.out);
  for (const Part& part : *parts)
    status.Update(status.ok() ? AddFindings(part.folder, findings) : status);
  const CampaignPlan& plan = parts->front().plan;
  status.Update(ReplaceFile(options.out + "/progress.json", progress.ToText()));
  status.Update(ReplaceFile(options.out + "/campaign.json", ToText(plan)));
  if (!status.ok()) return Fail(status);
  const auto documents = LoadFiles(plan);
  if (!documents.ok()) return Fail(documents.status());
  return WriteReports(options.reports, {plan, *documents, progress, findings, {}}, false);
}

}  // namespace

Command MergeCommand() {
  const auto options = std::make_shared<MergeOptions>();
  Command command{"merge", "Join the shards of a campaign of zabsim fuzz"};
  command.Add("DIR", &options->folders, "Their --out folders").Required();
  command.Add("--out", &options->out, "A new folder for the whole").Required();
  AddReports(command, options->reports);
  command.run = [options] { return Merge(*options); };
  return command;
}

}  // namespace zabsim
