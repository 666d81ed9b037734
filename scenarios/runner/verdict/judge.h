// Judge: from what happened to a verdict and an exit code; of one run, and of all runs of a
// command.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/verdict/metrics.h"
#include "scenarios/runner/verdict/result.h"

namespace scenario {

/// Whether the scenario expects a violation of that name.
bool IsExpected(const Scenario& scenario, absl::string_view invariant);

/// With a bug: what it should have violated and has not, one line each; of a run that is over.
std::vector<std::string> NotShown(const RunResult& result);
/// With a bug: whether it has violated all that it should.
inline bool HasShown(const RunResult& result) {
  return NotShown(result).empty();
}

/// The verdict of a run whose other fields are filled in.  What is judged over all runs
/// (`sometimes`, metrics, faults without effect) is left to Judge.
RunVerdict VerdictOf(const Scenario& scenario, const RunResult& result);

/// What all runs of one scenario in one command came to.
struct RunSummary {
  uint64_t runs = 0;
  uint64_t left_out = 0;  // Seeds that were not run.
  std::string why_left_out;
  RunVerdict verdict = RunVerdict::kHeld;
  std::array<uint64_t, kRunVerdictCount> verdicts{};  // Runs, by RunVerdict.
  std::vector<uint64_t> sometimes;   // Runs that showed it, by position in Expect::sometimes.
  std::vector<std::string> unmet;    // Of all runs together: metrics out of bounds.
  std::vector<std::string> vacuous;  // `sometimes` never hit, or no fault took effect.
  Metrics medians;
  FaultTally faults;
  uint64_t events = 0;

  std::optional<BugInRun> bug;          // Switched on in all runs; none: correct servers.
  uint64_t shown = 0;                   // Runs that violated all that the bug should.
  uint64_t violated = 0;                // Runs that violated anything, or missed a deadline.
  std::optional<uint64_t> first_shown;  // The first such seed.
};

/// Takes the runs one by one; all of them with the same bug, or all without one.  Of each it keeps
/// a few numbers.
class Judge {
 public:
  /// `together`: judge what is judged over all seeds.  False for one seed out of a file that has
  /// more: then it is only reported.
  Judge(const Scenario& scenario, bool together) : scenario_(scenario), together_(together) {
    summary_.sometimes.resize(scenario.expect.sometimes.size());
  }

  void Add(const RunResult& result);
  /// So many further seeds are not run.  What is judged over all seeds is then left open, and what
  /// would have held is unknown.
  void LeaveOut(uint64_t seeds, std::string why);
  /// Of the runs so far; kHeld of none.
  RunSummary Finish() const;

 private:
  void JudgeTogether(RunSummary& summary) const;
  void JudgeBug(RunSummary& summary) const;

  const Scenario& scenario_;  // Must outlive the judge.
  bool together_;
  RunSummary summary_;
  std::vector<Metrics> metrics_;
};

}  // namespace scenario
