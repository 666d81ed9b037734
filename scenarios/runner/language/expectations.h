// The end of a run, and its expectations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/language/events.h"
#include "scenarios/runner/language/names.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

struct HealAll {};
struct HealCore {};  // A random quorum.
using HealedServers = std::variant<HealAll, HealCore, std::vector<zab::ServerId>>;

struct Quiet {
  zab::Time at;
  HealedServers heal;
};

struct End {
  zab::Time at;  // The key `virtual`.
  /// The run ends so long after its last deadline is met, if that is earlier.
  std::optional<zab::Duration> settle;
  std::optional<uint64_t> txns;
  uint64_t events = 50'000'000;
  std::optional<Quiet> quiet;
};

enum class Verdict : uint8_t { kPass, kViolation };

struct LeaderAfter {
  EventIndex event;
  std::vector<zab::ServerId> servers;  // The key `in`.
};
struct TxnOutcome {
  std::variant<zab::Zxid, VariableIndex> txn;
  bool delivered = true;  // Otherwise absent.
  std::vector<zab::ServerId> on;
};
struct OperationOutcome {
  OperationIndex op;
  Kind is{};                         // kOk, kError (written "failed") or kIndeterminate.
  std::optional<std::string> value;  // Only with kOk.
  std::optional<zab::Error> err;     // Only with kError.
};
struct RecoveredBy {
  zab::ServerId node;
  std::vector<Kind> ways;  // kDiff, kTrunc, kSnap.
};
using Outcome = std::variant<LeaderAfter, TxnOutcome, OperationOutcome, RecoveredBy>;

enum class State : uint8_t { kHasLeader, kWriteOk, kAllEqual };

struct Deadline {
  std::string name;
  std::optional<EventIndex> from;  // nullopt: quiet.
  std::variant<State, ProbeFilter> until;
  zab::Duration within;
};

/// Something that may happen in a run.
struct Reachability {
  std::variant<ProbeFilter, EventIndex> what;
  std::optional<zab::Ratio>
      share;  // The fraction of runs; nullopt: one run is enough.  Unused in `never`.
};

/// Bounds for the median over the runs; at least one is set.
struct MetricBounds {
  std::optional<uint64_t> at_least;
  std::optional<uint64_t> at_most;
};

struct Expect {
  Verdict verdict = Verdict::kPass;
  std::vector<std::string> violates;  // Names of invariants.
  std::vector<Outcome> outcome;
  std::vector<Deadline> deadlines;
  std::vector<Reachability> sometimes;
  std::vector<Reachability> never;
  absl::btree_map<std::string, MetricBounds> metrics;
};

/// The known bug that a story shows, and what a run with it must violate.  Expect is about the run
/// without the bug.
struct KnownBug {
  std::string id;
  std::vector<std::string> violates;  // Invariants, or kMissedDeadline alone (bugs.h).
};

}  // namespace scenario
