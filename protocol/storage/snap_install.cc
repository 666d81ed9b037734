// The order of P7 (REFERENCE.md D6): the new history is complete and durable before the old one is
// removed, and gets a name under which it would be restored only after that.
#include "protocol/storage/snap_install.h"

#include "protocol/storage/snapshot_format.h"

namespace zab {

std::string ReceivedName(Zxid zxid) {
  return "received." + ToHex(zxid);
}

bool IsHistory(absl::string_view name) {
  return ZxidOfName(name, "snapshot.") || ZxidOfName(name, "log.") || ZxidOfName(name, "received.");
}

OperationId InstallSnapshot(const Database& database, const std::vector<std::string>& files,
                            Outbox& out) {
  const Zxid zxid = database.last_processed;
  const std::string received = ReceivedName(zxid);
  out.Replace(received, Payload(SnapshotFile(database.tree, zxid)));
  for (const std::string& name : files) {
    if (IsHistory(name) && name != received) out.Remove(name);
  }
  out.SyncDir();
  out.Rename(received, SnapshotName(zxid));
  return out.SyncDir();
}

OperationId WriteReceived(const Database& database, Outbox& out) {
  const Zxid zxid = database.last_processed;
  out.Create(SnapshotName(zxid));
  return out.Write(SnapshotName(zxid), 0, Payload(SnapshotFile(database.tree, zxid)));
}

}  // namespace zab
