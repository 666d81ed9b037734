// The folder of `zabsim run --metrics`: one CSV file for each table, filled as the runs go on.
#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "scenarios/runner/measure/tables.h"
#include "scenarios/runner/verdict/result.h"

namespace zabsim {

class TablesFolder {
 public:
  /// Makes the folder and its tables, replacing those of the same names.  kInvalidArgument, with
  /// the path: that is not possible.
  absl::Status Open(const std::string& folder);
  bool is_open() const { return !folder_.empty(); }

  void Add(const scenario::Scenario& scenario, uint64_t seed, scenario::Table table,
           const scenario::Cells& cells);
  void AddRun(const scenario::Scenario& scenario, const std::string& digest,
              const scenario::RunResult& result);
  /// kResourceExhausted, with the path: the storage has failed.
  absl::Status Close();

 private:
  std::string folder_;
  std::array<std::ofstream, scenario::kTableCount> files_;  // By table.
};

}  // namespace zabsim
