// Moment: a point in the run of a process at which a crash makes a difference, for an observer that
// crashes processes at exact points.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/base/file_op.h"
#include "sim/node_id.h"
#include "sim/numbers.h"

namespace sim {

enum class MomentKind : uint8_t {
  kFileCompletes,  // A file operation is about to take effect.
  kFileTold,       // It has taken effect; the process is about to be notified.
  kDelivered,      // Bytes are about to be delivered to the process.
  kTimer,          // The process is about to be notified of a timer.
  kFileIssued,     // A file operation is about to be queued.
  kSent,           // Bytes are about to be sent.
  kStepEnd,        // All effects of a step have been performed.
};

/// Valid during the call.
struct Moment {
  NodeId node;
  MomentKind kind{};
  zab::FileKind file{};    // For kFileCompletes and kFileIssued.
  absl::string_view path;  // As in zab::FileOp; for the same kinds.
  Tag tag = 0;             // For kSent: that of Host::Send.
};

}  // namespace sim
