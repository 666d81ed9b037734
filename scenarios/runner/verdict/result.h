// The result of a run, as a value and as JSON.  The same scenario and seed give the same bytes,
// except for `host`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/hash.h"
#include "protocol/base/time.h"
#include "scenarios/runner/faults/fault_tally.h"
#include "scenarios/runner/invariants/checker.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/measure/metrics.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/verdict/deadlines.h"

namespace scenario {

/// From worst to best: the worst of several verdicts counts.  A failed internal check (70) ends the
/// process, so it is not a verdict.
enum class RunVerdict : uint8_t {
  kViolated,          // 10: safety.
  kNotDeterministic,  // 12: two runs of one seed differ; set by the caller that runs it twice.
  kLate,              // 11: a missed deadline.
  kUnmet,             // 13: an unmet expectation.
  kVacuous,           // 14.
  kUnknown,           // 15.
  kHeld,              // 0.
};
constexpr int kRunVerdictCount = static_cast<int>(RunVerdict::kHeld) + 1;

/// "violated", "held", ...
absl::string_view Name(RunVerdict verdict);
int ExitCodeOf(RunVerdict verdict);
/// The worse of two exit codes, in the order of LANGUAGE.md 6.
int WorseExitCode(int a, int b);

struct RunResult {
  uint64_t seed = 0;
  std::optional<BugInRun> bug;  // Switched on; nullopt: correct servers.
  RunVerdict verdict = RunVerdict::kHeld;
  std::vector<Violation> violations;        // The first violation of each invariant.
  std::vector<Deadlines::Entry> deadlines;  // In the order of Expect::deadlines.
  /// Unmet outcomes and each `never` that was seen; with a bug, the expected violations not seen.
  std::vector<std::string> unmet;
  std::string excuse;   // Why progress may have stopped, with the atlas off; then a missed deadline
                        // counts as held.
  std::string unknown;  // Why the verdict is unknown; else empty.
  bool interrupted = false;     // Stopped from outside; not judged further.
  std::vector<bool> sometimes;  // Whether each was seen, in the order of Expect::sometimes.
  uint64_t events = 0;          // Events handled.
  uint64_t records = 0;         // Records in the trace.
  zab::Time time;               // Virtual, at the end.
  zab::Hash128 trace_hash;
  FaultTally faults;
  std::vector<ActionCount> actions;  // Of all events, one event after the other.
  std::vector<uint64_t> requests;    // Sent, by block of the workload.
  std::array<uint64_t, kProbeCount> probes{};
  Measured measured;
  std::vector<NodeId> leader_clients;  // Of the workload; those of LeaderClients.
  std::vector<uint64_t> lesson;        // The records of its stops, as in LessonWatch::Records.
};

/// Where and how fast a run was executed.  Filled in by tools/; nothing in this folder reads a
/// clock.
struct HostInfo {
  std::string build;
  std::string commit;  // Of the source, "+" if it was changed since; "unknown" outside of git.
  std::string compiler;
  uint64_t wall_nanoseconds = 0;
  uint64_t cpu_nanoseconds = 0;
  uint64_t events_per_second = 0;
};

struct RunSummary;

/// One line of JSON without a line break.  `scenario` and `digest` are those of the Document.
/// Without a host the key `host` is omitted; the remaining text must be equal for two runs of one
/// seed.
std::string ToJson(const RunResult& result, const Scenario& scenario, absl::string_view digest,
                   const std::optional<HostInfo>& host);
std::string ToJson(const RunSummary& summary, const Scenario& scenario, absl::string_view digest,
                   const std::optional<HostInfo>& host);

std::string ToJson(const HostInfo& host);

/// A short description of a `sometimes` or `never`: "sync_decided diff", "event back".
std::string Describe(const Reachability& reachability, const Scenario& scenario);

}  // namespace scenario
