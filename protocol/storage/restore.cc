// Restores a history from the arbitrary bytes of a directory (REFERENCE.md 15.2, 13.3, 15.6).  The
// result is a history that this server had, or "damaged", but never a mixture.
#include "protocol/storage/restore.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/storage/epochs.h"
#include "protocol/storage/history_files.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snap_install.h"
#include "protocol/storage/snapshot_format.h"

namespace zab {
namespace {

/// The steps of one restoration.  A step that finds damage records it and returns false.
class Restoration {
 public:
  Restoration(const DirectoryImage& image, const PeerConfig& config,
              const absl::btree_set<std::string>& unreadable, size_t max_record)
      : image_(image), config_(config), unreadable_(unreadable), max_record_(max_record) {
    Clear();
  }

  Restored Run() {
    for (const auto& [name, bytes] : image_) {
      if (IsTemporary(name)) restored_.repairs.push_back(RemoveFile{name});
    }
    if (!ReadEpochs() || !AllReadable()) return std::move(restored_);
    const std::vector<HistoryFile> received = FilesOf(image_, "received.");
    if (!received.empty()) {
      FinishInstallation(received);
    } else if (LoadSnapshot() && ReadLogs(FilesOf(image_, "log."), std::nullopt)) {
      Accept();
    }
    return std::move(restored_);
  }

 private:
  void Clear() {
    restored_.database = Database{
        .committed_log = CommittedLog(static_cast<size_t>(config_.limits.commit_log_count))};
    restored_.snapshot.reset();
    restored_.log.clear();
    restored_.last_log.clear();
  }

  bool Damaged(std::string damage) {
    Clear();
    restored_.damaged = true;
    restored_.damage = std::move(damage);
    return false;
  }

  bool ReadEpoch(const char* name, std::optional<Epoch>& epoch) {
    if (unreadable_.contains(name)) return Damaged(absl::StrCat("cannot read ", name));
    const auto file = image_.find(name);
    if (file == image_.end()) return true;
    epoch = ParseEpoch(file->second.view());
    return epoch || Damaged(absl::StrCat(name, " is no epoch"));
  }

  bool ReadEpochs() {
    // Reads both even if the first is damaged, since a readable promise is still binding.
    restored_.promise_lost = !ReadEpoch(kAcceptedEpochFile, restored_.accepted_epoch);
    if (!ReadEpoch(kCurrentEpochFile, restored_.current_epoch) || restored_.promise_lost) {
      return false;
    }
    const std::optional<Epoch>& accepted = restored_.accepted_epoch;
    const std::optional<Epoch>& current = restored_.current_epoch;
    if (!accepted || !current || *accepted >= *current) return true;
    restored_.promise_lost = true;  // The file is stale: the last promise is unknown.
    return Damaged(absl::StrCat("acceptedEpoch ", ToString(*accepted), " is below currentEpoch ",
                                ToString(*current)));
  }

  bool AllReadable() {
    const auto bad = std::find_if(unreadable_.begin(), unreadable_.end(),
                                  [](const std::string& name) { return IsHistory(name); });
    return bad == unreadable_.end() || Damaged(absl::StrCat("cannot read ", *bad));
  }

  void Start(Zxid zxid, LoadedSnapshot&& loaded) {
    restored_.database.tree = std::move(loaded.tree);
    restored_.database.last_processed = zxid;
    restored_.snapshot = zxid;
    digest_ = loaded.digest;
  }

  // P7 was interrupted: what remains of the old files belongs to another history.
  void FinishInstallation(const std::vector<HistoryFile>& received) {
    // If there are several, an earlier one was damaged and the newest replaces it.
    for (auto file = received.rbegin(); file != received.rend(); ++file) {
      absl::StatusOr<LoadedSnapshot> loaded = ReadSnapshotFile(file->bytes, max_record_);
      if (!loaded.ok()) continue;
      for (const auto& [name, bytes] : image_) {
        if (IsHistory(name) && name != file->name) history_repairs_.push_back(RemoveFile{name});
      }
      history_repairs_.push_back(RenameFile{std::string(file->name), SnapshotName(file->zxid)});
      Start(file->zxid, *std::move(loaded));
      return Accept();
    }
    Damaged(absl::StrCat(received.back().name, ": ",
                         ReadSnapshotFile(received.back().bytes).status().message()));
  }

  // Loads the newest valid snapshot.
  bool LoadSnapshot() {
    const std::vector<HistoryFile> snapshots = FilesOf(image_, "snapshot.");
    std::string problem = "no snapshot";
    for (auto file = snapshots.rbegin(); file != snapshots.rend(); ++file) {
      absl::StatusOr<LoadedSnapshot> loaded = ReadSnapshotFile(file->bytes, max_record_);
      if (loaded.ok()) {
        Start(file->zxid, *std::move(loaded));
        return true;
      }
      problem = absl::StrCat(file->name, ": ", loaded.status().message());
      restored_.passed_over.push_back(file->zxid);
    }
    if (!snapshots.empty()) return Damaged(problem);
    if (!FilesOf(image_, "log.").empty()) return Damaged("no snapshot, but a log");
    if (restored_.current_epoch.value_or(Epoch{}) > Epoch{}) {
      return Damaged("no snapshot, but a current epoch");
    }
    restored_.fresh = true;
    restored_.database.tree = DataTree::Fresh(config_.ConfigText());
    return false;
  }

