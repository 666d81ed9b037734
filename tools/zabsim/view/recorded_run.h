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

/// How a scenario is run.
struct RunChoice {
  std::string seed;  // As --seed has it; empty: the scenario's first.
  std::string bug;  // An id, or "none"; empty: that of the scenario's story, if it is one of a bug.
};

/// `path` is a trace, or a scenario, which is run.  kInvalidArgument, kDataLoss: it can be neither
/// read nor run.
absl::StatusOr<RecordedRun> LoadRun(const std::string& path, const RunChoice& choice);

}  // namespace zabsim
