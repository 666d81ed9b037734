// A union of runs: in whatever order and however often folders are merged, the result is the same.
#include "tools/zabsim/sweep/merge_sweeps.h"

#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/sweep/sweep_tables.h"
#include "tools/zabsim/sweep/work_plan.h"

namespace zabsim {
namespace {

std::string ManifestOf(const std::string& folder) {
  return folder + "/manifest.json";
}

/// The sweep as a whole, if all folders are of it; `out` too, if it is there.
absl::StatusOr<SweepManifest> WholeOf(const std::vector<std::string>& folders) {
  absl::StatusOr<SweepManifest> whole = ReadManifest(ManifestOf(folders.front()));
  if (!whole.ok()) return whole.status();
  for (const std::string& folder : folders) {
    const auto part = ReadManifest(ManifestOf(folder));
    if (!part.ok()) return part.status();
    if (TextOfWhole(*part) == TextOfWhole(*whole)) continue;
    return absl::InvalidArgumentError(absl::StrCat(folder, ": is no shard of the sweep of ",
                                                   folders.front(),
                                                   " (its file, --set or the build differ)"));
  }
  whole->shard = whole->shards = 1;
  return whole;
}

/// The runs of one folder that the other does not have.  kAlreadyExists: a run is in both, and
/// differs.
absl::Status TakeRuns(const std::string& folder, const SweepManifest& manifest, Journal& into) {
  Journal part;
  absl::Status status = part.Open(folder, manifest, [](const SweptRun&) {});
  if (!status.ok()) return status;
  return part.ForEach([&](const SweepRun& run, const std::string& line) -> absl::Status {
    if (!into.Contains(run)) return into.Append(run, line);
    const absl::StatusOr<std::string> there = into.LineOf(run);
    if (!there.ok() || *there == line) return there.status();
    return absl::AlreadyExistsError(
        absl::StrCat(folder, ": repeat ", run.repeat, " of cell ", run.cell,
                     " is another than in an earlier folder: a run is not deterministic, or a file "
                     "was changed by hand"));
  });
}

absl::Status Merge(const std::vector<std::string>& folders, const std::string& out,
                   const SweepManifest& whole, WorkPlan& plan, int& code) {
  absl::Status status = ReplaceFile(ManifestOf(out), ToText(whole));
  if (!status.ok()) return status;
  Journal journal;
  status = journal.Open(out, whole, [](const SweptRun&) {});
  for (const std::string& folder : folders) {
    if (status.ok()) status = TakeRuns(folder, whole, journal);
  }
  if (!status.ok()) return status;
  status = journal.ForEach([&](const SweepRun&, const std::string& line) {
    const auto swept = ParseSweptRun(line, whole);
    if (!swept.ok()) return swept.status();
    plan.Add(*swept);
    code = scenario::WorseExitCode(code, swept->ExitCode());
    return absl::OkStatus();
  });
  if (status.ok()) status = WriteSweepTables(out, whole, journal);
  return status.ok() ? journal.Sort() : status;
}

}  // namespace

bool IsSweep(const std::string& folder) {
  std::error_code error;
  return std::filesystem::exists(ManifestOf(folder), error);
}

int MergeSweeps(const std::vector<std::string>& folders, const std::string& out, bool partial) {
  std::vector<std::string> parts = folders;
  if (IsSweep(out)) parts.push_back(out);
  const auto whole = WholeOf(parts);
  if (!whole.ok()) return Fail(whole.status());
  if (IsSweep(out)) {
    const auto there = ReadManifest(ManifestOf(out));
    if (there.ok() && there->shards > 1) {
      return Fail(absl::InvalidArgumentError(absl::StrCat(
          out, ": is the folder of shard ", there->shard, "; --out needs one for the whole")));
    }
  }
  WorkPlan plan(*whole);
  int code = 0;
  const absl::Status status = Merge(parts, out, *whole, plan, code);
  if (absl::IsAlreadyExists(status)) {
    Fail(status);
    return ExitCodeOf(scenario::RunVerdict::kNotDeterministic);
  }
  if (!status.ok()) return Fail(status);
  std::cout << out << ": " << Grouped(plan.done()) << " runs of " << whole->cells.size()
            << " cells\n";
  const std::vector<SweepRun> missing = plan.Missing();
  if (missing.empty()) return code;
  std::cout << "MISSING: " << Grouped(missing.size())
            << (whole->sweep().precision ? " cells need more runs" : " runs")
            << ", the first: cell " << missing.front().cell << ", repeat " << missing.front().repeat
            << "\n";
  if (partial) return code;
  return scenario::WorseExitCode(code, ExitCodeOf(scenario::RunVerdict::kUnknown));
}

}  // namespace zabsim
