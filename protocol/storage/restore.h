// Recovery as a pure function of the contents of a disk (REFERENCE.md 15.1 to 15.3, 13.3): which
// snapshot, which log records, and which repairs are necessary first.  Used by a peer at its start,
// by TRUNC, and by checkers and fsck.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/handles.h"
#include "protocol/boundary/config.h"
#include "protocol/storage/directory.h"
#include "protocol/storage/log_format.h"
#include "protocol/tree/database.h"
#include "protocol/wire/ids.h"

namespace zab {

/// One step of repairing a directory; each is durable before the next begins.
struct RemoveFile {
  std::string path;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("path", path);
  }
};  // Remove, sync_dir.
struct CutFile {
  std::string path;
  uint64_t length = 0;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("path", path);
    field("length", length);
  }
};  // Truncate, fsync.
struct RenameFile {
  std::string path;
  std::string to;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("path", path);
    field("to", to);
  }
};  // Rename, sync_dir.
using RepairStep = std::variant<RemoveFile, CutFile, RenameFile>;

/// What a directory contains once `repairs` are done.
struct Restored {
  std::vector<RepairStep> repairs;
  /// There is no usable history: the server keeps its files, announces no zxid, and serves no
  /// clients (REFERENCE.md 15.6).  Then database, snapshot and log are empty, repairs only remove
  /// *.tmp, and `damage` describes the problem.
  bool damaged = false;
  std::string damage;
  /// The directory has no history at all: snapshot.0 must be written.
  bool fresh = false;
  Database database;
  std::optional<Zxid> snapshot;         // The snapshot it starts from.
  std::vector<Zxid> passed_over;        // Newer, damaged snapshots.
  std::vector<TxnRef> log;              // The records replayed on the snapshot, in log order.
  std::vector<Zxid> mismatches;         // Zxids at which the tree differs from the digest.
  std::optional<Epoch> accepted_epoch;  // nullopt: no such file.
  std::optional<Epoch> current_epoch;
  /// acceptedEpoch exists but cannot be read, or is below currentEpoch: the server's promise is
  /// unknown.
  bool promise_lost = false;
  /// The name of the last log file, which must be synced before its end is announced (P8); empty:
  /// none.
  std::string last_log;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("repairs", repairs);
    field("damaged", damaged);
    field("damage", damage);
    field("fresh", fresh);
    field("database", database);
    field("snapshot", snapshot);
    field("passed_over", passed_over);
    field("log", log);
    field("mismatches", mismatches);
    field("accepted_epoch", accepted_epoch);
    field("current_epoch", current_epoch);
    field("promise_lost", promise_lost);
    field("last_log", last_log);
  }
};

/// Restores `image`: removes every *.tmp, finishes an interrupted SNAP installation, picks the
/// newest valid snapshot, replays the log after it, and cuts off a torn tail.  `unreadable`: files
/// that exist but are not in the image; if any of them contains history, the result is damaged.
/// `max_record`: the longest record, path or value accepted, in bytes.
Restored Restore(const DirectoryImage& image, const PeerConfig& config,
                 const absl::btree_set<std::string>& unreadable = {},
                 size_t max_record = kMaxEntry);

/// TRUNC (REFERENCE.md 15.3): the steps that leave exactly the history up to `zxid`; nullopt if no
/// snapshot <= zxid with the records after it leads exactly there.  A fuzzy snapshot that may
/// contain a later transaction is removed like one with a later name.  Changes nothing itself.
std::optional<std::vector<RepairStep>> PlanTruncate(const DirectoryImage& image, Zxid zxid,
                                                    const KnownBugs& bugs = {});

/// Applies `steps` to `image`.
void ApplyRepairs(const std::vector<RepairStep>& steps, DirectoryImage& image);
/// Performs `steps` on the disk, each durable before the next.  Returns the last operation; nullopt
/// if there are no steps.
std::optional<OperationId> PerformRepairs(const std::vector<RepairStep>& steps, Outbox& out);

/// The log on disk for the leader's case 5 (REFERENCE.md 7.1): the last record at or before `zxid`,
/// which shows whether this history contains `zxid`, and everything after it.  nullopt if no log
/// file begins at or before `zxid`, if the files from there on are larger than `factor` of the
/// newest snapshot (factor.numerator 0: no limit), or if they are not contiguous.
/// `initial_counter` is that of Limits.
std::optional<std::vector<TxnRef>> LogBehind(const DirectoryImage& image, Zxid zxid, Ratio factor,
                                             const KnownBugs& bugs = {},
                                             uint32_t initial_counter = 0);

}  // namespace zab
