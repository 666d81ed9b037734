// Core: what outlives a role.  A server that loses its leader (a soft restart) keeps all of it,
// above all the database; a crash loses it, and a restart makes it anew from the disk.  Roles hold
// no reference to it: each call is handed it, so that everything stays a plain value that can be
// cloned.
#pragma once

#include <deque>
#include <optional>

#include "protocol/base/random.h"
#include "protocol/boundary/config.h"
#include "protocol/boundary/outbox.h"
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
  Chooser chooser;  // This incarnation's own.
  Entity entity;    // Whom it draws for: (server, incarnation).
  IdCounters ids;
  Instant now;  // Of the step under way.

  // Durable, as far as the disk has answered.
  Epochs epochs;
  LogWriter log;
  SnapshotWriter snapshots;
  SnapshotTrigger snapshot_trigger;
  /// TRUNC or SNAP under way on the disk: it is finished even if the role that began it ends.
  std::optional<HistoryChange> history_change;
  /// The history on disk cannot be used: announce no zxid, serve nobody, until SNAP mends it
  /// (REFERENCE.md 15.6).
  bool damaged = false;

  // In memory, kept through a soft restart.
  Database database;
  /// Handed to the log writer and not yet applied to the tree, in order.
  std::deque<TxnRef> unapplied;
  ElectionChannels channels;
  ElectionClock election;
  ServerState state = ServerState::kLooking;
  /// Numbers the client ids.  It starts from the time at which the process started, as ZooKeeper's
  /// session ids do: a transaction of an earlier life must not look like one of this life's
  /// clients.
  int64_t clients_accepted = 0;
  /// Numbers the notifications to itself, over all elections.
  uint64_t own_notifications = 0;
  /// Counts roles; marks their hand-overs, so that one of an earlier role is known and dropped.
  uint64_t role_serial = 0;

  /// The zxid to announce in a vote or an ACKEPOCH that counts.
  std::optional<Zxid> AnnouncedZxid() const {
    if (damaged) return std::nullopt;
    return database.last_processed;
  }
  /// Hands `txn` to the log writer.
  void Log(const TxnRef& txn, Outbox& out) {
    unapplied.push_back(txn);
    if (config.known_bugs.TreeAndLogMayPart() && txn->zxid() <= log.last_appended()) return;
    log.Append(txn, config.limits, out);
  }
  /// Applies what is logged, committed or not: the tree stands for the whole log then.
  void FastForward() {
    for (const TxnRef& txn : unapplied) database.Apply(txn);
    unapplied.clear();
  }
  /// Nothing under way on the disk that changes the history or a promise.
  bool DiskIdle() const { return log.idle() && !epochs.busy() && !history_change; }
};

}  // namespace zab
