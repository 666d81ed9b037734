// What a comparison needs of the folder of a sweep, whichever build made it: manifest.json and
// runs.csv.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"

namespace zabsim {

struct ComparedRun {
  std::string seed;
  absl::btree_map<std::string, double> values;  // Of metrics and `leader_clients`, where there are.
};

struct ComparedCell {
  std::string number;
  absl::btree_map<std::string, std::string> labels;  // By parameter.
  std::vector<ComparedRun> runs;                     // Those that are in statistics.
};

struct SweepData {
  std::string folder;
  std::string digest;
  std::vector<ComparedCell> cells;
  absl::btree_map<std::string, std::string> units;  // By metric.
};

/// `argument` is a folder, or DIR@CELL for one cell of it.  kInvalidArgument: it is none of a sweep
/// that is complete, or has no such cell.
absl::StatusOr<SweepData> ReadSweepData(const std::string& argument);

/// The cells of a line of CSV text (RFC 4180) without line breaks in them.
std::vector<std::string> CsvCells(const std::string& line);

}  // namespace zabsim
