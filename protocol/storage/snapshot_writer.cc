// Writes the walk chunk by chunk, and decides when a snapshot may get its name.
#include "protocol/storage/snapshot_writer.h"

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"

namespace zab {
namespace {

// Small, so that even the trees of short runs are walked in several steps, with transactions in
// between.
constexpr size_t kChunk = 4096;

std::string TemporaryName(Zxid zxid) {
  return SnapshotName(zxid) + ".tmp";
}

}  // namespace

void SnapshotWriter::Start(const Database& database, Outbox& out) {
  ZAB_CHECK(!busy()) << "two snapshots at a time";
  phase_ = Phase::kWalking;
  ++serial_;
  zxid_ = database.last_processed;
  walker_ = SnapshotWalker();
  offset_ = 0;
  adler_ = 1;
  out.Emit({.probe = Probe::kSnapshotBegin, .zxid = zxid_});
  out.Create(TemporaryName(zxid_));
  WriteChunk(database, out);
}

void SnapshotWriter::WriteChunk(const Database& database, Outbox& out) {
  std::string bytes;
  if (offset_ == 0) bytes = SnapshotFileHeader();
  walker_.Next(database.tree, kChunk, bytes);
  if (walker_.done()) {
    last_applied_ = database.last_processed;
    bytes += SnapshotFileTrailer(ExtendAdler(adler_, bytes), last_applied_, database.tree.digest());
  }
  adler_ = ExtendAdler(adler_, bytes);
  const uint64_t offset = offset_;
  offset_ += bytes.size();
  waits_for_ = out.Write(TemporaryName(zxid_), offset, Payload(std::move(bytes)));
  if (!walker_.done()) return;
  phase_ = Phase::kSealing;
  waits_for_ = out.Fsync(TemporaryName(zxid_));
}

bool SnapshotWriter::OnFileDone(const FileDone& done, Zxid log_synced, const Limits& limits,
                                Outbox& out) {
  if (purger_.OnFileDone(done, limits.snap_retain_count, out)) return true;
  const bool waits = phase_ != Phase::kIdle && phase_ != Phase::kSealed;
  if (!waits || done.operation != waits_for_) return false;
  if (done.error != FileError::kNone) return true;  // Never named; the peer halts.
  switch (phase_) {
    case Phase::kWalking: out.HandOver({TaskName::kSnapshotChunk, serial_}); break;
    case Phase::kSealing:
      phase_ = Phase::kSealed;
      MaybeName(log_synced, out);
      break;
    case Phase::kNaming:
      phase_ = Phase::kIdle;
      out.Emit({.probe = Probe::kSnapshotEnd, .zxid = zxid_});
      purger_.Start(out);
      break;
    case Phase::kIdle:
    case Phase::kSealed: break;
  }
  return true;
}

void SnapshotWriter::OnChunk(uint64_t serial, const Database& database, Outbox& out) {
  if (phase_ != Phase::kWalking || serial != serial_) return;
  WriteChunk(database, out);
}

void SnapshotWriter::OnLogSynced(Zxid log_synced, Outbox& out) {
  if (phase_ == Phase::kSealed) MaybeName(log_synced, out);
}

// A COMMIT may be applied before the server's own fsync, and a restored tree must not be ahead of
// its log (REFERENCE.md 14.3).  The start of an epoch is not a transaction; everything before it
// was already durable.
void SnapshotWriter::MaybeName(Zxid log_synced, Outbox& out) {
  if (last_applied_.counter != 0 && log_synced < last_applied_) return;
  phase_ = Phase::kNaming;
  out.Rename(TemporaryName(zxid_), SnapshotName(zxid_));
  waits_for_ = out.SyncDir();
}

void SnapshotWriter::Abandon(Outbox& out) {
  if (busy() && phase_ != Phase::kNaming) out.Remove(TemporaryName(zxid_));
  phase_ = Phase::kIdle;
  purger_.Stop();
}

void SnapshotTrigger::Draw(const Limits& limits, Chooser& chooser, Entity entity) {
  const auto draw = [&](Stream stream, int64_t limit) {
    if (limit <= 0) return kNever;
    const int64_t half = std::max<int64_t>(limit / 2, 1);
    return limit / 2 + chooser.Between(stream, entity, 0, half - 1);
  };
  txns_ = draw(Stream("snapshot/txns"), limits.snap_count);
  bytes_ = draw(Stream("snapshot/bytes"), limits.snap_size_limit);
}

}  // namespace zab
