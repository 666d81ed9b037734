// TRUNC and SNAP on disk (REFERENCE.md 15.3, 15.4; P6, P7).
#include "protocol/roles/history_change.h"

#include <utility>

#include "protocol/roles/core.h"
#include "protocol/storage/snap_install.h"

namespace zab {
namespace {

absl::btree_set<std::string> LogNames(const std::vector<std::string>& files) {
  absl::btree_set<std::string> names;
  for (const std::string& name : files) {
    if (ZxidOfName(name, "log.")) names.insert(name);
  }
  return names;
}

std::vector<std::string> NamesIn(const DirectoryImage& image) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : image) names.push_back(name);
  return names;
}

}  // namespace

void BeginTruncate(DirectoryImage image, const std::vector<RepairStep>& steps, Zxid zxid,
                   Core& core, Outbox& out) {
  ZAB_CHECK(core.DiskIdle());
  ApplyRepairs(steps, image);
  Restored restored = Restore(image, core.config);
  ZAB_CHECK(!restored.damaged && restored.repairs.empty()) << restored.damage;
  Zxid& reached = restored.database.last_processed;
  ZAB_CHECK(reached == zxid || core.config.known_bugs.TruncatesBlindly()) << ToString(reached);
  reached = zxid;
  // Even a TRUNC that changes nothing waits for the disk: the tail must be durable (P8).
  std::optional<OperationId> last = PerformRepairs(steps, out);
  if (!last) last = out.SyncDir();
  core.history_change = HistoryChange{.kind = Kind::kTrunc,
                                      .waits_for = *last,
                                      .database = std::move(restored.database),
                                      .logs = LogNames(NamesIn(image))};
}

void BeginInstall(const std::vector<std::string>& files, Core& core, Outbox& out) {
  ZAB_CHECK(core.DiskIdle());
  HistoryChange change{.kind = Kind::kSnap};
  const KnownBugs& bugs = core.config.known_bugs;
  if (bugs.unsynced_snap) {  // ZOOKEEPER-2872; nothing is removed either.
    change.waits_for = WriteReceived(core.database, out);
    change.logs = LogNames(files);
  } else if (bugs.txnlog_gap_diff) {  // ZOOKEEPER-2418.
    change.waits_for = InstallSnapshot(core.database, {}, out);
    change.logs = LogNames(files);
  } else {
    change.waits_for = InstallSnapshot(core.database, files, out);
  }
  core.history_change = std::move(change);
}

bool FinishHistoryChange(const FileDone& done, Core& core, Outbox& out) {
  if (!core.history_change || done.operation != core.history_change->waits_for) return false;
  HistoryChange change = std::move(*core.history_change);
  core.history_change.reset();
  if (change.kind == Kind::kTrunc) core.database = std::move(change.database);
  core.damaged = false;
  core.log.Restart(core.database.last_processed, std::move(change.logs));
  out.Emit({.probe = change.kind == Kind::kTrunc ? Probe::kTruncated : Probe::kSnapInstalled,
            .zxid = core.database.last_processed,
            .tree = core.database.tree.digest()});
  return true;
}

}  // namespace zab
