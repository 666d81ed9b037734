// Restores incrementally.  It implements the rules of REFERENCE.md 15.2 independently of
// protocol/storage/restore, so that the two can be compared.
#include "scenarios/runner/model/durable_view.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "protocol/base/hash.h"
#include "protocol/storage/directory.h"
#include "protocol/storage/epochs.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"

namespace scenario {

namespace {

using sim::Image;

std::optional<zab::Epoch> EpochIn(const sim::FileStore& files, absl::string_view name) {
  const auto view = files.Find(Image::kDurable, name);
  return view ? zab::ParseEpoch(view->bytes()) : std::nullopt;
}

// The history that a snapshot seen for the first time represents.  A received one may already have
// its final name; then its zxid is one that the server's own history does not have.
HistoryId HistoryOf(zab::Zxid zxid, bool received, const DurableView::Claims& claims,
                    const Histories& histories) {
  const HistoryId own = histories.UpTo(claims.history, zxid);
  const bool is_own = !received && histories.zxid(own) == zxid;
  return is_own ? own : histories.UpTo(claims.received, zxid);
}

}  // namespace

/// The relevant files: newest snapshot first, logs ascending.
struct DurableView::Listing {
  struct Entry {
    zab::Zxid zxid;
    std::string name;
    bool received = false;
  };
  std::vector<Entry> snapshots;
  std::vector<Entry> logs;

