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
  kFileCompletes,  // A file operation has run its time; its effect is not there yet.
  kFileTold,       // Its effect is there; the process is about to be told.
  kDelivered,      // The process is about to be given bytes.
  kTimer,          // The process is about to be told that a timer has fired.
  kFileIssued,     // A file operation is about to be queued.
  kSent,           // Bytes are about to be sent.
  kStepEnd,        // All effects of a step have been performed.
};

/// Valid during the call.
struct Moment {
  NodeId node;
  MomentKind kind{};
  zab::FileKind file{};    // Only of kFileCompletes, kFileIssued.
  absl::string_view path;  // As in zab::FileOp; only of those two.
  Tag tag = 0;             // Of kSent: that of Host::Send.
};

}  // namespace sim
