// First the files, then the lines that speak of them.
#include "tools/zabsim/fuzz/merged_findings.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "protocol/base/hash.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/campaign/findings.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

using RunKey = std::pair<uint64_t, std::string>;  // Run and strategy.

/// The findings of a folder, and where its files of a signature lie.
struct Source {
  std::string folder;
  Findings findings;
};

/// Over all files of a finding but finding.json, which counts the runs of its folder.
uint64_t HashOfFiles(const std::string& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::string all;
  for (const fs::path& path : paths) {
    if (path.filename() == "finding.json") continue;
    const absl::StatusOr<std::string> text = ReadWholeFile(path.string());
    absl::StrAppend(&all, path.filename().string(), "\n", text.ok() ? *text : "", "\n");
  }
  return zab::Hash64Of(all);
}

/// What makes the files of one folder better than those of another: an earlier run, a surer
/// finding, a smaller case; among equals one of them, but always that one.
auto RankOf(const Source& source, const Finding& finding) {
  return std::tuple(
      finding.failure.run, finding.failure.strategy, finding.confirmation != Confirmation::kTwice,
      finding.confirmation != Confirmation::kNo, !finding.HasSmallCase(),
      !finding.small.has_value(), HashOfFiles(source.findings.FolderOf(finding.failure.signature)));
}

/// By signature, whose files are taken.
absl::btree_map<std::string, const Source*> Choose(
    const std::vector<std::unique_ptr<Source>>& sources) {
  absl::btree_map<std::string, const Source*> chosen;
  for (const auto& source : sources) {
    for (const auto& [signature, finding] : source->findings.all()) {
      const auto [best, is_new] = chosen.insert({signature, source.get()});
      if (is_new) continue;
      const Finding& other = best->second->findings.all().at(signature);
      if (RankOf(*source, finding) < RankOf(*best->second, other)) best->second = source.get();
    }
  }
  return chosen;
}

std::string LinesOf(const std::vector<std::unique_ptr<Source>>& sources) {
  absl::btree_map<RunKey, std::string> lines;
  for (const auto& source : sources) {
    for (const Failure& failure : source->findings.failures()) {
      const Finding& finding = source->findings.all().at(failure.signature);
      const std::string line = LineOf(failure, finding.ends_process);
      const auto [there, is_new] = lines.insert({{failure.run, failure.strategy}, line});
      if (!is_new) there->second = std::min(there->second, line);
    }
  }
  std::string text;
  for (const auto& [run, line] : lines) absl::StrAppend(&text, line, "\n");
  return text;
}

absl::Status CopyFolder(const std::string& from, const std::string& to) {
  std::error_code error;
  const std::string beside = to + ".tmp";
  fs::remove_all(beside, error);
  fs::create_directories(beside, error);
  if (!error && fs::exists(from)) {
    fs::copy(from, beside, fs::copy_options::recursive, error);
  }
  if (!error) fs::remove_all(to, error);
  if (!error) fs::rename(beside, to, error);
  if (!error) return absl::OkStatus();
  errno = error.value();
  return FileError(to, "written");
}

}  // namespace

absl::Status MergeFindings(const std::vector<std::string>& folders, const std::string& out) {
  std::vector<std::unique_ptr<Source>> sources;
  for (const std::string& folder : folders) {
    auto& source = sources.emplace_back(std::make_unique<Source>());
    source->folder = folder;
    if (absl::Status status = source->findings.Read(folder); !status.ok()) return status;
  }
  const auto chosen = Choose(sources);
  const std::string lines = LinesOf(sources);
  for (const auto& [signature, source] : chosen) {
    if (source->folder == out) continue;
    const std::string name = fs::path(source->findings.FolderOf(signature)).filename().string();
    const absl::Status status =
        CopyFolder(source->findings.FolderOf(signature), absl::StrCat(out, "/findings/", name));
    if (!status.ok()) return status;
  }
  if (absl::Status status = ReplaceFile(FindingLines(out), lines); !status.ok()) return status;
  Findings merged;
  if (absl::Status status = merged.Read(out); !status.ok()) return status;
  for (const auto& [signature, source] : chosen) {
    const Finding& theirs = source->findings.all().at(signature);
    Finding& ours = merged.Get(signature);
    ours.failure = theirs.failure;
    ours.confirmation = theirs.confirmation;
    ours.small = theirs.small;
    if (absl::Status status = merged.Save(signature); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace zabsim
