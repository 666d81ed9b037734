// A run with all its records, from a trace or made here: what `zabsim view` and `zabsim watch`
// show.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {

struct RecordedRun {
  scenario::Scenario scenario;  // As executed.
  std::string digest;
  uint64_t seed = 0;
  std::vector<scenario::Record> records;
  std::string result;  // JSON, without host; of a trace without an end only the verdict "cut".
  std::string cut;     // Why there may be more than these records; empty: there is no more.
};

/// Which of several runs is meant.
struct RunChoice {
  std::string seed;  // Of a scenario, as --seed has it; empty: the scenario's first.
  std::string bug;  // Of a scenario: an id, or "none"; empty: that of its story, if it is of a bug.
  bool whole = false;  // Of a finding: the run as found, not the small case.
};

/// `path` is a trace; or a scenario, which is run; or a folder of findings, as zabsim fuzz makes
/// them: the minimised case or, if there is none, the run as found.  A trace that was cut off or
/// damaged is read as far as possible.  kInvalidArgument, kDataLoss: it can be neither read nor
/// run.
absl::StatusOr<RecordedRun> LoadRun(const std::string& path, const RunChoice& choice);

}  // namespace zabsim
