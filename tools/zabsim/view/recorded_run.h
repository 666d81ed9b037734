// A run with all its records, from a trace or made here: what `zabsim view` shows.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/scenario.h"
#include "sim/trace.h"
#include "tools/zabsim/command.h"

namespace zabsim {

struct RecordedRun {
  scenario::Scenario scenario;  // As executed.
  std::string digest;
  uint64_t seed = 0;
  std::vector<sim::Record> records;
  std::string result;  // JSON, without host.
};

/// `path` is a trace; or a scenario, which is run with `seed`, or with its first if that is empty.
/// kInvalidArgument, kDataLoss: it can be neither read nor run.
absl::StatusOr<RecordedRun> LoadRun(const std::string& path, const std::string& seed);

}  // namespace zabsim
