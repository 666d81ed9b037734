// Judge: derives the verdict of one run, and of all runs of a command.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/verdict/metric_medians.h"
#include "scenarios/runner/verdict/result.h"

namespace scenario {

/// Whether the scenario expects a violation of this invariant.
bool IsExpected(const Scenario& scenario, absl::string_view invariant);

/// Of a finished run with a bug: the violations that were expected but not seen, one line each.
std::vector<std::string> NotShown(const RunResult& result);
/// Of a finished run with a bug: whether all expected violations were seen.
inline bool HasShown(const RunResult& result) {
  return NotShown(result).empty();
}

/// The verdict of a run whose other fields are filled in.  Judge judges what concerns all runs
/// together (`sometimes`, metrics, faults without effect).
RunVerdict VerdictOf(const Scenario& scenario, const RunResult& result);

/// Adds the actions of one more run.
void AddActions(const std::vector<ActionCount>& actions, std::vector<ActionCount>& sum);
/// One line for each fault of the scenario's events that never had an effect, and for each other
/// action that was performed and never had one.  `actions` are those of all runs.
std::vector<std::string> ActionsWithoutEffect(const Scenario& scenario,
                                              const std::vector<ActionCount>& actions);

/// The combined result of all runs of one scenario in one command.
struct RunSummary {
  uint64_t runs = 0;
  uint64_t left_out = 0;  // Seeds that were not run.
  std::string why_left_out;
  RunVerdict verdict = RunVerdict::kHeld;
  std::array<uint64_t, kRunVerdictCount> verdicts{};  // Runs, by RunVerdict.
  std::vector<uint64_t> sometimes;  // Runs in which it was seen, by position in Expect::sometimes.
  std::vector<std::string> unmet;   // Metrics whose median is out of bounds.
  std::vector<std::string>
      vacuous;  // Each `sometimes` not seen often enough, and what was asked for and not done.
  absl::btree_map<std::string, uint64_t> medians;  // By metric.
  FaultTally faults;
  std::vector<ActionCount> actions;  // As RunResult::actions.
  std::vector<uint64_t> requests;    // As RunResult::requests.
  uint64_t elections = 0;            // How often a server was elected to lead or to follow.
  uint64_t events = 0;

  std::optional<BugInRun> bug;          // Switched on in all runs; nullopt: correct servers.
  uint64_t shown = 0;                   // Runs with all violations that the bug should cause.
  uint64_t violated = 0;                // Runs with any violation or missed deadline.
  std::optional<uint64_t> first_shown;  // The first seed counted in `shown`.
};

/// Takes the runs one by one and keeps a few numbers of each.  All runs must have the same bug, or
/// none.
class Judge {
 public:
  /// `together`: whether to judge what concerns all seeds together.  False for a single seed of a
  /// file that has more; then it is only reported.  `scenario` must outlive the judge.
  Judge(const Scenario& scenario, bool together)
      : scenario_(scenario), together_(together), metrics_(scenario.expect) {
    summary_.sometimes.resize(scenario.expect.sometimes.size());
    summary_.requests.resize(scenario.workload.size());
  }

  void Add(const RunResult& result);
  /// Records that `seeds` further seeds are not run.  Then nothing is judged over all seeds, and
  /// the verdict is kUnknown where it would have been kHeld.
  void LeaveOut(uint64_t seeds, std::string why);
  /// The summary of the runs so far; kVacuous if there were none, and none were left out.
  RunSummary Finish() const;

 private:
  void JudgeTogether(RunSummary& summary) const;
  void AddUndone(RunSummary& summary) const;
  void JudgeBug(RunSummary& summary) const;

  const Scenario& scenario_;  // Must outlive the judge.
  bool together_;
  RunSummary summary_;
  MetricMedians metrics_;
};

}  // namespace scenario
