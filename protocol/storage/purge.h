// Retention: which files of a history are no longer needed, and their removal (REFERENCE.md 15.5;
// ZK PurgeTxnLog.java).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/base/handles.h"
#include "protocol/boundary/io.h"
#include "protocol/boundary/outbox.h"
#include "protocol/wire/ids.h"

namespace zab {

struct PurgePlan {
  Zxid oldest;                     // The oldest snapshot that stays; valid if there are files.
  std::vector<std::string> files;  // What goes, in this order.
};

/// What may go of the files named `names`: all snapshots but the `retain` (1 or more) newest, then
/// the logs that end before the oldest one kept; of each the oldest first.  A snapshot has its name
/// only when it is whole (REFERENCE.md 14.3): ZooKeeper's test for a valid one, which reads it, is
/// not needed.
PurgePlan PlanPurge(const std::vector<std::string>& names, int64_t retain);

/// Removes what PlanPurge says, each file durably before the next goes: after a crash a snapshot
/// that is left has all the log behind it, and the logs that are left have no hole, which across
/// epochs nobody could see.  One file at a time, so that the log is written in between.
class Purger {
 public:
  /// Looks for what may go, unless it is at it already.
  void Start(Outbox& out);
  /// Whether the completion was one of its own.  `retain`: snap_retain_count.  A directory that
  /// cannot be listed is left alone until the next Start.
  bool OnFileDone(const FileDone& done, int64_t retain, Outbox& out);
  /// The history is being replaced: what has not gone so far is no longer its business.
  void Stop() { phase_ = Phase::kIdle; }

 private:
  enum class Phase : uint8_t { kIdle, kListing, kRemoving };

  /// The next file of the plan; none left: it is done.
  void RemoveNext(Outbox& out);

  Phase phase_ = Phase::kIdle;
  PurgePlan plan_;         // In kRemoving.
  size_t removed_ = 0;     // Of its files, the one under way included.
  OperationId waits_for_;  // In kListing and kRemoving.
};

}  // namespace zab
