// Random faults.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/events.h"
#include "scenarios/runner/language/physics.h"
#include "scenarios/runner/language/short_list.h"

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

struct ShapeWord {
  Shape shape{};
  absl::string_view word;
};

/// How a kind is written, and which keys besides the common ones apply to it.
struct NemesisRow {
  NemesisKind kind{};
  absl::string_view word;
  ShortList<ShapeWord, 5> shapes;  // Of the key `shapes`; empty: it does not apply.
  /// `targets`; without it the kind hits all servers, the leader, or servers that it draws.
  bool targets = false;
  bool factor = false;
  bool limit = false;  // It takes servers down.
};

/// In the order of the enum.
inline constexpr auto kNemeses = [] {
  using enum NemesisKind;
  return std::to_array<NemesisRow>({
      {.kind = kPartition,
       .word = "partition",
       .shapes = {{Shape::kHalves, "halves"},
                  {Shape::kOne, "one"},
                  {Shape::kLeaderMinority, "leader_minority"},
                  {Shape::kBridge, "bridge"},
                  {Shape::kOneway, "oneway"}}},
      {.kind = kClog, .word = "clog", .targets = true},
      {.kind = kCrashRestart, .word = "crash_restart", .targets = true, .limit = true},
      {.kind = kRollingRestart, .word = "rolling_restart"},
      {.kind = kPause, .word = "pause", .targets = true, .limit = true},
      {.kind = kSlowFsync, .word = "slow_fsync", .targets = true, .factor = true},
      {.kind = kDiskError,
       .word = "disk_error",
       .shapes = {{Shape::kRead, "read"},
                  {Shape::kWrite, "write"},
                  {Shape::kFsync, "fsync"},
                  {Shape::kFull, "full"}},
       .targets = true,
       .limit = true},
      {.kind = kDiskLoss,
       .word = "disk_loss",
       .shapes = {{Shape::kRot, "rot"},
                  {Shape::kBlock, "block"},
                  {Shape::kReordered, "reordered"},
                  {Shape::kWipe, "wipe"}},
       .targets = true,
       .limit = true},
      {.kind = kSwizzleClog, .word = "swizzle_clog"},
      {.kind = kFlapLeader,
       .word = "flap_leader",
       .shapes = {{Shape::kPause, "pause"}, {Shape::kCut, "cut"}, {Shape::kKill, "kill"}},
       .limit = true},
      {.kind = kGrayLink, .word = "gray_link", .targets = true, .factor = true},
      {.kind = kClock,
       .word = "clock",
       .shapes = {{Shape::kDrift, "drift"}, {Shape::kStep, "step"}},
       .targets = true},
  });
}();
static_assert([] {
  for (size_t i = 0; i < kNemeses.size(); ++i) {
    if (kNemeses[i].kind != static_cast<NemesisKind>(i)) return false;
  }
  return kNemeses.size() == static_cast<size_t>(NemesisKind::kClock) + 1;
}());

constexpr const NemesisRow& RowOf(NemesisKind kind) {
  return kNemeses[static_cast<size_t>(kind)];
}

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
