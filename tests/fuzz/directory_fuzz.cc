// A whole data directory: restores it, truncates it, reads its log and inspects it.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/inspection/inspect.h"
#include "protocol/storage/epochs.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/restore.h"
#include "protocol/storage/snap_install.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/fuzz/fuzz.h"

namespace {

enum FileKind { kAccepted, kCurrent, kLog, kSnapshot, kReceived, kTemporary, kNamed, kKinds };
constexpr uint8_t kFix = 0x80;  // A bit of the kind's byte: fix the checksums.

zab::Zxid TakeZxid(fuzz::Input& input) {
  const zab::Epoch epoch{input.Byte()};
  return {epoch, input.Byte()};
}

// One file: kind, zxid, size in two bytes, bytes.  For kNamed, the counter is the length of the
// name at the start of the bytes.
void TakeFile(fuzz::Input& input, zab::DirectoryImage& image) {
  const uint8_t kind = input.Byte();
  const zab::Zxid zxid = TakeZxid(input);
  const size_t high = input.Byte();
  std::string bytes(input.Take(high << 8 | input.Byte()));
  std::string name;
  switch ((kind & ~kFix) % kKinds) {
    case kAccepted: name = zab::kAcceptedEpochFile; break;
    case kCurrent: name = zab::kCurrentEpochFile; break;
    case kLog: name = zab::LogName(zxid); break;
    case kSnapshot: name = zab::SnapshotName(zxid); break;
    case kReceived: name = zab::ReceivedName(zxid); break;
    case kTemporary: name = zab::SnapshotName(zxid) + ".tmp"; break;
    default: name = bytes.substr(0, zxid.counter); bytes.erase(0, name.size());
  }
  if ((kind & kFix) != 0) {
    fuzz::FixLog(bytes);
    fuzz::FixSnapshot(bytes);
  }
  if (!name.empty()) image[name] = zab::Payload(std::move(bytes));
}

void CheckSame(const zab::Restored& a, const zab::Restored& b) {
  ZAB_CHECK(a.damaged == b.damaged) << a.damage << " | " << b.damage;
  ZAB_CHECK(a.fresh == b.fresh && a.promise_lost == b.promise_lost) << "fresh, promise";
  ZAB_CHECK(a.snapshot == b.snapshot && a.last_log == b.last_log) << a.last_log << b.last_log;
  ZAB_CHECK(a.accepted_epoch == b.accepted_epoch && a.current_epoch == b.current_epoch) << "epoch";
  const zab::Database& x = a.database;
  const zab::Database& y = b.database;
  ZAB_CHECK(x.last_processed == y.last_processed)
      << ToString(x.last_processed) << " | " << ToString(y.last_processed);
  ZAB_CHECK(x.tree == y.tree && x.tree.digest() == y.tree.digest() &&
            x.tree.sessions == y.tree.sessions && x.tree.acls == y.tree.acls)
      << "tree";
  ZAB_CHECK(std::equal(a.log.begin(), a.log.end(), b.log.begin(), b.log.end(),
                       [](const auto& l, const auto& r) { return l->bytes == r->bytes; }))
      << "log";
}

void CheckRestored(const zab::Restored& restored) {
  if (restored.damaged) {
    ZAB_CHECK(restored.log.empty() && restored.database.tree.size() == 0) << "damaged, yet a tree";
    for (const zab::RepairStep& step : restored.repairs) {
      const auto* remove = std::get_if<zab::RemoveFile>(&step);
      ZAB_CHECK(remove != nullptr && zab::IsTemporary(remove->path)) << "damaged, yet repaired";
    }
    return;
  }
  zab::Zxid last = restored.snapshot.value_or(zab::Zxid{});
  for (const zab::TxnRef& txn : restored.log) {
    if (txn->zxid() <= last) continue;  // Once more, or late.
    ZAB_CHECK(Follows(txn->zxid(), last)) << ToString(last) << " -> " << ToString(txn->zxid());
    last = txn->zxid();
  }
  ZAB_CHECK(restored.database.last_processed == last) << ToString(last);
  ZAB_CHECK(last.epoch.value <= 0x7fffffff) << "not an epoch: " << ToString(last);
}

// A crash may come between any two repairs; then the next start repairs the rest.
void TryRestore(zab::DirectoryImage image) {
  const zab::PeerConfig config{.self = zab::ServerId{1}};
  const zab::Restored restored = zab::Restore(image, config);
  CheckRestored(restored);
  for (const zab::RepairStep& step : restored.repairs) {
    zab::ApplyRepairs({step}, image);
    CheckSame(zab::Restore(image, config), restored);
  }
  ZAB_CHECK(zab::Restore(image, config).repairs.empty()) << "never repaired";
}

void TryTruncate(zab::DirectoryImage image, zab::Zxid zxid) {
  const auto steps = zab::PlanTruncate(image, zxid);
  if (!steps) return;
  zab::ApplyRepairs(*steps, image);
  const zab::Restored left = zab::Restore(image, zab::PeerConfig{});
  ZAB_CHECK(!left.damaged && left.repairs.empty() && left.database.last_processed == zxid)
      << "TRUNC to " << ToString(zxid) << " leads to " << ToString(left.database.last_processed);
}

void TryLog(const zab::DirectoryImage& image, zab::Zxid zxid, zab::Ratio factor) {
  const auto log = zab::LogBehind(image, zxid, factor);
  if (!log || log->empty()) return;
  ZAB_CHECK(log->front()->zxid() <= zxid) << "does not begin at " << ToString(zxid);
  for (size_t i = 1; i < log->size(); ++i) {
    ZAB_CHECK((*log)[i - 1]->zxid() < (*log)[i]->zxid()) << ToString((*log)[i]->zxid());
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const zab::Zxid zxid = TakeZxid(input);
  const zab::Ratio factor{.numerator = input.Byte(), .denominator = 100};
  zab::DirectoryImage image;
  while (!input.empty()) TakeFile(input, image);
  TryRestore(image);
  TryTruncate(image, zxid);
  TryLog(image, zxid, factor);
  const zab::Inspection inspection = zab::Inspect(image);
  ZAB_CHECK(!inspection.restored.damaged || inspection.health == zab::Health::kDamaged) << "health";
  return 0;
}
