// Core: the state that outlives a role.  A server that loses its leader (a soft restart) keeps all
// of it, most importantly the database; a crash loses it, and a restart rebuilds it from the disk.
// Roles hold no reference to it but get it with each call, so that everything stays a plain value
// that can be cloned.
#pragma once

#include <deque>
#include <optional>

#include "protocol/base/random.h"
#include "protocol/boundary/config.h"
#include "protocol/boundary/outbox.h"
#include "protocol/election/back_off.h"
#include "protocol/election/channels.h"
#include "protocol/election/vote.h"
#include "protocol/roles/history_change.h"
#include "protocol/storage/epochs.h"
#include "protocol/storage/log_writer.h"
#include "protocol/storage/snapshot_writer.h"
#include "protocol/tree/database.h"

namespace zab {

struct Core {
  PeerConfig config;
  Chooser chooser;  // Of this incarnation.
  Entity entity;    // The entity of its draws: (server, incarnation).
  IdCounters ids;
  Instant now;  // Of the current step.

  // State on disk.
  Epochs epochs;
  LogWriter log;
  SnapshotWriter snapshots;
  SnapshotTrigger snapshot_trigger;
  /// A TRUNC or SNAP in progress on the disk; it is finished even if the role that began it ends.
  std::optional<HistoryChange> history_change;
  /// The history on disk is unusable: announce no zxid and serve no clients until a SNAP replaces
  /// it (REFERENCE.md 15.6).
  bool damaged = false;

  // State in memory, kept through a soft restart.
  Database database;
  /// Transactions passed to the log writer and not yet applied to the tree, in order.
  std::deque<TxnRef> unapplied;
  ElectionChannels channels;
  ElectionClock election;
  BackOff back_off;
  ServerState state = ServerState::kLooking;
  /// The counter of client ids.  It starts from the time of the process start, like ZooKeeper's
  /// session ids, so that transactions of an earlier life cannot be confused with those of current
  /// clients.
  int64_t clients_accepted = 0;
  /// The counter of notifications to itself, over all elections.
  uint64_t own_notifications = 0;
  /// The counter of roles; tasks carry it, so that those of an earlier role are dropped.
  uint64_t role_serial = 0;

  /// The zxid to announce in a vote or an ACKEPOCH that counts.
  std::optional<Zxid> AnnouncedZxid() const {
    if (damaged) return std::nullopt;
    return database.last_processed;
  }
  /// Passes `txn` to the log writer.
  void Log(const TxnRef& txn, Outbox& out) {
    unapplied.push_back(txn);
    if (config.known_bugs.TreeAndLogMayPart() && txn->zxid() <= log.last_appended()) return;
    log.Append(txn, config.limits, out);
  }
  /// Applies everything logged, committed or not; then the tree represents the whole log.
  void FastForward() {
    for (const TxnRef& txn : unapplied) database.Apply(txn);
    unapplied.clear();
  }
  /// Whether no operation that changes the history or a promise is in progress on the disk.
  bool DiskIdle() const { return log.idle() && !epochs.busy() && !history_change; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("config", config);
    field("chooser", chooser);
    field("entity", entity);
    field("ids", ids);
    field("now", now);
    field("epochs", epochs);
    field("log", log);
    field("snapshots", snapshots);
    field("snapshot_trigger", snapshot_trigger);
    field("history_change", history_change);
    field("damaged", damaged);
    field("database", database);
    field("unapplied", unapplied);
    field("channels", channels);
    field("election", election);
    field("back_off", back_off);
    field("state", state);
    field("clients_accepted", clients_accepted);
    field("own_notifications", own_notifications);
    field("role_serial", role_serial);
  }
};

}  // namespace zab
