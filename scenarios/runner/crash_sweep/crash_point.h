// CrashPoint: one of the numbered points of a clean run at which the crash sweep crashes a server.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/base/file_op.h"
#include "protocol/base/time.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

enum class PointKind : uint8_t { kFileIssued, kFileCompleted, kSent, kDelivered, kTimer };
constexpr int kPointKindCount = static_cast<int>(PointKind::kTimer) + 1;

/// Whether the crash comes before or after what happens at the point.
enum class PointEdge : uint8_t {
  kBefore,  // It does not happen: nothing is queued, written or sent; or the server is not
            // notified.
  kUntold,  // Only for kFileCompleted: the disk has done it, but the server is not notified.
  kAfter,   // The step is complete: all its effects have been queued or sent.
};

/// How the sweep crashes a server.
struct SweepCrash {
  enum class Kind : uint8_t {
    kKill,     // The page cache survives.
    kPower,    // Unsynced data are treated as the disk's on_crash says.
    kReorder,  // Power, on a disk that may reorder directory changes: all changes of names
               // survive but one.  With too few unsynced ones it equals kPower.
  };
  Kind kind{};
  size_t lost = 0;  // Only for kReorder: which one is lost, from 1, the oldest.
  friend constexpr auto operator<=>(const SweepCrash&, const SweepCrash&) = default;
};

/// A point before or after which a server can crash.
struct CrashPoint {
  uint64_t number = 0;  // From 1, in the order of the run.  Heartbeats count too.
  uint64_t event = 0;   // World::event_count() before the event that contains the point.
  NodeId node;          // A server.
  zab::Time time;
  PointKind kind{};
  PointEdge edge{};
  /// The step only receives or sends PINGs and does nothing else, so a crash here is equivalent to
  /// one before the server's next point.
  bool heartbeat = false;
  zab::FileKind file{};       // For file kinds.
  std::string path;           // For file kinds; empty for list and sync_dir.
  Kind message{};             // For kSent and kDelivered; kNone: to or from a client.
  size_t unsynced_names = 0;  // Unsynced changes of names on the server's disk.
};

/// "file_issued", ...
absl::string_view Name(PointKind kind);
/// "before", ...
absl::string_view Name(PointEdge edge);
/// "fsync", "sync_dir", ...
absl::string_view Name(zab::FileKind kind);
/// "kill", "power", "reorder:2".
std::string Name(const SweepCrash& crash);
/// Parses such a name; nullopt if it is invalid.
std::optional<SweepCrash> ParseSweepCrash(absl::string_view name);
/// "n3 at 1.5s, before file_completed fsync log.100000001".
std::string Describe(const CrashPoint& point, const Scenario& scenario);

}  // namespace scenario
