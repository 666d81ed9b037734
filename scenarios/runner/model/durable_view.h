// DurableView: what the disks really hold, independently of what the servers claim.  Reads the
// durable image of each simulated disk; each byte of a growing log is read once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/model/histories.h"
#include "sim/file_store.h"

namespace scenario {

/// What a server would recover after a power loss now.
struct DurableState {
  bool known = false;  // Whether the disk has been used; always false in tests without disks.
  HistoryId history;   // Empty if damaged.
  zab::Zxid last;      // As a restart would announce it; (e,0) for a snapshot of an epoch without
                       // transactions.
  std::string damage;  // Why the history is unusable; empty if it is usable.
  std::optional<zab::Epoch> accepted_epoch;  // nullopt: no such file, or no epoch in it.
  std::optional<zab::Epoch> current_epoch;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("known", known);
    field("history", history);
    field("last", last);
    field("damage", damage);
    field("accepted_epoch", accepted_epoch);
    field("current_epoch", current_epoch);
  }
};

/// A plain value.
class DurableView {
 public:
  explicit DurableView(size_t servers) : disks_(servers) {}

  const DurableState& state(zab::ServerId server) const {
    return disks_[server.value - size_t{1}].state;
  }

  /// The histories that a snapshot seen for the first time may represent a prefix of: `received`
  /// for one still being installed (received.<z>), otherwise `history`.
  struct Claims {
    HistoryId history;
    HistoryId received;
  };
  /// Reads the whole disk.  Cheap if nothing has become durable since the last call.
  void Refresh(zab::ServerId server, const sim::FileStore& files, const Claims& claims,
               Histories& histories);
  /// What the oldest sound snapshot on the disk lacks: a transaction of the server's history after
  /// it that no log on the disk has, although later ones have what follows.  As of the last
  /// Refresh; nullopt: nothing, or the disk is damaged.
  std::optional<zab::Zxid> MissingAfterOldest(zab::ServerId server, const sim::FileStore& files,
                                              const Histories& histories) const;
  /// The next Refresh reads all of the server's disk: `files` is a copy, so that nothing in it can
  /// be told by ids that were read before.  Which history each snapshot represents stays known.
  void Forget(zab::ServerId server, const sim::FileStore& files);
  /// What is kept when all is forgotten.
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("disks", disks_);
  }
  /// Reads only what was appended to the newest log file.
  void Extend(zab::ServerId server, const sim::FileStore& files, Histories& histories);

 private:
  struct Snapshot {
    uint64_t generation = 0;  // Not a field: of this copy.
    uint64_t written = 0;     // Not a field: follows from hash.
    bool valid = false;       // Not a field: follows from hash.
    HistoryId history;
    zab::Zxid zxid;     // From its name.
    uint64_t hash = 0;  // Of its bytes.

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("history", history);
      field("zxid", zxid);
      field("hash", hash);
    }
  };
  struct LogCursor {
    zab::Zxid first;  // From its name.
    std::string name;
    uint64_t file = 0;
    uint64_t generation = 0;
    uint64_t parsed = 0;  // Bytes.
    zab::Zxid last;       // Of what has been parsed; 0:0: nothing yet.
  };
  struct Disk {
    DurableState state;
    uint64_t version = 0;  // Not a field, as all that is read again.
    /// The file id of the snapshot it starts from.
    std::optional<uint64_t> base;                   // Not a field.
    absl::btree_map<uint64_t, Snapshot> snapshots;  // By file id.
    /// The logs replayed on the snapshot, ascending.
    std::vector<LogCursor> logs;  // Not a field.
    /// Of logs before them, by file id: their last.
    absl::btree_map<uint64_t, zab::Zxid> ends;  // Not a field.

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("state", state);
      for (const auto& [file, snapshot] : snapshots) field("snapshot", snapshot);
    }
  };
  struct Base {
    uint64_t file = 0;
    zab::Zxid zxid;
    HistoryId history;
  };
  struct Listing;

  static std::optional<Base> FindBase(Disk& disk, const Listing& listing,
                                      const sim::FileStore& files, const Claims& claims,
                                      const Histories& histories);
  static void ReadEpochs(Disk& disk, const sim::FileStore& files);
  static bool IsStillValid(Disk& disk, const Base& base, const std::vector<LogCursor>& logs,
                           const Histories& histories);
  static void Replay(Disk& disk, size_t log, const sim::FileStore& files, Histories& histories);
  static void ReplayKnown(Disk& disk, LogCursor& cursor, absl::string_view written,
                          Histories& histories);
  static bool Take(Disk& disk, const zab::Txn& txn, Histories& histories);
  static void Damage(Disk& disk, std::string why);

  std::vector<Disk> disks_;  // By sid - 1.
};

}  // namespace scenario
