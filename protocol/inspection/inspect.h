// Inspects a data directory file by file, and what a restore would give, for fsck and tests.  Uses
// the same functions as a server that starts, and changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/storage/directory.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/restore.h"
#include "protocol/wire/ids.h"

namespace zab {

/// Consecutive records of one epoch.
struct EpochRun {
  Zxid first, last;
  uint64_t records = 0;
};

/// One transaction log file.
struct LogReport {
  std::string name;
  Zxid named;  // The first zxid according to its name.
  uint64_t bytes = 0;
  uint64_t records = 0;          // Good records, up to the first bad one.
  std::vector<EpochRun> epochs;  // Of those records, in the order of the file.
  LogEnd end = LogEnd::kClean;
  uint64_t valid_bytes = 0;  // Up to the end of the last good record.
  std::string problem;       // The problem after valid_bytes; empty if the file is clean.
};

enum class SnapshotState : uint8_t {
  kValid,
  kUnfinished,  // The end is missing: a crash came while it was written.
  kDamaged,     // It has its end but cannot be loaded.
};

/// One snapshot file.
struct SnapshotReport {
  std::string name;
  Zxid zxid;  // From its name: the last applied zxid when it was begun.
  uint64_t bytes = 0;
  SnapshotState state = SnapshotState::kValid;
  std::string problem;  // Set if it is not valid.
  // The rest is set if it is valid.
  uint64_t nodes = 0, sessions = 0, acls = 0;
  std::optional<std::pair<Zxid, uint64_t>> digest;  // Its digest block.
};

/// Two neighbouring records in the log of which the second does not follow the first.
struct Gap {
  std::string file;  // The file of `next`.
  Zxid after, next;
  bool covered = false;  // Whether the restore begins with a snapshot after the gap.
};

enum class Health : uint8_t {
  kClean,
  kTorn,     // Explained by a crash: a torn tail, an unfinished file.  Bit rot in the last record
             // looks the same: the format cannot distinguish it from an incomplete write.
  kDamaged,  // Not explained by a crash: bad bytes among good ones, a gap, a wrong tree.
};

struct Inspection {
  Health health = Health::kClean;
  std::vector<SnapshotReport> snapshots;  // Ascending, as are the logs.
  std::vector<LogReport> logs;
  std::vector<Gap> gaps;
  std::vector<std::string> temporary;  // *.tmp and received.*: unfinished work.
  std::vector<std::string> unknown;    // Names of no known kind.
  Restored restored;
};

/// Inspects `image`, the contents of a version-2 directory.
Inspection Inspect(const DirectoryImage& image);

/// "clean", "torn", "damaged".
const char* Name(Health health);
const char* Name(LogEnd end);
/// "valid", "unfinished", "damaged".
const char* Name(SnapshotState state);

}  // namespace zab
