// Each hint by itself.
#include "protocol/inspection/hints.h"

#include <algorithm>

#include "protocol/storage/epochs.h"
#include "protocol/storage/history_files.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/wire/jute.h"

namespace zab {
namespace {

constexpr size_t kTxnHeader = 32;
constexpr uint32_t kLogMagic = 0x5a4b4c47;       // "ZKLG".
constexpr uint32_t kSnapshotMagic = 0x5a4b534e;  // "ZKSN".

// ZooKeeper adopts currentEpoch.tmp if currentEpoch is too old.
std::optional<Epoch> UnfinishedCurrent(const DirectoryImage& image) {
  const auto file = image.find(std::string(kCurrentEpochFile) + ".tmp");
  return file == image.end() ? std::nullopt : ParseEpoch(file->second.view());
}

// QuorumPeer.loadDataBase.  A standalone server has no such files, and looks at none.
void CompareEpochs(const DirectoryImage& image, Inspection& out) {
  const Restored& restored = out.restored;
  if (!restored.accepted_epoch && !restored.current_epoch) return;
  const Epoch last = restored.database.last_processed.epoch;
  Epoch current = restored.current_epoch.value_or(last);
  if (!restored.damaged && last > current) {
    const std::optional<Epoch> unfinished = UnfinishedCurrent(image);
    if (!unfinished) out.hints.emplace_back(Hint::kCurrentEpochIsOld, ToString(current));
    current = unfinished.value_or(current);
  }
  if (restored.damaged && !restored.accepted_epoch) return;
  const Epoch accepted = restored.accepted_epoch.value_or(last);
  if (accepted < current) out.hints.emplace_back(Hint::kAcceptedEpochIsOld, ToString(accepted));
}

void LookForTheRest(Inspection& out) {
  if (out.snapshots.empty() && !out.logs.empty()) {
    const LogReport& first = out.logs.front();
    const bool from_the_first = !first.epochs.empty() && first.epochs.front().first.counter == 1;
    if (from_the_first) out.hints.emplace_back(Hint::kTrustEmptySnapshot, first.name);
    out.hints.emplace_back(Hint::kSnapshotsElsewhere, "");
  }
  const bool has_history = std::any_of(out.snapshots.begin(), out.snapshots.end(),
                                       [](const SnapshotReport& s) { return s.zxid > Zxid{}; }) ||
                           out.restored.current_epoch.value_or(Epoch{}) > Epoch{};
  if (out.logs.empty() && has_history) out.hints.emplace_back(Hint::kLogsElsewhere, "");
}

// Length, entry, 'B': the record of before 3.0, when files had no header.
bool IsLogOfBefore30(absl::string_view file) {
  JuteReader reader(file);
  const int32_t size = reader.Int();
  if (!reader.ok() || size < static_cast<int32_t>(kTxnHeader)) return false;
  JuteReader entry(reader.Raw(static_cast<size_t>(size)));
  if (!reader.ok() || reader.Raw(1) != "B") return false;
  entry.Raw(kTxnHeader - 4);
  return IsTxnType(entry.Int());
}

// A count of sessions, and at the end the root's other name.
bool IsSnapshotOfBefore30(absl::string_view file) {
  JuteReader reader(file);
  const int32_t sessions = reader.Count(12);
  return reader.ok() && sessions >= 0 && LooksSealed(file);
}

bool BeginsWith(absl::string_view file, uint32_t magic) {
  return static_cast<uint32_t>(JuteReader(file).Int()) == magic;
}

// Whether the record at `position` is longer than accepted, and all of it is there.
bool IsLongRecord(absl::string_view file, uint64_t position, size_t max_record) {
  JuteReader reader(file.substr(std::min<uint64_t>(position, file.size())));
  const int64_t checksum = reader.Long();
  const int32_t size = reader.Int();
  if (!reader.ok() || size < 0 || static_cast<size_t>(size) <= max_record) return false;
  reader.Raw(static_cast<size_t>(size));
  return checksum >> 32 == 0 && reader.Raw(1) == "B";
}

void LookAtBadFiles(const DirectoryImage& image, size_t max_record, Inspection& out) {
  for (const LogReport& log : out.logs) {
    if (log.end != LogEnd::kDamaged) continue;
    const absl::string_view file = image.at(log.name).view();
    if (IsLongRecord(file, log.valid_bytes, max_record)) {
      out.hints.emplace_back(Hint::kLongRecord, log.name);
    }
    if (!BeginsWith(file, kLogMagic) && IsLogOfBefore30(file)) {
      out.hints.emplace_back(Hint::kBefore30, log.name);
    }
  }
  for (const HistoryFile& file : FilesOf(image, "snapshot.")) {
    if (!BeginsWith(file.bytes, kSnapshotMagic) && IsSnapshotOfBefore30(file.bytes)) {
      out.hints.emplace_back(Hint::kBefore30, std::string(file.name));
    }
  }
  for (const SnapshotReport& snapshot : out.snapshots) {
    if (snapshot.problem == "snapshot: impossible length" &&
        snapshot.state == SnapshotState::kDamaged) {
      out.hints.emplace_back(Hint::kLongRecord, snapshot.name);
    }
  }
}

// The numbers that ACLs have in ZooKeeper once it has replayed a log on a snapshot.
class AclNumbers {
 public:
  explicit AclNumbers(const AclTable& table) {
    for (const auto& [number, acl] : table) {
      known_[KeyOf(acl)] = number;
      numbers_.insert(number);
    }
    last_ = table.empty() ? 0 : std::max<int64_t>(table.rbegin()->first, 0);
  }

