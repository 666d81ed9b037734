// Inspects a directory with the readers of restore, applied to every file and not only to those
// that a restore needs.
#include "protocol/inspection/inspect.h"

#include <algorithm>
#include <utility>

#include "protocol/inspection/compressed.h"
#include "protocol/inspection/hints.h"
#include "protocol/storage/history_files.h"
#include "protocol/storage/snapshot_format.h"

namespace zab {
namespace {

// A configuration for reading only; there are no elections here.
PeerConfig Onlooker() {
  return {.self = ServerId{1}};
}

/// What a compressed snapshot was called, and what was wrong with its compression.
struct Packed {
  std::string name;
  uint64_t bytes = 0;
  std::string problem;
};
using PackedByName = absl::btree_map<std::string, Packed>;

constexpr size_t kMaxSnapshot = size_t{2} << 30;

// `image` with its compressed snapshots as they were before that.
DirectoryImage Unpacked(const DirectoryImage& image, PackedByName& packed) {
  DirectoryImage plain;
  for (const auto& [name, bytes] : image) {
    const std::optional<CompressedName> compressed = CompressedSnapshot(name);
    const std::string inner = compressed ? SnapshotName(compressed->zxid) : name;
    if (!compressed || image.contains(inner)) {
      plain[name] = bytes;
      continue;
    }
    Decompressed done = Decompress(compressed->method, bytes.view(), kMaxSnapshot);
    packed[inner] = {.name = name, .bytes = bytes.view().size(), .problem = done.problem};
    plain[inner] = Payload(std::move(done.bytes));
  }
  return plain;
}

SnapshotReport ReportSnapshot(const HistoryFile& file, const PackedByName& packed,
                              size_t max_record) {
  SnapshotReport report{
      .name = std::string(file.name), .zxid = file.zxid, .bytes = file.bytes.size()};
  const auto was = packed.find(report.name);
  if (was != packed.end()) {
    report.name = was->second.name;
    report.bytes = was->second.bytes;
  }
  const absl::StatusOr<LoadedSnapshot> loaded = ReadSnapshotFile(file.bytes, max_record);
  if (!loaded.ok()) {
    report.state = LooksSealed(file.bytes) ? SnapshotState::kDamaged : SnapshotState::kUnfinished;
    report.problem = std::string(loaded.status().message());
    if (was != packed.end() && !was->second.problem.empty()) report.problem = was->second.problem;
    return report;
  }
  report.nodes = loaded->tree.size();
  report.sessions = loaded->tree.sessions.size();
  report.acls = loaded->tree.acls.size();
  report.digest = loaded->digest;
  return report;
}

/// Follows the records of all logs.
class LogReader {
 public:
  LogReader(size_t max_record, Inspection& out) : max_record_(max_record), out_(out) {}

  void Read(const HistoryFile& file) {
    const LogContent content = ReadLog(file.bytes, 0, max_record_);
    LogReport report{.name = std::string(file.name),
                     .named = file.zxid,
                     .bytes = file.bytes.size(),
                     .records = content.records.size(),
                     .end = content.end,
                     .valid_bytes = content.valid_length,
                     .problem = content.problem};
    for (const LogRecord& record : content.records) {
      Note(record.txn, &record == &content.records.front(), report.name);
      CountEpoch(record.txn->zxid(), report);
      const auto* create = std::get_if<CreateTxn>(&record.txn->record);
      if (create != nullptr && create->parent_cversion == -1) report.before_3_4 = true;
    }
    out_.logs.push_back(std::move(report));
  }

 private:
  void Note(const TxnRef& txn, bool first_of_file, const std::string& file) {
    const Zxid zxid = txn->zxid();
    if (last_ && zxid <= last_->zxid()) {
      using Of = Repeat::Kind;
      out_.repeats.push_back({.kind = first_of_file              ? Of::kOverlap
                                      : txn->hash == last_->hash ? Of::kDuplicate
                                                                 : Of::kStepBack,
                              .file = file,
                              .after = last_->zxid(),
                              .next = zxid});
    }
    if (highest_ && zxid > *highest_ && !Follows(zxid, *highest_)) {
      out_.gaps.push_back({.file = file, .after = *highest_, .next = zxid});
    }
    last_ = txn;
    highest_ = std::max(highest_.value_or(zxid), zxid);
  }

  static void CountEpoch(Zxid zxid, LogReport& report) {
    if (report.epochs.empty() || report.epochs.back().last.epoch != zxid.epoch) {
      report.epochs.push_back({.first = zxid});
    }
    report.epochs.back().last = zxid;
    ++report.epochs.back().records;
  }

  size_t max_record_;
  Inspection& out_;
  TxnRef last_;  // The record before.
  std::optional<Zxid> highest_;
};

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
  const auto refused = [](const auto& hint) { return IsDamage(hint.first); };
  if (inspection.restored.damaged || !inspection.restored.mismatches.empty() ||
      std::any_of(inspection.hints.begin(), inspection.hints.end(), refused) ||
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

Inspection Inspect(const DirectoryImage& packed_image, size_t max_record) {
  PackedByName packed;
  const DirectoryImage image = Unpacked(packed_image, packed);
  Inspection inspection{.restored = Restore(image, Onlooker(), {}, max_record)};
  for (const HistoryFile& file : FilesOf(image, "snapshot.")) {
    inspection.snapshots.push_back(ReportSnapshot(file, packed, max_record));
  }
  LogReader reader(max_record, inspection);
  for (const HistoryFile& file : FilesOf(image, "log.")) reader.Read(file);
  for (Gap& gap : inspection.gaps) {
    gap.covered = inspection.restored.snapshot && gap.next <= *inspection.restored.snapshot;
  }
  SortOtherNames(image, inspection);
  AddHints(image, max_record, inspection);
  inspection.health = HealthOf(inspection);
  return inspection;
}

std::vector<TxnRef> RecordsOf(const DirectoryImage& image, size_t max_record) {
  std::vector<TxnRef> records;
  for (const HistoryFile& file : FilesOf(image, "log.")) {
    for (LogRecord& record : ReadLog(file.bytes, 0, max_record).records) {
      records.push_back(std::move(record.txn));
    }
  }
  return records;
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

const char* Name(Repeat::Kind kind) {
  switch (kind) {
    case Repeat::Kind::kDuplicate: return "duplicate";
    case Repeat::Kind::kStepBack: return "step_back";
    case Repeat::Kind::kOverlap: return "overlap";
  }
  return "";
}

}  // namespace zab
