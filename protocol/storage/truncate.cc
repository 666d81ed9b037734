// TRUNC on disk (REFERENCE.md 15.3, P6), and performing repair steps.
#include <utility>
#include <variant>

#include "protocol/base/overloaded.h"
#include "protocol/storage/history_files.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/restore.h"
#include "protocol/storage/snapshot_format.h"

namespace zab {
namespace {

// Whether the snapshot may contain the effect of a transaction above `zxid`.  A fuzzy one may, even
// if its name is not above; it must be removed too, or it would restore the transaction.
bool ReachesBeyond(const HistoryFile& snapshot, Zxid zxid) {
  if (snapshot.zxid > zxid) return true;
  const absl::StatusOr<LoadedSnapshot> loaded = ReadSnapshotFile(snapshot.bytes);
  return loaded.ok() && loaded->digest && loaded->digest->first > zxid;
}

/// The first record that is not below `zxid`; nullopt if all are.
std::optional<Zxid> FirstNotBelow(const std::vector<HistoryFile>& logs, Zxid zxid) {
  for (const HistoryFile& file : logs) {
    for (const LogRecord& record : ReadLog(file.bytes).records) {
      if (record.txn->zxid() >= zxid) return record.txn->zxid();
    }
  }
  return std::nullopt;
}

// Cuts the file after its last record that is not above `zxid`, if there is anything to cut.
void PlanCut(const HistoryFile& file, Zxid zxid, std::vector<RepairStep>& steps) {
  const LogContent content = ReadLog(file.bytes);
  uint64_t length = 0;
  for (const LogRecord& record : content.records) {
    if (record.txn->zxid() <= zxid) length = record.end;
  }
  if (content.end == LogEnd::kClean && length == content.valid_length) return;
  if (content.end == LogEnd::kClean && content.records.empty()) return;  // Only a header.
  if (length == 0) {
    steps.push_back(RemoveFile{std::string(file.name)});
  } else {
    steps.push_back(CutFile{std::string(file.name), length});
  }
}

}  // namespace

std::optional<std::vector<RepairStep>> PlanTruncate(const DirectoryImage& image, Zxid zxid,
                                                    const KnownBugs& bugs) {
  std::vector<RepairStep> steps;
  for (const auto& [name, bytes] : image) {
    if (IsTemporary(name)) steps.push_back(RemoveFile{name});
  }
  // Newest first: at every instant the remaining files are a prefix of the old history that
  // contains `zxid`.
  const std::vector<HistoryFile> snapshots = FilesOf(image, "snapshot.");
  for (auto file = snapshots.rbegin(); file != snapshots.rend(); ++file) {
    if (bugs.TruncatesBlindly()) break;  // ZOOKEEPER-1549, OWN-1: they are kept.
    if (ReachesBeyond(*file, zxid)) steps.push_back(RemoveFile{std::string(file->name)});
  }
  const std::vector<HistoryFile> logs = FilesOf(image, "log.");
  auto log = logs.rbegin();
  if (bugs.trunc_keeps_next_record) zxid = FirstNotBelow(logs, zxid).value_or(zxid);  // OWN-1.
  for (; log != logs.rend() && log->zxid > zxid; ++log) {
    steps.push_back(RemoveFile{std::string(log->name)});
  }
  if (log != logs.rend()) PlanCut(*log, zxid, steps);

  // Check that the remaining files would lead exactly to `zxid`.  Nothing has been changed yet
  // (REFERENCE.md 15.3 step 1).
  DirectoryImage left = image;
  ApplyRepairs(steps, left);
  const Restored restored = Restore(left, PeerConfig{});
  if (restored.damaged || restored.fresh || !restored.repairs.empty()) return std::nullopt;
  const Zxid last = restored.database.last_processed;
  if (last < zxid || (last > zxid && !bugs.TruncatesBlindly())) return std::nullopt;
  return steps;
}

void ApplyRepairs(const std::vector<RepairStep>& steps, DirectoryImage& image) {
  for (const RepairStep& step : steps) {
    std::visit(Overloaded{[&](const RemoveFile& remove) { image.erase(remove.path); },
                          [&](const CutFile& cut) {
                            Payload& bytes = image[cut.path];
                            bytes = Payload(std::string(bytes.view().substr(0, cut.length)));
                          },
                          [&](const RenameFile& rename) {
                            Payload bytes = std::move(image[rename.path]);
                            image.erase(rename.path);
                            image[rename.to] = std::move(bytes);
                          }},
               step);
  }
}

std::optional<OperationId> PerformRepairs(const std::vector<RepairStep>& steps, Outbox& out) {
  if (steps.empty()) return std::nullopt;
  // A name that was found may not be durable yet, if only the process died and not the machine;
  // most importantly received.<z>, on which every removal relies.
  OperationId last = out.SyncDir();
  for (const RepairStep& step : steps) {
    last = std::visit(Overloaded{[&](const RemoveFile& remove) {
                                   out.Remove(remove.path);
                                   return out.SyncDir();
                                 },
                                 [&](const CutFile& cut) {
                                   out.Truncate(cut.path, cut.length);
                                   return out.Fsync(cut.path);
                                 },
                                 [&](const RenameFile& rename) {
                                   out.Rename(rename.path, rename.to);
                                   return out.SyncDir();
                                 }},
                      step);
  }
  return last;
}

}  // namespace zab
