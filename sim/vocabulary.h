// What the world itself tells in the trace, and the numbers that stand for it there.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace sim {

struct Record;

/// What the world does, and what is done to it.
enum class WorldProbe : uint8_t {
  kCrashed = 1,    // kind: power | kill.
  kRestarted,      //
  kPaused,         //
  kResumed,        //
  kHalted,         // reason: that of Host::Halt.
  kCut,            // peer: the receiving end; number: of the cut (CutId).
  kHealed,         // The same.
  kClogged,        // peer: the receiving end.
  kReleased,       // peer: the receiving end.
  kLinkSet,        // peer: the receiving end; number: the mean latency, in ns; code: the loss, in
                   // millionths; item: the bandwidth, in bytes per second, 0: no limit.
  kDiskSet,        // number: the mean time of an fsync, in ns; item: the capacity, 0: no limit.
  kDiskFailed,     // An operation has failed.  kind: read | write | fsync | full.
  kDiskCorrupted,  // Durable bytes are not what was written.  kind: rot | block | reordered |
                   // wiped.
  kClockSet,       // number: how far the wall clock jumps, in ns; code: the drift, in ppm.
};

/// The `kind` column of what the world tells.
enum class WorldKind : uint8_t {
  kNone,
  kPower,
  kKill,
  kRead,
  kWrite,
  kFsync,
  kFull,
  kRot,
  kBlock,
  kReordered,
  kWiped,
};

/// An application that takes the world's own numbers has those from here on for its probes and
/// kinds.
constexpr uint8_t kFirstFreeNumber = 32;

/// "crashed", "disk_failed".
absl::string_view Name(WorldProbe probe);
/// "none", "power".
absl::string_view Name(WorldKind kind);

/// How traces number what the world tells, and how a record reads.  An application whose traces
/// have numbers of their own brings its own; the one made by default has those of the enumerators.
struct Vocabulary {
  /// Column Columns::probe of that.
  uint8_t (*number_of_probe)(WorldProbe probe) = [](WorldProbe probe) {
    return static_cast<uint8_t>(probe);
  };
  /// Column Columns::kind of that; 0 for kNone.
  uint8_t (*number_of_kind)(WorldKind kind) = [](WorldKind kind) {
    return static_cast<uint8_t>(kind);
  };
  /// One line without line break, for the report of a failed check.  Null: ToString (trace.h).
  std::string (*text_of)(const Record& record) = nullptr;
};

}  // namespace sim
