// Draws a corruption of a history file: which bytes change to what.  Only corruption that checksums
// can detect is drawn; loss that cannot be detected is the action Wipe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/base/random.h"
#include "scenarios/runner/language/scenario.h"
#include "sim/file_store.h"

namespace scenario {

struct CorruptedBytes {
  std::string file;
  uint64_t offset = 0;
  std::string bytes;
};

/// Draws a corruption of the newest durable log or snapshot; nullopt if there is nothing to
/// corrupt. kRot flips one bit.  kBlock overwrites a sector with another sector of the same file,
/// as a misdirected write does; in a log, a whole record must follow it, since damage at the very
/// end could look like a record torn by a crash.
std::optional<CorruptedBytes> DrawCorruptedBytes(const sim::FileStore& files, HistoryFileKind kind,
                                                 Damage damage, zab::Entity entity,
                                                 zab::Chooser& chooser);

}  // namespace scenario
