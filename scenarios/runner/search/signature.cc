// Only the worst problem of a run determines the signature, and of several violations the first.
#include "scenarios/runner/search/signature.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/verdict/judge.h"

namespace scenario {
namespace {

absl::string_view NameOfRole(ServerGhost::Role role) {
  switch (role) {
    case ServerGhost::Role::kDown: return "down";
    case ServerGhost::Role::kLooking: return "looking";
    case ServerGhost::Role::kFollowing: return "following";
    case ServerGhost::Role::kLeading: return "leading";
  }
  return "";
}

/// "acked", "halted (unmatched_commit)".
std::string NameOfRecord(const TraceEvent& event) {
  std::string name(Name(event.probe));
  if (event.kind != Kind::kNone) absl::StrAppend(&name, " ", Name(event.kind));
  if (event.reason != zab::Reason::kNone) {
    absl::StrAppend(&name, " (", Name(event.reason), ")");
  }
  return name;
}

/// How the zxid of the record relates to epochs and commits; empty if it has none.
std::string Relation(const ViolationContext& context) {
  const zab::Zxid zxid = context.event.zxid;
  if (zxid == zab::Zxid{}) return "";
  absl::string_view epoch = "of the newest epoch";
  if (zxid.epoch < context.established) epoch = "of an older epoch";
  if (zxid.epoch > context.established) epoch = "of an epoch to come";
  const bool committed = zxid <= context.committed;
  return absl::StrCat(", zxid ", epoch, committed ? ", before" : ", behind", " what is committed");
}

std::string SignatureOf(const Violation& violation, const Scenario& scenario) {
  const ViolationContext& context = violation.context;
  if (context.node == NodeId{}) return absl::StrCat(violation.name, " at the end of the run");
  const bool server = context.node.value <= scenario.ServerCount();
  return absl::StrCat(violation.name, " at ", NameOfRecord(context.event), ", ",
                      server ? NameOfRole(context.role) : "client", Relation(context));
}

const Deadline* FirstMissed(const RunResult& result, const Scenario& scenario) {
  for (size_t i = 0; i < result.deadlines.size(); ++i) {
    if (result.deadlines[i].status == DeadlineStatus::kMissed) return &scenario.expect.deadlines[i];
  }
  return nullptr;
}

PrimaryFailure PrimaryFailureInBug(const RunResult& result, const Scenario& scenario) {
  for (const std::string& name : scenario.known_bug->violates) {
    if (name == kMissedDeadline) {
      const Deadline* missed = FirstMissed(result, scenario);
      if (missed != nullptr) return {.deadline = missed, .names_bug = true};
    }
    const auto found = std::ranges::find(result.violations, name, &Violation::name);
    if (found != result.violations.end()) return {.violation = &*found, .names_bug = true};
  }
  return {};
}

}  // namespace

PrimaryFailure PrimaryFailureOf(const RunResult& result, const Scenario& scenario) {
  if (result.verdict == RunVerdict::kHeld) return {};
  if (scenario.known_bug) {
    const PrimaryFailure failure = PrimaryFailureInBug(result, scenario);
    if (failure.names_bug) return failure;
  }
  if (result.verdict == RunVerdict::kLate) return {.deadline = FirstMissed(result, scenario)};
  if (result.verdict != RunVerdict::kViolated) return {};
  const auto first = std::ranges::find_if(result.violations, [&](const Violation& violation) {
    return !IsExpected(scenario, violation.name);
  });
  return {.violation = first == result.violations.end() ? nullptr : &*first};
}

std::string SignatureOf(const RunResult& result, const Scenario& scenario) {
  const PrimaryFailure failure = PrimaryFailureOf(result, scenario);
  if (failure.violation != nullptr) {
    return absl::StrCat("violated: ", SignatureOf(*failure.violation, scenario));
  }
  if (failure.deadline != nullptr) return absl::StrCat("late: ", failure.deadline->name);
  switch (result.verdict) {
    case RunVerdict::kUnmet:
      return absl::StrCat("unmet: ", result.unmet.empty() ? "a violation was expected"
                                                          : absl::StrJoin(result.unmet, "; "));
    case RunVerdict::kUnknown: return absl::StrCat("unknown: ", result.unknown);
    case RunVerdict::kViolated:
    case RunVerdict::kLate:
    case RunVerdict::kNotDeterministic:
    case RunVerdict::kVacuous:
    case RunVerdict::kHeld: return "";
  }
  return "";
}

}  // namespace scenario
