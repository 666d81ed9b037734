// Inspects a directory with the readers of restore, applied to every file and not only to those
// that a restore needs.
#include "protocol/inspection/inspect.h"

#include <algorithm>
#include <utility>

#include "protocol/storage/epochs.h"
#include "protocol/storage/history_files.h"
#include "protocol/storage/snapshot_format.h"

namespace zab {
namespace {

// A configuration for reading only; there are no elections here.
PeerConfig Onlooker() {
  return {.self = ServerId{1}};
}

SnapshotReport ReportSnapshot(const HistoryFile& file) {
  SnapshotReport report{
      .name = std::string(file.name), .zxid = file.zxid, .bytes = file.bytes.size()};
  const absl::StatusOr<LoadedSnapshot> loaded = ReadSnapshotFile(file.bytes);
  if (!loaded.ok()) {
    report.state = LooksSealed(file.bytes) ? SnapshotState::kDamaged : SnapshotState::kUnfinished;
    report.problem = std::string(loaded.status().message());
    return report;
  }
  report.nodes = loaded->tree.size();
  report.sessions = loaded->tree.sessions.size();
  report.acls = loaded->tree.acls.size();
  report.digest = loaded->digest;
  return report;
}

// `last` is the last record of the previous file, and is updated to that of this one.
LogReport ReportLog(const HistoryFile& file, std::optional<Zxid>& last, std::vector<Gap>& gaps) {
  const LogContent content = ReadLog(file.bytes);
  LogReport report{.name = std::string(file.name),
                   .named = file.zxid,
                   .bytes = file.bytes.size(),
                   .records = content.records.size(),
                   .end = content.end,
                   .valid_bytes = content.valid_length,
                   .problem = content.problem};
  for (const LogRecord& record : content.records) {
    const Zxid zxid = record.txn->zxid();
    if (last && !Follows(zxid, *last)) {
      gaps.push_back({.file = report.name, .after = *last, .next = zxid});
    }
    last = zxid;
    if (report.epochs.empty() || report.epochs.back().last.epoch != zxid.epoch) {
      report.epochs.push_back({.first = zxid});
    }
    report.epochs.back().last = zxid;
    ++report.epochs.back().records;
  }
  return report;
}

void SortOtherNames(const DirectoryImage& image, Inspection& out) {
  for (const auto& [name, bytes] : image) {
    if (ZxidOfName(name, "log.") || ZxidOfName(name, "snapshot.") || name == kAcceptedEpochFile ||
        name == kCurrentEpochFile) {
      continue;
    }
    const bool unfinished = IsTemporary(name) || ZxidOfName(name, "received.");
    (unfinished ? out.temporary : out.unknown).push_back(name);
  }
}

Health HealthOf(const Inspection& inspection) {
  const auto bad_log = [](const LogReport& log) { return log.end == LogEnd::kDamaged; };
  const auto torn_log = [](const LogReport& log) { return log.end == LogEnd::kTorn; };
  const auto bad_snapshot = [](const SnapshotReport& snapshot) {
    return snapshot.state == SnapshotState::kDamaged;
  };
  const auto unfinished = [](const SnapshotReport& snapshot) {
    return snapshot.state == SnapshotState::kUnfinished;
  };
  if (inspection.restored.damaged || !inspection.restored.mismatches.empty() ||
      std::any_of(inspection.logs.begin(), inspection.logs.end(), bad_log) ||
      std::any_of(inspection.snapshots.begin(), inspection.snapshots.end(), bad_snapshot)) {
    return Health::kDamaged;
  }
  const bool torn =
      !inspection.temporary.empty() ||
      std::any_of(inspection.logs.begin(), inspection.logs.end(), torn_log) ||
      std::any_of(inspection.snapshots.begin(), inspection.snapshots.end(), unfinished);
  return torn ? Health::kTorn : Health::kClean;
}

}  // namespace

Inspection Inspect(const DirectoryImage& image) {
  Inspection inspection{.restored = Restore(image, Onlooker())};
  for (const HistoryFile& file : FilesOf(image, "snapshot.")) {
    inspection.snapshots.push_back(ReportSnapshot(file));
  }
  std::optional<Zxid> last;
  for (const HistoryFile& file : FilesOf(image, "log.")) {
    inspection.logs.push_back(ReportLog(file, last, inspection.gaps));
  }
  for (Gap& gap : inspection.gaps) {
    gap.covered = inspection.restored.snapshot && gap.next <= *inspection.restored.snapshot;
  }
  SortOtherNames(image, inspection);
  inspection.health = HealthOf(inspection);
  return inspection;
}

const char* Name(Health health) {
  switch (health) {
    case Health::kClean: return "clean";
    case Health::kTorn: return "torn";
    case Health::kDamaged: return "damaged";
  }
  return "";
}

const char* Name(LogEnd end) {
  switch (end) {
    case LogEnd::kClean: return "clean";
    case LogEnd::kTorn: return "torn";
    case LogEnd::kDamaged: return "damaged";
  }
  return "";
}

const char* Name(SnapshotState state) {
  switch (state) {
    case SnapshotState::kValid: return "valid";
    case SnapshotState::kUnfinished: return "unfinished";
    case SnapshotState::kDamaged: return "damaged";
  }
  return "";
}

}  // namespace zab
