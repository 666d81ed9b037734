// The two ways of replacing a history instead of extending it: TRUNC shortens it, SNAP installs
// another one.  Both are sequences of file operations; once begun they are finished even if the
// role ends, because the disk no longer holds the old history.
#pragma once

#include <string>
#include <vector>

#include "protocol/boundary/outbox.h"
#include "protocol/boundary/trace.h"
#include "protocol/storage/restore.h"
#include "protocol/tree/database.h"

namespace zab {

struct Core;

struct HistoryChange {
  Kind kind = Kind::kNone;  // kTrunc or kSnap.
  OperationId waits_for;    // Its last file operation.
  Database database;  // kTrunc: the state on disk afterwards.  kSnap: unused, since it is already
                      // in Core.
  absl::btree_set<std::string> logs;  // Log files on disk afterwards.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("kind", kind);
    field("waits_for", waits_for);
    field("database", database);
    field("logs", logs);
  }
};

/// Begins TRUNC to `zxid`.  `image` is the current directory; `steps` come from PlanTruncate.
void BeginTruncate(DirectoryImage image, const std::vector<RepairStep>& steps, Zxid zxid,
                   Core& core, Outbox& out);

/// Begins P7 for the tree in core.database; `files` are the names on disk.
void BeginInstall(const std::vector<std::string>& files, Core& core, Outbox& out);

/// Returns whether `done` completed the change; then database and log writer use the new history.
bool FinishHistoryChange(const FileDone& done, Core& core, Outbox& out);

}  // namespace zab
