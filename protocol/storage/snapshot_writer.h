// Writes fuzzy snapshots to disk: walked in chunks while transactions are applied, sealed, and
// named only when the log is durable up to the last transaction applied meanwhile (REFERENCE.md
// 14.3).  One at a time.  After naming it, files that are no longer needed are removed
// (REFERENCE.md 15.5).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "protocol/base/random.h"
#include "protocol/boundary/config.h"
#include "protocol/boundary/io.h"
#include "protocol/storage/directory.h"
#include "protocol/storage/purge.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/tree/database.h"

namespace zab {

class SnapshotWriter {
 public:
  bool busy() const { return phase_ != Phase::kIdle; }

  /// Begins a snapshot of `database`; the writer must not be busy.
  void Start(const Database& database, Outbox& out);
  /// Returns whether the completion was one of its own or of the purge that follows.
  bool OnFileDone(const FileDone& done, Zxid log_synced, const Limits& limits, Outbox& out);
  /// TaskName::kSnapshotChunk; `serial` is the task's number.
  void OnChunk(uint64_t serial, const Database& database, Outbox& out);
  /// Call when more of the log is synced: a sealed snapshot may be waiting for it.
  void OnLogSynced(Zxid log_synced, Outbox& out);
  /// Abandons the current snapshot and the purge, because the history is being replaced.  The .tmp
  /// file is removed, unless it is already being renamed; then the snapshot will exist.
  void Abandon(Outbox& out);

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("phase", phase_);
    field("serial", serial_);
    field("zxid", zxid_);
    field("last_applied", last_applied_);
    field("walker", walker_);
    field("offset", offset_);
    field("adler", adler_);
    field("waits_for", waits_for_);
    field("purger", purger_);
  }

 private:
  enum class Phase : uint8_t {
    kIdle,
    kWalking,  // A chunk is being written, or the next one is scheduled.
    kSealing,  // The file is being synced.
    kSealed,   // It waits for the log.
    kNaming,   // It is being renamed.
  };

  void WriteChunk(const Database& database, Outbox& out);
  /// Names the snapshot if the log is durable up to the last applied transaction.
  void MaybeName(Zxid log_synced, Outbox& out);

  Phase phase_ = Phase::kIdle;
  uint64_t serial_ = 0;    // Distinguishes the tasks of different snapshots.
  Zxid zxid_;              // The zxid in its name.
  Zxid last_applied_;      // Of the tree when the walk ended.
  SnapshotWalker walker_;  // In kWalking.
  uint64_t offset_ = 0;    // Bytes written.
  uint32_t adler_ = 1;     // Of them.
  OperationId waits_for_;  // In kWalking, kSealing and kNaming.
  Purger purger_;          // May still be running when the next snapshot begins.
};

/// When to take a snapshot: after snap_count/2 transactions plus a random number below
/// snap_count/2, or the same for bytes of log; drawn again after each snapshot (ZK
/// SyncRequestProcessor).
class SnapshotTrigger {
 public:
  void Draw(const Limits& limits, Chooser& chooser, Entity entity);
  bool Reached(int64_t txns, int64_t bytes) const { return txns > txns_ || bytes > bytes_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("txns", txns_);
    field("bytes", bytes_);
  }

 private:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  int64_t txns_ = kNever;
  int64_t bytes_ = kNever;
};

}  // namespace zab
