// Every table begins with the scenario and the seed.
#include "tools/zabsim/run/tables_folder.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"

namespace zabsim {
namespace {

std::string PathOf(const std::string& folder, scenario::Table table) {
  return absl::StrCat(folder, "/", scenario::Name(table), ".csv");
}

scenario::Cells Joined(scenario::Cells first, const scenario::Cells& rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

}  // namespace

absl::Status TablesFolder::Open(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (size_t i = 0; i < files_.size(); ++i) {
    const auto table = static_cast<scenario::Table>(i);
    files_[i].open(PathOf(folder, table), std::ios::trunc);
    if (!files_[i]) {
      return absl::InvalidArgumentError(
          absl::StrCat("--metrics: ", PathOf(folder, table),
                       " cannot be written; wanted a folder, or a path where one can be made"));
    }
    files_[i] << scenario::CsvLine(Joined({"scenario", "seed"}, scenario::ColumnsOf(table)));
  }
  folder_ = folder;
  return absl::OkStatus();
}

void TablesFolder::Add(const scenario::Scenario& scenario, uint64_t seed, scenario::Table table,
                       const scenario::Cells& cells) {
  files_[static_cast<size_t>(table)]
      << scenario::CsvLine(Joined({scenario.id, absl::StrCat(seed)}, cells));
}

void TablesFolder::AddRun(const scenario::Scenario& scenario, const std::string& digest,
                          const scenario::RunResult& result) {
  scenario::Cells cells = {digest,
                           std::string(scenario::Name(result.verdict)),
                           absl::StrCat(result.events),
                           absl::StrCat(result.time.nanoseconds),
                           ToString(result.trace_hash),
                           absl::StrCat(result.leader_clients.size())};
  for (const std::optional<uint64_t>& value : scenario::ValuesOf(result.measured)) {
    cells.push_back(value ? absl::StrCat(*value) : "");
  }
  Add(scenario, result.seed, scenario::Table::kRuns, cells);
}

absl::Status TablesFolder::Close() {
  for (size_t i = 0; i < files_.size(); ++i) {
    files_[i].close();
    if (files_[i]) continue;
    return absl::ResourceExhaustedError(
        absl::StrCat(PathOf(folder_, static_cast<scenario::Table>(i)),
                     ": could not be written to its end (the storage has failed)"));
  }
  return absl::OkStatus();
}

}  // namespace zabsim
