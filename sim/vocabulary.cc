// The names of what the world tells.
#include "sim/vocabulary.h"

namespace sim {

absl::string_view Name(WorldProbe probe) {
  switch (probe) {
    case WorldProbe::kCrashed: return "crashed";
    case WorldProbe::kRestarted: return "restarted";
    case WorldProbe::kPaused: return "paused";
    case WorldProbe::kResumed: return "resumed";
    case WorldProbe::kHalted: return "halted";
    case WorldProbe::kCut: return "cut";
    case WorldProbe::kHealed: return "healed";
    case WorldProbe::kClogged: return "clogged";
    case WorldProbe::kReleased: return "released";
    case WorldProbe::kLinkSet: return "link_set";
    case WorldProbe::kDiskSet: return "disk_set";
    case WorldProbe::kDiskFailed: return "disk_failed";
    case WorldProbe::kDiskCorrupted: return "disk_corrupted";
    case WorldProbe::kClockSet: return "clock_set";
  }
  return "";
}

absl::string_view Name(WorldKind kind) {
  switch (kind) {
    case WorldKind::kNone: return "none";
    case WorldKind::kPower: return "power";
    case WorldKind::kKill: return "kill";
    case WorldKind::kRead: return "read";
    case WorldKind::kWrite: return "write";
    case WorldKind::kFsync: return "fsync";
    case WorldKind::kFull: return "full";
    case WorldKind::kRot: return "rot";
    case WorldKind::kBlock: return "block";
    case WorldKind::kReordered: return "reordered";
    case WorldKind::kWiped: return "wiped";
  }
  return "";
}

}  // namespace sim
