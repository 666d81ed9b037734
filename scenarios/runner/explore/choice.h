// Choice: what may happen next in an explored world.
#pragma once

#include <cstdint>
#include <string>

namespace scenario::explore {

enum class ChoiceKind : uint8_t {
  kDeliver,     // The next message of a stream.
  kDisk,        // The disk of a server goes on.
  kRestart,     // A server that is down starts.
  kHeal,        // A pair that is cut can talk again.
  kTimer,       // A timer of a server fires.
  kQuorumLost,  // A leader whose quorum is gone notices.
  kWrite,       // From here on: each spends some of the budget.
  kRead,
  kKill,
  kPowerLoss,
  kCut,
  kBreak,
  kDiskError,
  kSnapshot,
};
constexpr int kChoiceKindCount = static_cast<int>(ChoiceKind::kSnapshot) + 1;

/// "deliver", "power_loss".
const char* Name(ChoiceKind kind);

/// A plain value.  `server`: whom it concerns.
struct Choice {
  ChoiceKind kind{};
  uint8_t server = 0;  // Sid.  kDeliver, kBreak: the pipe, by its position.
  uint8_t detail = 0;  // kDeliver: 1 if from the end that has connected.  kTimer: its name.
                       // kKill, kPowerLoss: how many queued operations are done before.
                       // kCut, kHeal: the other sid.
  bool lost = false;   // kKill, kPowerLoss, kCut, kBreak: what was under way is lost.
};

}  // namespace scenario::explore
