// Random faults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/events.h"
#include "scenarios/runner/language/physics.h"

namespace scenario {

enum class NemesisKind : uint8_t {
  kPartition,
  kClog,
  kCrashRestart,
  kRollingRestart,
  kPause,
  kSlowFsync,
  kDiskError,
  kDiskLoss,
  kSwizzleClog,
  kFlapLeader,
  kGrayLink,
  kClock
};
enum class Shape : uint8_t {
  kHalves,
  kOne,
  kLeaderMinority,
  kBridge,
  kOneway,  // Of kPartition.
  kRead,
  kWrite,
  kFsync,
  kFull,  // Of kDiskError.
  kRot,
  kBlock,
  kReordered,
  kWipe,  // Of kDiskLoss.
  kPause,
  kCut,
  kKill,  // Of kFlapLeader.
  kDrift,
  kStep  // Of kClock.
};

/// How many servers may be down at once.
enum class MostDown : uint8_t { kMinority, kAll };

struct Nemesis {
  NemesisKind kind{};
  zab::Duration interval = zab::Seconds(10);  // Mean from start to start; above 0.
  zab::Duration duration = zab::Seconds(3);   // Above 0.
  std::vector<Selector>
      targets;                // One is drawn each time; unused by kinds that choose their targets.
  std::vector<Shape> shapes;  // One is drawn each time.
  uint64_t factor = 20;       // Only for kSlowFsync and kGrayLink; above 1.
  zab::Time from;
  std::optional<zab::Time> until;  // nullopt: quiet, or the end if there is no quiet.
  MostDown limit{};                // For kinds that take servers down; the key `limit.down`.
};

}  // namespace scenario
