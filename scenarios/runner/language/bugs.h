// The known bugs that a run can switch on: id, switch, and what is known of each.  The one table
// that the parser, `--bug` and `zabsim bugs --list` read.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/boundary/known_bugs.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

struct BugEntry {
  absl::string_view id;  // As in KnownBugs' comments.
  bool zab::KnownBugs::* is_on = nullptr;
  /// The consequence that names it: an invariant, or kMissedDeadline.
  absl::string_view violates;
  absl::string_view title_en;
  absl::string_view title_zh;
  absl::string_view cost;  // What others needed to find it, and who; empty: nothing published.
};

/// In place of an invariant: the bug only stops progress.
inline constexpr absl::string_view kMissedDeadline = "deadline";

/// In the order in which they were built.
std::span<const BugEntry> AllBugs();
/// Null if there is none.
const BugEntry* FindBug(absl::string_view id);
std::vector<std::string> BugIds();
/// `; did you mean "ZOOKEEPER-4646"?` for an id that there is none of.
std::string NearestBug(absl::string_view id);

/// A known bug that a run has switched on.
struct BugInRun {
  const BugEntry* bug = nullptr;
  std::vector<std::string> violates;  // All of these; kMissedDeadline among them.
  /// Each run must show it: a story of this very bug.  Else one of all runs of a command.
  bool in_each_run = false;
};
/// `bug` in a run of `scenario`, which says what to expect if the story is of that bug.
BugInRun BugIn(const Scenario& scenario, const BugEntry& bug);

/// What --set takes to make a story of that bug out of any file.
std::string SettingOf(const BugEntry& bug);

}  // namespace scenario