  // Reads everything after the snapshot, which must be contiguous; a torn tail is cut off.  `logs`
  // are all log files, or all except the last one, if that has no record but only its name `begun`.
  bool ReadLogs(std::vector<HistoryFile> logs, std::optional<Zxid> begun) {
    const std::vector<HistoryFile> files = LogFilesFrom(logs, *restored_.snapshot);
    Zxid last = *restored_.snapshot;
    for (size_t i = 0; i < files.size(); ++i) {
      const HistoryFile& file = files[i];
      const std::optional<Zxid> next = i + 1 < files.size() ? files[i + 1].zxid : begun;
      LogContent content = ReadLog(file.bytes, 0, max_record_);
      const bool torn = content.end == LogEnd::kTorn;
      if (content.end == LogEnd::kDamaged || (torn && next && !LeadsTo(content, *next))) {
        return Damaged(absl::StrCat(file.name, ": ", content.problem));
      }
      if (torn && content.records.empty()) {  // The log ends with the previous file.
        history_repairs_.push_back(RemoveFile{std::string(file.name)});
        logs.pop_back();
        return i > 0 || ReadLogs(std::move(logs), file.zxid);
      }
      if (!Collect(file, content.records, last)) return false;
      if (torn) history_repairs_.push_back(CutFile{std::string(file.name), content.valid_length});
      restored_.last_log = std::string(file.name);
    }
    return true;
  }

  // Whether a torn file contains everything before `next`, the first record of the following file.
  // Apache ZooKeeper leaves a torn tail and continues in a new file; we cut it off.  Between epochs
  // it is unknown what the tail was.
  static bool LeadsTo(const LogContent& torn, Zxid next) {
    return !torn.records.empty() && torn.records.back().txn->zxid().Next() == next;
  }

  // `last` is the highest transaction so far, including the snapshot.  Repeated and late records
  // are applied in log order, as by ZooKeeper, whose log writer has left some (ZOOKEEPER-4394,
  // 4712).
  bool Collect(const HistoryFile& file, std::vector<LogRecord>& records, Zxid& last) {
    for (LogRecord& record : records) {
      const Zxid zxid = record.txn->zxid();
      if (zxid <= *restored_.snapshot && restored_.log.empty()) continue;
      if (zxid > last && !Follows(zxid, last, config_.limits.initial_counter)) {
        return Damaged(
            absl::StrCat(file.name, ": gap between ", ToString(last), " and ", ToString(zxid)));
      }
      last = std::max(last, zxid);
      restored_.log.push_back(std::move(record.txn));
    }
    return true;
  }

  Zxid EndOfLog() const {
    Zxid end = *restored_.snapshot;
    for (const TxnRef& txn : restored_.log) end = std::max(end, txn->zxid());
    return end;
  }

  // A snapshot gets its name only when the log is durable up to the last transaction in it
  // (REFERENCE.md 14.3).  If the log ends before, it has lost durable transactions.
  bool CheckSnapshots() {
    const std::vector<TxnRef>& log = restored_.log;
    const Zxid end = EndOfLog();
    if (digest_ && digest_->first > end && digest_->first.counter != 0) {
      return Damaged(absl::StrCat(SnapshotName(*restored_.snapshot), " reaches to ",
                                  ToString(digest_->first), ", the log only to ", ToString(end)));
    }
    // The same for damaged snapshots.  This also prevents replaying a history across a SNAP, where
    // the log has a gap (REFERENCE.md 15.2).  The start of an epoch is in no log.
    for (const Zxid zxid : restored_.passed_over) {
      const bool found = std::any_of(log.begin(), log.end(),
                                     [&](const TxnRef& txn) { return txn->zxid() == zxid; });
      if (!found && zxid.counter != 0) {
        return Damaged(absl::StrCat(SnapshotName(zxid), " is damaged, the log does not hold ",
                                    ToString(zxid)));
      }
    }
    return true;
  }

  // Accepts the history: adds the repairs.
  void Accept() {
    if (!CheckSnapshots()) return;
    for (RepairStep& step : history_repairs_) restored_.repairs.push_back(std::move(step));
    Replay();
  }

  void Replay() {
    Database& database = restored_.database;
    // Before the last transaction that a fuzzy snapshot may contain, the tree is inexact.
    const Zxid exact = digest_ ? digest_->first : Zxid{};
    if (digest_ && exact <= database.last_processed) CheckDigest(exact, digest_->second);
    for (const TxnRef& txn : restored_.log) {
      const bool late =
          txn->zxid() <= database.last_processed;  // Its digest is of an earlier tree.
      database.Apply(txn);
      if (late || txn->zxid() < exact) continue;
      if (txn->digest) CheckDigest(txn->zxid(), *txn->digest);
      if (digest_ && txn->zxid() == exact) CheckDigest(exact, digest_->second);
    }
  }

  void CheckDigest(Zxid zxid, uint64_t wanted) {
    std::vector<Zxid>& mismatches = restored_.mismatches;
    if (restored_.database.tree.digest() == wanted) return;
    if (mismatches.empty() || mismatches.back() != zxid) mismatches.push_back(zxid);
  }

  const DirectoryImage& image_;
  const PeerConfig& config_;
  const absl::btree_set<std::string>& unreadable_;
  size_t max_record_;
  Restored restored_;
  std::optional<std::pair<Zxid, uint64_t>> digest_;  // Of the snapshot it starts from.
  std::vector<RepairStep> history_repairs_;  // Repairs of the history; dropped if it is damaged.
};

}  // namespace

Restored Restore(const DirectoryImage& image, const PeerConfig& config,
                 const absl::btree_set<std::string>& unreadable, size_t max_record) {
  return Restoration(image, config, unreadable, max_record).Run();
}

}  // namespace zab
