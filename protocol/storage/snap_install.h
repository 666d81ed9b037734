// P7: a tree received by SNAP replaces every log and snapshot, in an order that no crash can turn
// into a mixture (REFERENCE.md 15.4).
#pragma once

#include "protocol/storage/directory.h"
#include "protocol/tree/database.h"

namespace zab {

/// "received.2a".
std::string ReceivedName(Zxid zxid);

/// Whether a file of that name holds a history or part of one: snapshot.<z>, log.<z>, received.<z>.
bool IsHistory(absl::string_view name);

/// Emits the whole sequence for `database` at its last_processed: received.<z> by way of .tmp,
/// every snapshot and log named in `files` removed, renamed to snapshot.<z>.  The result is the
/// operation that makes it durable.  `files` are the names now on disk.
OperationId InstallSnapshot(const Database& database, const std::vector<std::string>& files,
                            Outbox& out);

/// Only writes snapshot.<z>, and syncs nothing (KnownBugs::unsynced_snap).
OperationId WriteReceived(const Database& database, Outbox& out);

}  // namespace zab
