// The two ways in which a history is replaced instead of extended: TRUNC cuts it, SNAP puts another
// in its place.  Both are straight lists of file operations; once begun they are finished, whatever
// becomes of the role that asked, because the disk no longer holds the old history.
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
  Database database;        // kTrunc: what the disk holds then.  kSnap: it is in Core already.
  absl::btree_set<std::string> logs;  // Log files on disk then.
};

/// Begins TRUNC to `zxid`: `image` is the directory as it is, `steps` come from PlanTruncate.
void BeginTruncate(DirectoryImage image, const std::vector<RepairStep>& steps, Zxid zxid,
                   Core& core, Outbox& out);

/// Begins P7 for the tree now in core.database; `files` are the names on disk.
void BeginInstall(const std::vector<std::string>& files, Core& core, Outbox& out);

/// True if `done` completed the change under way: database and log writer stand on the new history.
bool FinishHistoryChange(const FileDone& done, Core& core, Outbox& out);

}  // namespace zab
