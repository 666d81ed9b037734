// runs.csv has one line per run: no cell of it has a line break.
#include "tools/zabsim/compare/sweep_data.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/zabsim/campaign/file_io.h"

namespace zabsim {
namespace {

/// The columns of runs.csv that are not metrics, beside the parameters.
constexpr absl::string_view kNotMeasured[] = {"cell",     "repeat", "seed",         "verdict",
                                              "excluded", "events", "virtual_time", "trace_hash"};

absl::Status NoData(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", why,
                   "; wanted the folder of a sweep that is complete (`zabsim sweep --out=DIR`), "
                   "or DIR@CELL for one of its cells"));
}

absl::Status TakeManifest(const std::string& folder, SweepData& data,
                          std::vector<std::string>& parameters) {
  const std::string path = folder + "/manifest.json";
  const auto text = ReadWholeFile(path);
  if (!text.ok()) return NoData(folder, "there is no manifest.json");
  try {
    const auto json = nlohmann::json::parse(*text);
    data.digest = json.at("digest");
    for (const auto& parameter : json.at("parameters")) parameters.push_back(parameter.at("name"));
    for (const auto& [name, metric] : json.at("metrics").items()) {
      data.units[name] = metric.at("unit");
    }
  } catch (const nlohmann::json::exception& error) {
    return NoData(path, error.what());
  }
  return absl::OkStatus();
}

bool IsMeasured(const std::string& column, const std::vector<std::string>& parameters) {
  return std::ranges::find(kNotMeasured, column) == std::end(kNotMeasured) &&
         std::ranges::find(parameters, column) == parameters.end();
}

absl::Status TakeRuns(const std::string& folder, const std::vector<std::string>& parameters,
                      SweepData& data) {
  const std::string path = folder + "/runs.csv";
  const auto text = ReadWholeFile(path);
  if (!text.ok()) return NoData(folder, "there is no runs.csv");
  std::istringstream lines(*text);
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> columns = CsvCells(line);
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = CsvCells(line);
    if (cells.size() != columns.size())
      return NoData(path, "a row has not as many cells as the first");
    absl::btree_map<std::string, std::string> row;
    for (size_t i = 0; i < cells.size(); ++i) row[columns[i]] = cells[i];
    if (data.cells.empty() || data.cells.back().number != row["cell"]) {
      data.cells.push_back({.number = row["cell"]});
      for (const std::string& name : parameters) data.cells.back().labels[name] = row[name];
    }
    if (!row["excluded"].empty()) continue;
    ComparedRun& run = data.cells.back().runs.emplace_back();
    run.seed = row["seed"];
    for (const auto& [column, cell] : row) {
      double value = 0;
      if (IsMeasured(column, parameters) && absl::SimpleAtod(cell, &value)) {
        run.values[column] = value;
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> CsvCells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

absl::StatusOr<SweepData> ReadSweepData(const std::string& argument) {
  const size_t at = argument.rfind('@');
  SweepData data{.folder = argument.substr(0, at)};
  std::vector<std::string> parameters;
  absl::Status status = TakeManifest(data.folder, data, parameters);
  if (status.ok()) status = TakeRuns(data.folder, parameters, data);
  if (!status.ok()) return status;
  if (at == std::string::npos) return data;
  const std::string wanted = argument.substr(at + 1);
  std::erase_if(data.cells, [&](const ComparedCell& cell) { return cell.number != wanted; });
  if (data.cells.empty()) {
    return NoData(argument, absl::StrCat("the sweep has no cell \"", wanted, "\""));
  }
  return data;
}

}  // namespace zabsim
