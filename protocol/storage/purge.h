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
  Zxid oldest;                     // The oldest snapshot kept; valid if there are files.
  std::vector<std::string> files;  // The files to remove, in this order.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("oldest", oldest);
    field("files", files);
  }
};

/// The files of `names` that are no longer needed: all snapshots except the `retain` (1 or more)
/// newest, then the logs that end before the oldest one kept; the oldest first.  A snapshot gets
/// its name only when it is complete (REFERENCE.md 14.3), so ZooKeeper's validation, which reads
/// the file, is not needed.
PurgePlan PlanPurge(const std::vector<std::string>& names, int64_t retain);

/// Removes the files of PlanPurge, each durably before the next: after a crash, every remaining
/// snapshot has the complete log after it, and the remaining logs have no gap, which could not be
/// detected between epochs.  One file at a time, so that the log can be written in between.
class Purger {
 public:
  /// Starts a purge, unless one is in progress.
  void Start(Outbox& out);
  /// Returns whether the completion was one of its own.  `retain`: snap_retain_count.  If the
  /// directory cannot be listed, nothing is removed until the next Start.
  bool OnFileDone(const FileDone& done, int64_t retain, Outbox& out);
  /// Stops the purge, because the history is being replaced.
  void Stop() { phase_ = Phase::kIdle; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("phase", phase_);
    field("plan", plan_);
    field("removed", removed_);
    field("waits_for", waits_for_);
  }

 private:
  enum class Phase : uint8_t { kIdle, kListing, kRemoving };

  /// Removes the next file of the plan, or finishes.
  void RemoveNext(Outbox& out);

  Phase phase_ = Phase::kIdle;
  PurgePlan plan_;         // In kRemoving.
  size_t removed_ = 0;     // Of its files, including the current one.
  OperationId waits_for_;  // In kListing and kRemoving.
};

}  // namespace zab
