// Judges each run first, then what only all runs together can show.
#include "scenarios/runner/verdict/judge.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/faults/actions.h"

namespace scenario {
namespace {

bool HasViolated(const RunResult& result, absl::string_view name) {
  return std::ranges::any_of(result.violations,
                             [&](const Violation& violation) { return violation.name == name; });
}

/// Whether every expected violation was seen.
bool SawAllExpected(const Scenario& scenario, const RunResult& result) {
  return std::ranges::all_of(scenario.expect.violates,
                             [&](const std::string& name) { return HasViolated(result, name); });
}

bool AnyDeadline(const RunResult& result, DeadlineStatus status) {
  return std::ranges::any_of(result.deadlines,
                             [&](const Deadlines::Entry& entry) { return entry.status == status; });
}

bool IsEnough(uint64_t seen, uint64_t runs, const std::optional<zab::Ratio>& share) {
  if (!share) return seen > 0;
  return seen * share->denominator >= share->numerator * runs;
}

/// Why the block sends no request in any run; empty if it may send some.
std::string WhyNoRequest(const Scenario& scenario, const Block& block) {
  const auto* closed = std::get_if<Closed>(&block.kind);
  const zab::Time end = scenario.end.at;
  if (closed != nullptr) {
    const bool quiet = scenario.end.quiet && scenario.end.quiet->at <= closed->from;
    if (!quiet && closed->from < end) return "";
    return absl::StrCat("workload ", block.id, ": it begins at ", zab::ToString(closed->from),
                        quiet ? ", after quiet" : ", after the end of the run",
                        ", and sends nothing");
  }
  for (const ScriptOperation& operation : scenario.operations) {
    const bool in_block = &scenario.workload[operation.block] == &block;
    if (in_block && operation.at < end) return "";
  }
  return absl::StrCat("workload ", block.id, ": it has no operation before the end of the run");
}

}  // namespace

void AddActions(const std::vector<ActionCount>& actions, std::vector<ActionCount>& sum) {
  sum.resize(std::max(sum.size(), actions.size()));
  for (size_t i = 0; i < actions.size(); ++i) sum[i].Add(actions[i]);
}

std::vector<std::string> ActionsWithoutEffect(const Scenario& scenario,
                                              const std::vector<ActionCount>& actions) {
  std::vector<std::string> lines;
  size_t next = 0;
  for (const Event& event : scenario.events) {
    for (const Action& action : event.actions) {
      const ActionCount count = next < actions.size() ? actions[next] : ActionCount{};
      ++next;
      const bool never_tried = count.performed == 0;
      if (count.effective > 0 || std::holds_alternative<Note>(action)) continue;
      if (never_tried && !FaultOf(action)) continue;
      lines.push_back(absl::StrCat("event ", event.id, ", ", Name(action), ": ",
                                   never_tried ? "the event never fired" : "no effect, ",
                                   count.why));
    }
  }
  return lines;
}

bool IsExpected(const Scenario& scenario, absl::string_view invariant) {
  return std::ranges::any_of(scenario.expect.violates,
                             [&](const std::string& name) { return invariant == name; });
}

std::vector<std::string> NotShown(const RunResult& result) {
  std::vector<std::string> missing;
  for (const std::string& name : result.bug->violates) {
    const bool is_deadline = name == kMissedDeadline;
    const bool shown =
        is_deadline ? AnyDeadline(result, DeadlineStatus::kMissed) : HasViolated(result, name);
    if (shown) continue;
    missing.push_back(absl::StrCat(
        result.bug->bug->id, " was not caught: ", is_deadline ? "no deadline was missed" : name,
        is_deadline ? "" : " was not violated"));
  }
  return missing;
}

RunVerdict VerdictOf(const Scenario& scenario, const RunResult& result) {
  if (result.bug) {
    if (result.interrupted) return RunVerdict::kUnknown;
    const bool held = HasShown(result) || !result.bug->in_each_run;
    return held ? RunVerdict::kHeld : RunVerdict::kUnmet;
  }
  const bool unexpected = std::ranges::any_of(result.violations, [&](const Violation& violation) {
    return !IsExpected(scenario, violation.name);
  });
  if (unexpected) return RunVerdict::kViolated;
  const bool excused = !result.excuse.empty();
  if (AnyDeadline(result, DeadlineStatus::kMissed) && !excused) return RunVerdict::kLate;
  if (result.interrupted) return RunVerdict::kUnknown;
  const bool must_violate = scenario.expect.verdict == Verdict::kViolation;
  const bool has_violated = !result.violations.empty() && SawAllExpected(scenario, result);
  if (!result.unmet.empty() || (must_violate && !has_violated)) return RunVerdict::kUnmet;
  if (!result.unknown.empty()) return RunVerdict::kUnknown;
  return RunVerdict::kHeld;
}

void Judge::Add(const RunResult& result) {
  ++summary_.runs;
  ++summary_.verdicts[static_cast<size_t>(result.verdict)];
  summary_.events += result.events;
  for (size_t i = 0; i < result.sometimes.size(); ++i) {
    if (result.sometimes[i]) ++summary_.sometimes[i];
  }
  if (result.bug) {
    summary_.bug = result.bug;
    const bool shown = HasShown(result);
    if (shown) ++summary_.shown;
    if (shown && !summary_.first_shown) summary_.first_shown = result.seed;
    if (!result.violations.empty() || AnyDeadline(result, DeadlineStatus::kMissed)) {
      ++summary_.violated;
    }
  }
  summary_.faults.Add(result.faults);
  AddActions(result.actions, summary_.actions);
  for (size_t i = 0; i < result.requests.size(); ++i) summary_.requests[i] += result.requests[i];
  summary_.elections += result.probes[static_cast<size_t>(Probe::kElected)];
  metrics_.Add(result.measured);
}

void Judge::LeaveOut(uint64_t seeds, std::string why) {
  summary_.left_out = seeds;
  summary_.why_left_out = std::move(why);
}

RunSummary Judge::Finish() const {
  RunSummary summary = summary_;
  summary.medians = metrics_.Medians();
  if (summary.bug) {
    JudgeBug(summary);
  } else if (summary.left_out == 0) {
    if (summary.runs == 0) summary.vacuous.push_back("no run was made");
    if (summary.runs > 0 && together_) JudgeTogether(summary);
  }
  summary.verdict = RunVerdict::kHeld;
  for (int i = kRunVerdictCount - 1; i >= 0; --i) {
    const bool own = (i == static_cast<int>(RunVerdict::kUnknown) && summary.left_out > 0) ||
                     (i == static_cast<int>(RunVerdict::kUnmet) && !summary.unmet.empty()) ||
                     (i == static_cast<int>(RunVerdict::kVacuous) && !summary.vacuous.empty());
    if (own || summary.verdicts[static_cast<size_t>(i)] > 0) {
      summary.verdict = static_cast<RunVerdict>(i);
    }
  }
  return summary;
}

// In a scenario other than the bug's own, at least one run must show the bug.
void Judge::JudgeBug(RunSummary& summary) const {
  if (summary.bug->in_each_run || summary.shown > 0) return;
  summary.unmet.push_back(
      absl::StrCat(summary.bug->bug->id, " was not caught in ", summary.runs, " runs"));
}

void Judge::JudgeTogether(RunSummary& summary) const {
  const Expect& expect = scenario_.expect;
  for (const auto& [name, bounds] : expect.metrics) {
    const auto median = summary.medians.find(name);
    const bool found = median != summary.medians.end();
    const bool low = bounds.at_least && (!found || median->second < *bounds.at_least);
    const bool high = bounds.at_most && (!found || median->second > *bounds.at_most);
    if (!low && !high) continue;
    summary.unmet.push_back(absl::StrCat(
        "metric ", name, ": wanted ", low ? "at least " : "at most ",
        low ? *bounds.at_least : *bounds.at_most, ", found ",
        found ? absl::StrCat("a median of ", median->second) : "that no run has observed it"));
  }
  for (size_t i = 0; i < expect.sometimes.size(); ++i) {
    if (IsEnough(summary.sometimes[i], summary.runs, expect.sometimes[i].share)) continue;
    summary.vacuous.push_back(absl::StrCat("sometimes ", Describe(expect.sometimes[i], scenario_),
                                           ": seen in ", summary.sometimes[i], " of ", summary.runs,
                                           " runs"));
  }
  // What a run that did not come to its end would have done is unknown.
  if (summary.verdicts[static_cast<size_t>(RunVerdict::kUnknown)] == 0) AddUndone(summary);
}

// What the file asks for and no run has done.
void Judge::AddUndone(RunSummary& summary) const {
  for (std::string& line : ActionsWithoutEffect(scenario_, summary.actions)) {
    summary.vacuous.push_back(std::move(line));
  }
  const uint64_t effective = summary.faults.Total().effective;
  if (!scenario_.nemesis.empty() && effective == 0) {
    summary.vacuous.push_back("no fault of the file took effect");
  }
  for (size_t i = 0; i < summary.requests.size(); ++i) {
    if (summary.requests[i] > 0) continue;
    const std::string why = WhyNoRequest(scenario_, scenario_.workload[i]);
    if (!why.empty()) summary.vacuous.push_back(why);
  }
  if (summary.elections == 0 && effective == 0) {
    summary.vacuous.push_back(absl::StrCat("no server was elected before the end of the run at ",
                                           zab::ToString(scenario_.end.at)));
  }
}

}  // namespace scenario