  void Replay(const TxnRecord& record) {
    std::visit(
        [this](const auto& txn) {
          if constexpr (requires { txn.acl; }) Enter(txn.acl);
          if constexpr (requires { txn.txns; }) ReplayParts(txn);
        },
        record);
  }
  bool Have(int64_t number) const { return number == kOpenAcl || numbers_.contains(number); }

 private:
  static std::string KeyOf(const std::vector<Acl>& acl) {
    std::string key;
    JuteWriter writer(key);
    WriteAcls(acl, writer);
    return key;
  }
  void Enter(const std::vector<Acl>& acl) {
    // The number after the largest is the smallest, as in Java.
    const auto next = static_cast<int64_t>(static_cast<uint64_t>(last_) + 1);
    if (!known_.try_emplace(KeyOf(acl), next).second) return;
    numbers_.insert(next);
    last_ = next;
  }
  void ReplayParts(const MultiTxn& multi) {
    const auto failed = [](const SubTxn& part) {
      return std::holds_alternative<ErrorTxn>(part.record);
    };
    if (std::any_of(multi.txns.begin(), multi.txns.end(), failed)) return;
    for (const SubTxn& part : multi.txns) Replay(part.record);
  }

  absl::btree_map<std::string, int64_t> known_;
  absl::btree_set<int64_t> numbers_;
  int64_t last_ = 0;
};

// A replay here explains some numbers that ZooKeeper's does not (REFERENCE.md D37).
void LookForAcls(const DirectoryImage& image, size_t max_record, Inspection& out) {
  if (!out.restored.snapshot || out.restored.damaged) return;
  const auto file = image.find(SnapshotName(*out.restored.snapshot));
  if (file == image.end()) return;
  const auto loaded = ReadSnapshotFile(file->second.view(), max_record);
  if (!loaded.ok()) return;
  AclNumbers numbers(loaded->tree.acls);
  for (const TxnRef& txn : out.restored.log) numbers.Replay(txn->record);
  for (const auto& [path, node] : loaded->tree.nodes()) {
    if (numbers.Have(node.acl)) continue;
    out.hints.emplace_back(Hint::kAclMissing, path);
    return;
  }
}

}  // namespace

void AddHints(const DirectoryImage& image, size_t max_record, Inspection& out) {
  CompareEpochs(image, out);
  LookForTheRest(out);
  LookAtBadFiles(image, max_record, out);
  LookForAcls(image, max_record, out);
}

bool IsDamage(Hint hint) {
  return hint == Hint::kCurrentEpochIsOld || hint == Hint::kAcceptedEpochIsOld ||
         hint == Hint::kAclMissing;
}

const char* Name(Hint hint) {
  switch (hint) {
    case Hint::kCurrentEpochIsOld: return "current_epoch_is_old";
    case Hint::kAcceptedEpochIsOld: return "accepted_epoch_is_old";
    case Hint::kTrustEmptySnapshot: return "trust_empty_snapshot";
    case Hint::kLogsElsewhere: return "logs_elsewhere";
    case Hint::kSnapshotsElsewhere: return "snapshots_elsewhere";
    case Hint::kLongRecord: return "long_record";
    case Hint::kBefore30: return "before_3_0";
    case Hint::kAclMissing: return "acl_missing";
  }
  return "";
}

}  // namespace zab
