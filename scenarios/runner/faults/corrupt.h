// Where a copy is spoiled: which bytes of a history file become which others.  What is drawn is
// what checksums can tell; bytes that are lost without a trace are Wipe's.
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

/// Of the newest log or snapshot that is durable on the disk.  Rot: one bit of what was written.
/// Block: a sector that a misdirected write of another sector of the file has hit; of a log one
/// with a whole record behind it, since at the very end it could look like a record that a crash
/// tore. None: there is nothing to spoil.
std::optional<CorruptedBytes> DrawCorruptedBytes(const sim::FileStore& files, HistoryFileKind kind,
                                                 Damage damage, zab::Entity entity,
                                                 zab::Chooser& chooser);

}  // namespace scenario
