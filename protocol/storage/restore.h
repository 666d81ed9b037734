// Recovery as a pure function of what the disk holds (REFERENCE.md 15.1 to 15.3, 13.3): which
// snapshot, which log records, what has to be mended first.  Used by a peer at its start, by TRUNC,
// and by whoever wants to know what a directory would give: checkers, fsck.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/handles.h"
#include "protocol/boundary/config.h"
#include "protocol/storage/directory.h"
#include "protocol/tree/database.h"
#include "protocol/wire/ids.h"

namespace zab {

/// One step of mending a directory; each is durable before the next begins.
struct RemoveFile {
  std::string path;
};  // Remove, sync_dir.
struct CutFile {
  std::string path;
  uint64_t length = 0;
};  // Truncate, fsync.
struct RenameFile {
  std::string path;
  std::string to;
};  // Rename, sync_dir.
using RepairStep = std::variant<RemoveFile, CutFile, RenameFile>;

/// What a directory holds once `repairs` are done.
struct Restored {
  std::vector<RepairStep> repairs;
  /// No usable history: it keeps its files, announces no zxid, serves nobody (REFERENCE.md 15.6).
  /// Then database, snapshot and log are empty, and repairs remove *.tmp alone.  `damage` says what
  /// and where.
  bool damaged = false;
  std::string damage;
  /// Nothing there at all: snapshot.0 has to be written.
  bool fresh = false;
  Database database;
  std::optional<Zxid> snapshot;         // The one it starts from.
  std::vector<Zxid> passed_over;        // Newer ones, damaged.
  std::vector<TxnRef> log;              // The records replayed on it, in order.
  std::vector<Zxid> mismatches;         // Where the tree is not what its digest says.
  std::optional<Epoch> accepted_epoch;  // None: no such file.
  std::optional<Epoch> current_epoch;
  /// acceptedEpoch is there and cannot be read: what the server has promised is unknown.
  bool promise_lost = false;
  /// The last log file and its name, to be synced before its end is announced (P8); empty: none.
  std::string last_log;
};

/// Restores `image`: removes every *.tmp, finishes an interrupted SNAP installation, picks the
/// newest valid snapshot, replays the log behind it, cuts a torn tail.  `unreadable`: files that
/// are there but not in the image; any of them that holds history is damage.
Restored Restore(const DirectoryImage& image, const PeerConfig& config,
                 const absl::btree_set<std::string>& unreadable = {});

/// TRUNC (REFERENCE.md 15.3): the steps that leave exactly the history up to `zxid`; none if a
/// snapshot <= zxid and the records behind it do not lead exactly there.  A fuzzy snapshot that may
/// hold a later transaction is removed like one with a later name.  Changes nothing itself.
std::optional<std::vector<RepairStep>> PlanTruncate(const DirectoryImage& image, Zxid zxid,
                                                    const KnownBugs& bugs = {});

/// `image` after `steps`.
void ApplyRepairs(const std::vector<RepairStep>& steps, DirectoryImage& image);
/// Puts `steps` onto the disk, each durable before the next; the result is the last operation, none
/// if there are no steps.
std::optional<OperationId> PerformRepairs(const std::vector<RepairStep>& steps, Outbox& out);

/// The log on disk as the leader's case 5 wants it (REFERENCE.md 7.1): the last record at or below
/// `zxid`, by which the walk sees whether this history holds `zxid`, and all behind it.  None if no
/// log file begins at or below `zxid`, if the files from there on are larger than `factor` of the
/// newest snapshot (factor.numerator 0: no limit), or if what they hold is not contiguous.
/// `initial_counter`: that of Limits.
std::optional<std::vector<TxnRef>> LogBehind(const DirectoryImage& image, Zxid zxid, Ratio factor,
                                             const KnownBugs& bugs = {},
                                             uint32_t initial_counter = 0);

}  // namespace zab
