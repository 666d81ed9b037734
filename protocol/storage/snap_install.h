// P7: a tree received by SNAP replaces all logs and snapshots, in an order such that no crash
// leaves a mixture (REFERENCE.md 15.4).
#pragma once

#include "protocol/storage/directory.h"
#include "protocol/tree/database.h"

namespace zab {

/// "received.2a".
std::string ReceivedName(Zxid zxid);

/// Whether a file of this name contains a history or part of one: snapshot.<z>, log.<z>,
/// received.<z>.
bool IsHistory(absl::string_view name);

/// Emits the whole sequence for `database` at its last_processed: writes received.<z> via .tmp,
/// removes every snapshot and log in `files`, the names on disk, and renames to snapshot.<z>.
/// Returns the operation that makes it durable.
OperationId InstallSnapshot(const Database& database, const std::vector<std::string>& files,
                            Outbox& out);

/// Only writes snapshot.<z> and syncs nothing (KnownBugs::unsynced_snap).
OperationId WriteReceived(const Database& database, Outbox& out);

}  // namespace zab
