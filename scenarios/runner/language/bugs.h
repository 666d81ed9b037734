// The known bugs that a run can switch on: the one table that the parser, `--bug` and `zabsim bugs
// --list` read.
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
  absl::string_view id;  // As in the comments of KnownBugs.
  bool zab::KnownBugs::* is_on = nullptr;
  /// The consequence that identifies it: an invariant, or kMissedDeadline.
  absl::string_view violates;
  absl::string_view title_en;
  absl::string_view title_zh;
  absl::string_view
      cost;  // What others needed to find it, with the source; empty if nothing was published.
};

/// Stands for an invariant if the bug only stops progress.
inline constexpr absl::string_view kMissedDeadline = "deadline";

/// All known bugs.
std::span<const BugEntry> AllBugs();
/// The entry with this id; null if there is none.
const BugEntry* FindBug(absl::string_view id);
std::vector<std::string> BugIds();
/// A hint such as `; did you mean "ZOOKEEPER-4646"?` for an unknown id.
std::string NearestBug(absl::string_view id);

/// A known bug that is switched on in a run.
struct BugInRun {
  const BugEntry* bug = nullptr;
  std::vector<std::string>
      violates;  // The consequences that must all be seen; may include kMissedDeadline.
  /// Whether each run must show it, as in the bug's own story; otherwise one of all runs of a
  /// command.
  bool in_each_run = false;
};
/// `bug` in a run of `scenario`.  If the scenario is the bug's own story, it says what to expect.
BugInRun BugIn(const Scenario& scenario, const BugEntry& bug);

/// The argument of --set that makes any file a story of the bug.
std::string SettingOf(const BugEntry& bug);

}  // namespace scenario
