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
  Zxid named;  // By its name the first zxid.
  uint64_t bytes = 0;
  uint64_t records = 0;          // Good ones, up to the first that is not.
  std::vector<EpochRun> epochs;  // Those records, in the order of the file.
  LogEnd end = LogEnd::kClean;
  uint64_t valid_bytes = 0;  // Up to the last good record.
  std::string problem;       // Of what follows there; empty if it is clean.
};

enum class SnapshotState : uint8_t {
  kValid,
  kUnfinished,  // It does not end as a snapshot ends: a crash came while it was written.
  kDamaged,     // It has its end, but does not load.
};

/// One snapshot file.
struct SnapshotReport {
  std::string name;
  Zxid zxid;  // Of its name: what was applied when it was begun.
  uint64_t bytes = 0;
  SnapshotState state = SnapshotState::kValid;
  std::string problem;  // If it is not valid.
  // The rest is set if it is valid.
  uint64_t nodes = 0, sessions = 0, acls = 0;
  std::optional<std::pair<Zxid, uint64_t>> digest;  // Its digest block.
};

/// Two neighbouring records in the log of which the second does not follow the first.
struct Gap {
  std::string file;  // That of `next`.
  Zxid after, next;
  bool covered = false;  // The restore begins with a snapshot behind it.
};

enum class Health : uint8_t {
  kClean,
  kTorn,     // Explained by a crash: a torn tail, an unfinished file.  Bit rot in the last record
             // looks the same: the format cannot distinguish it from an incomplete write.
  kDamaged,  // They do not: bad bytes among good ones, a gap, a tree that is not what it should be.
};

struct Inspection {
  Health health = Health::kClean;
  std::vector<SnapshotReport> snapshots;  // Ascending, as are the logs.
  std::vector<LogReport> logs;
  std::vector<Gap> gaps;
  std::vector<std::string> temporary;  // *.tmp and received.*: unfinished work.
  std::vector<std::string> unknown;    // Names of none of the kinds above.
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