  explicit Listing(const sim::FileStore& files) {
    std::vector<Entry> received;
    for (std::string& name : files.Names(Image::kDurable)) {
      if (const auto log = zab::ZxidOfName(name, "log.")) {
        logs.push_back({*log, std::move(name)});
      } else if (const auto snapshot = zab::ZxidOfName(name, "snapshot.")) {
        snapshots.push_back({*snapshot, std::move(name)});
      } else if (const auto installing = zab::ZxidOfName(name, "received.")) {
        received.push_back({*installing, std::move(name), true});
      }
    }
    const auto by_zxid = [](const Entry& a, const Entry& b) { return a.zxid < b.zxid; };
    // An installation in progress takes precedence: the restart completes it (P7).
    if (!received.empty()) {
      logs.clear();
      snapshots = std::move(received);
    }
    std::sort(logs.begin(), logs.end(), by_zxid);
    std::sort(snapshots.rbegin(), snapshots.rend(), by_zxid);
  }
};

void DurableView::Damage(Disk& disk, std::string why) {
  disk.state.history = kEmptyHistory;
  disk.state.last = {};
  disk.state.damage = std::move(why);
  disk.base.reset();
  disk.logs.clear();
}

void DurableView::ReadEpochs(Disk& disk, const sim::FileStore& files) {
  disk.state.accepted_epoch = EpochIn(files, zab::kAcceptedEpochFile);
  disk.state.current_epoch = EpochIn(files, zab::kCurrentEpochFile);
}

// The newest snapshot with a valid seal.  A seal is verified once per file.
std::optional<DurableView::Base> DurableView::FindBase(Disk& disk, const Listing& listing,
                                                       const sim::FileStore& files,
                                                       const Claims& claims,
                                                       const Histories& histories) {
  std::optional<Base> base;
  absl::btree_map<uint64_t, Snapshot> still_there;
  for (const Listing::Entry& entry : listing.snapshots) {
    const sim::FileView view = *files.Find(Image::kDurable, entry.name);
    const auto known = disk.snapshots.find(view.file);
    Snapshot snapshot;
    if (known != disk.snapshots.end() && known->second.generation == view.generation &&
        known->second.written == view.written.size()) {
      snapshot = known->second;
    } else {
      snapshot = {.generation = view.generation,
                  .written = view.written.size(),
                  .valid = zab::ReadSnapshotFile(view.written).ok(),
                  .history = HistoryOf(entry.zxid, entry.received, claims, histories),
                  .zxid = entry.zxid,
                  .hash = zab::Hash64Of(view.written)};
    }
    still_there[view.file] = snapshot;
    if (!base && snapshot.valid) base = Base{view.file, entry.zxid, snapshot.history};
  }
  disk.snapshots = std::move(still_there);
  return base;
}

// Whether what was read so far is still valid, so that reading can continue after it.
bool DurableView::IsStillValid(Disk& disk, const Base& base, const std::vector<LogCursor>& logs,
                               const Histories& histories) {
  if (!disk.base || logs.empty()) return false;
  if (*disk.base != base.file &&
      (base.zxid > disk.state.last || !histories.IsPrefix(base.history, disk.state.history))) {
    return false;
  }
  std::erase_if(disk.logs, [&](const LogCursor& log) {
    if (log.first >= logs.front().first) return false;
    disk.ends[log.file] = log.last;
    return true;
  });
  if (disk.logs.size() > logs.size()) return false;
  return std::equal(disk.logs.begin(), disk.logs.end(), logs.begin(),
                    [](const LogCursor& a, const LogCursor& b) {
                      return a.file == b.file && a.generation == b.generation && a.name == b.name;
                    });
}

// Whether the history goes on with the transaction, or has it already.
bool DurableView::Take(Disk& disk, const zab::Txn& txn, Histories& histories) {
  DurableState& state = disk.state;
  const zab::TxnHeader& header = txn.header;
  if (header.zxid <= state.last) return true;
  const bool gap = header.zxid.epoch == state.last.epoch && state.last.counter != 0 &&
                   header.zxid != state.last.Next();
  if (gap) {
    Damage(disk,
           absl::StrCat("its log goes from ", ToString(state.last), " to ", ToString(header.zxid)));
    return false;
  }
  state.last = header.zxid;
  state.history =
      histories.Append(state.history, {header.zxid, txn.hash, header.client_id, header.cxid});
  return true;
}

// What one server logs others have mostly logged before: then the bytes are compared with those of
// the transaction, which was decoded once.
void DurableView::ReplayKnown(Disk& disk, LogCursor& cursor, absl::string_view written,
                              Histories& histories) {
  if (cursor.parsed == 0 && absl::StartsWith(written, zab::LogHeader())) {
    cursor.parsed = zab::kLogHeaderSize;
  }
  while (cursor.parsed >= zab::kLogHeaderSize) {
    const zab::Txn* const txn =
        histories.FindNext(disk.state.history, [&](const zab::Txn& candidate) {
          return zab::HasRecordAt(written, cursor.parsed, candidate);
        });
    if (txn == nullptr || !Take(disk, *txn, histories)) return;
    cursor.parsed += zab::RecordSize(*txn);
    cursor.last = txn->zxid();
  }
}

void DurableView::Replay(Disk& disk, size_t log, const sim::FileStore& files,
                         Histories& histories) {
  const auto view = files.Find(Image::kDurable, disk.logs[log].name);
  if (!view || view->written.size() <= disk.logs[log].parsed) return;
  const absl::string_view written = view->written;
  ReplayKnown(disk, disk.logs[log], written, histories);
  if (disk.logs.empty() || disk.logs[log].parsed == written.size()) return;  // Damaged, or done.
  const zab::LogContent content = zab::ReadLog(written, disk.logs[log].parsed);
  for (const zab::LogRecord& record : content.records) {
    const HistoryId before = disk.state.history;
    if (!Take(disk, *record.txn, histories)) return;
    if (disk.state.history != before) histories.Learn(disk.state.history, record.txn);
  }
  LogCursor& cursor = disk.logs[log];
  cursor.parsed = content.valid_length;
  if (!content.records.empty()) cursor.last = content.records.back().txn->zxid();
  if (content.end == zab::LogEnd::kDamaged) Damage(disk, cursor.name + ": " + content.problem);
}

void DurableView::Refresh(zab::ServerId server, const sim::FileStore& files, const Claims& claims,
                          Histories& histories) {
  Disk& disk = disks_[server.value - size_t{1}];
  const uint64_t version = files.version(Image::kDurable);
  if (version == disk.version) return;
  disk.version = version;
  disk.state.known = true;
  ReadEpochs(disk, files);
  const Listing listing(files);
  const std::optional<Base> base = FindBase(disk, listing, files, claims, histories);
  if (!base) {
    const bool fresh = listing.snapshots.empty() && listing.logs.empty() &&
                       disk.state.current_epoch.value_or(zab::Epoch{}) == zab::Epoch{};
    return Damage(disk, fresh ? "" : "there is no sound snapshot");
  }
  // The logs from the last one that may begin at or before the snapshot.
  std::vector<LogCursor> logs;
  for (const Listing::Entry& entry : listing.logs) {
    if (entry.zxid <= base->zxid) logs.clear();
    const sim::FileView view = *files.Find(Image::kDurable, entry.name);
    logs.push_back({entry.zxid, entry.name, view.file, view.generation, 0});
  }
  size_t first = 0;
  if (IsStillValid(disk, *base, logs, histories)) {
    first = disk.logs.empty() ? 0 : disk.logs.size() - 1;
    std::copy(disk.logs.begin(), disk.logs.end(), logs.begin());
  } else {
    disk.state.history = base->history;
    disk.state.last = base->zxid;
    disk.state.damage.clear();
  }
  disk.base = base->file;
  disk.logs = std::move(logs);
  for (size_t i = first; i < disk.logs.size(); ++i) Replay(disk, i, files, histories);
}

std::optional<zab::Zxid> DurableView::MissingAfterOldest(zab::ServerId server,
                                                         const sim::FileStore& files,
                                                         const Histories& histories) const {
  const Disk& disk = disks_[server.value - size_t{1}];
  const Listing listing(files);
  if (!disk.state.damage.empty() || listing.snapshots.empty()) return std::nullopt;
  const sim::FileView oldest = *files.Find(Image::kDurable, listing.snapshots.back().name);
  const auto snapshot = disk.snapshots.find(oldest.file);
  if (snapshot == disk.snapshots.end() || !snapshot->second.valid) return std::nullopt;
  HistoryId held = snapshot->second.history;
  for (const Listing::Entry& log : listing.logs) {
    if (!histories.IsPrefix(held, disk.state.history) || held == disk.state.history) break;
    const zab::Zxid wanted = histories.zxid(histories.Next(held, disk.state.history));
    if (log.zxid > wanted) return wanted;
    const uint64_t file = files.Find(Image::kDurable, log.name)->file;
    const auto end = disk.ends.find(file);
    const auto cursor = std::ranges::find(disk.logs, file, &LogCursor::file);
    if (end == disk.ends.end() && cursor == disk.logs.end()) return std::nullopt;  // Never read.
    const zab::Zxid last = end != disk.ends.end() ? end->second : cursor->last;
    if (last >= wanted) held = histories.UpTo(disk.state.history, last);
  }
  if (held == disk.state.history || !histories.IsPrefix(held, disk.state.history)) {
    return std::nullopt;
  }
  return histories.zxid(histories.Next(held, disk.state.history));
}

// A received snapshot may have got its final name since.
void DurableView::Forget(zab::ServerId server, const sim::FileStore& files) {
  Disk& disk = disks_[server.value - size_t{1}];
  const Disk before = std::exchange(disk, {.state = disk.state});
  const Listing listing(files);
  for (const Listing::Entry& entry : listing.snapshots) {
    const sim::FileView view = *files.Find(Image::kDurable, entry.name);
    const uint64_t hash = zab::Hash64Of(view.written);
    const auto known = std::ranges::find_if(before.snapshots, [&](const auto& snapshot) {
      return snapshot.second.zxid == entry.zxid && snapshot.second.hash == hash;
    });
    if (known == before.snapshots.end()) continue;
    Snapshot& snapshot = disk.snapshots[view.file] = known->second;
    snapshot.generation = view.generation;
    snapshot.written = view.written.size();
  }
}

void DurableView::Extend(zab::ServerId server, const sim::FileStore& files, Histories& histories) {
  Disk& disk = disks_[server.value - size_t{1}];
  if (disk.logs.empty()) return;
  const LogCursor& cursor = disk.logs.back();
  const auto view = files.Find(Image::kDurable, cursor.name);
  if (!view || view->file != cursor.file || view->generation != cursor.generation) return;
  Replay(disk, disk.logs.size() - 1, files, histories);
}

}  // namespace scenario
