// Inspects a data directory file by file, and what a restore would give, for fsck and tests.  Uses
// the same functions as a server that starts, and changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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
  bool before_3_4 = false;   // It has creates in the format of ZooKeeper before 3.4.
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

/// Two neighbouring records in the log between which records are missing.
struct Gap {
  std::string file;  // The file of `next`.
  Zxid after, next;
  bool covered = false;  // Whether the restore begins with a snapshot after the gap.
};

/// A record whose zxid is not above that of the record before it.  Servers apply it in log order.
struct Repeat {
  enum class Kind : uint8_t {
    kDuplicate,  // The same record again.
    kStepBack,   // An earlier zxid.
    kOverlap,    // A file that begins at or below the end of the one before it.
  };
  Kind kind{};
  std::string file;  // The file of `next`.
  Zxid after, next;
};

/// Something that explains a finding or tells what to try.
enum class Hint : uint8_t {
  kCurrentEpochIsOld,   // It is below the epoch of the last transaction.  ZooKeeper refuses to
                        // start; this code accepts it (REFERENCE.md D7).
  kAcceptedEpochIsOld,  // It, or what would be made up for it, is below currentEpoch.  ZooKeeper
                        // refuses to start, and so does this code if the file is there.
  kTrustEmptySnapshot,  // There are logs from the first transaction on, and no snapshot.  ZooKeeper
                        // starts on them with zookeeper.snapshot.trust.empty.
  kLogsElsewhere,       // There are snapshots and no log: is there a dataLogDir?
  kSnapshotsElsewhere,  // There are logs and no snapshot: is this a dataLogDir?
  kLongRecord,          // A record is longer than the reader was told to accept.
  kBefore30,            // A file without a header, as ZooKeeper wrote them before 3.0.
  kAclMissing,          // A node has the number of an ACL that is not there.  ZooKeeper starts, and
                        // fails a client that asks for the ACL.
};

enum class Health : uint8_t {
  kClean,
  kTorn,     // Explained by a crash: a torn tail, an unfinished file.
  kDamaged,  // Not explained by a crash: other bytes, a gap, a tree that does not match its digest;
             // or ZooKeeper refuses to start on it.
};

struct Inspection {
  Health health = Health::kClean;
  std::vector<SnapshotReport> snapshots;  // Ascending, as are the logs.
  std::vector<LogReport> logs;
  std::vector<Gap> gaps;
  std::vector<Repeat> repeats;
  std::vector<std::pair<Hint, std::string>> hints;  // With what it is about: a file, a path.
  std::vector<std::string> temporary;               // *.tmp and received.*: unfinished work.
  std::vector<std::string> unknown;                 // Names of no known kind.
  Restored restored;
};

/// Inspects `image`, the contents of a version-2 directory.  Reads compressed snapshots too.
/// `max_record`: the longest record, path or value accepted, in bytes.
Inspection Inspect(const DirectoryImage& image, size_t max_record = kMaxEntry);

/// All good records of all logs, in the order of the files.
std::vector<TxnRef> RecordsOf(const DirectoryImage& image, size_t max_record = kMaxEntry);

/// "clean", "torn", "damaged".
const char* Name(Health health);
const char* Name(LogEnd end);
/// "valid", "unfinished", "damaged".
const char* Name(SnapshotState state);
/// "duplicate", "step_back", "overlap".
const char* Name(Repeat::Kind kind);
/// "current_epoch_is_old", "accepted_epoch_is_old", "trust_empty_snapshot", "logs_elsewhere",
/// "snapshots_elsewhere", "long_record", "before_3_0", "acl_missing".
const char* Name(Hint hint);

}  // namespace zab
