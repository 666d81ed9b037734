// A run with all its records, from a trace or made here: what `zabsim view` and `zabsim watch`
// show.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/state/cluster_state.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {

struct RecordedRun {
  scenario::Scenario scenario;  // As executed.
  std::string digest;
  uint64_t seed = 0;
  std::vector<scenario::Record> records;
  /// What the checker has found on the disks, in order; empty: nobody has looked, as when the trace
  /// is of other servers than this zabsim has.
  std::vector<scenario::DiskLook> disks;
  std::string bug;     // The known bug that was switched on; empty: none.
  std::string result;  // JSON, without host; of a trace without an end only the verdict "cut".
  std::string cut;     // Why there may be more than these records; empty: there is no more.

  /// Takes into the state all that is known of `record`, which is one of them.
  void Apply(const scenario::Record& record, scenario::ClusterState& state) const;
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
