// --trace=FILE: a run's trace as lines of JSON.  The first line is the header, then one record a line;
// columns that are zero are left out.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "scenarios/runner/scenario.h"
#include "sim/trace.h"

namespace zabsim {

/// From what a trace was made.
struct TraceHeader {
  std::string scenario;  // Its id.
  std::string digest;
  uint64_t seed = 0;
};

/// The header of the trace at `path`; none if the file is no trace (a scenario, say).
/// kInvalidArgument if it cannot be read or its header says not all.
absl::StatusOr<std::optional<TraceHeader>> ReadTraceHeader(const std::string& path);

class TraceFile {
 public:
  /// Creates the file and writes the header.
  absl::Status Open(const std::string& path, const scenario::Scenario& scenario,
                    const std::string& digest, uint64_t seed);
  void Write(const sim::Record& record);
  /// Flushes; an error if not all could be written.
  absl::Status Close();

 private:
  std::string path_;
  const scenario::Scenario* scenario_ = nullptr;
  std::ofstream file_;
};

}  // namespace zabsim
