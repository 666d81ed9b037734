// Draws a corruption of a history file: which bytes change to what.  Only corruption that checksums
// can detect is drawn; loss that cannot be detected is the action Wipe.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "protocol/base/random.h"
#include "scenarios/runner/language/scenario.h"
#include "sim/file_store.h"

namespace scenario {

struct CorruptedBytes {
  std::string file;
  uint64_t offset = 0;
  std::string bytes;
};

/// Draws a corruption of the newest durable log or snapshot.  kFailedPrecondition: it cannot be
/// corrupted so; the message says what the server "has".  kRot flips one bit.  kBlock overwrites a
/// sector with another sector of the same file, as a misdirected write does; in a log, a whole
/// record must follow it, since damage at the very end could look like a record torn by a crash.
absl::StatusOr<CorruptedBytes> DrawCorruptedBytes(const sim::FileStore& files, HistoryFileKind kind,
                                                  Damage damage, zab::Entity entity,
                                                  zab::Chooser& chooser);

}  // namespace scenario
