// Batches, files and preallocation of the log (ZK SyncRequestProcessor.java, FileTxnLog.java).
#include "protocol/storage/log_writer.h"

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/storage/log_format.h"

namespace zab {
namespace {

// ZooKeeper polls its queue for a third of flush_delay before it flushes what it has.
constexpr int kTimerRounds = 3;
// A file is extended when less than this is left.
constexpr uint64_t kExtendWithin = 4096;

// The length to which a file of `size` is extended before a record is written at `position`.
// (ZK FilePadding.calculateFileSizeWithPadding)
uint64_t Extended(uint64_t position, uint64_t size, uint64_t step) {
  if (step == 0 || position + kExtendWithin < size) return size;
  if (position <= size) return size + step;
  return (position + step) / step * step;
}

TraceEvent Event(Probe probe, const Txn& txn) {
  return {.probe = probe,
          .zxid = txn.zxid(),
          .client = txn.header.client_id,
          .number = txn.header.cxid,
          .txn = txn.hash};
}

}  // namespace

void LogWriter::Append(TxnRef txn, const Limits& limits, Outbox& out) {
  ZAB_CHECK(txn->zxid() > last_appended_)
      << ToString(txn->zxid()) << " logged after " << ToString(last_appended_);
  last_appended_ = txn->zxid();
  queue_.push_back(std::move(txn));
  if (queue_.size() == 1) ArmTimer(limits, out);
  MaybeFlush(limits, out);
}

bool LogWriter::OnFileDone(const FileDone& done, const Limits& limits, Outbox& out) {
  if (!batch_end_ || done.operation != *batch_end_) return false;
  if (done.error != FileError::kNone) return true;  // Never durable; the peer halts.
  batch_end_.reset();
  for (const TxnRef& txn : batch_) out.Emit(Event(Probe::kSynced, *txn));
  last_synced_ = batch_.back()->zxid();
  batch_.clear();
  MaybeFlush(limits, out);
  return true;
}

// Without a clock: the delay ends after a round without new transactions, or after three rounds.
void LogWriter::OnFlushTimer(const Limits& limits, Outbox& out) {
  if (queue_.empty() || due_) return;
  ++timer_rounds_;
  due_ = timer_rounds_ == kTimerRounds || queue_.size() == queued_at_timer_;
  if (due_) return MaybeFlush(limits, out);
  queued_at_timer_ = queue_.size();
  out.SetTimer({TimerName::kFlush}, limits.flush_delay / kTimerRounds);
}

void LogWriter::Roll(Outbox& out) {
  if (file_.empty()) return;
  out.Emit({.probe = Probe::kLogRolled, .zxid = last_written_});
  file_.clear();
  position_ = size_ = 0;
  txns_since_roll_ = 0;
}

void LogWriter::Restart(Zxid last, absl::btree_set<std::string> logs) {
  ZAB_CHECK(idle()) << "the log changed during an fsync";
  file_.clear();
  position_ = size_ = 0;
  txns_since_roll_ = 0;
  logs_ = std::move(logs);
  last_written_ = last_appended_ = last_synced_ = last;
}

bool LogWriter::Full(const Limits& limits) const {
  return limits.max_batch_size > 0 && queue_.size() >= static_cast<size_t>(limits.max_batch_size);
}

void LogWriter::ArmTimer(const Limits& limits, Outbox& out) {
  if (limits.flush_delay <= Duration{}) return;
  due_ = false;
  timer_rounds_ = 0;
  queued_at_timer_ = queue_.size();
  out.SetTimer({TimerName::kFlush}, limits.flush_delay / kTimerRounds);
}

void LogWriter::MaybeFlush(const Limits& limits, Outbox& out) {
  if (batch_end_ || queue_.empty()) return;
  const bool delayed = limits.flush_delay > Duration{};
  if (delayed && !due_ && !Full(limits)) return;
  if (delayed && !due_) out.CancelTimer({TimerName::kFlush});
  Flush(limits, out);
  if (!queue_.empty()) ArmTimer(limits, out);
}

// A file is opened only when no operation is in progress, so the previous one is already durable
// and a crash cannot leave a gap between two files (REFERENCE.md 13.2).
void LogWriter::Flush(const Limits& limits, Outbox& out) {
  const size_t count = limits.max_batch_size > 0
                           ? std::min(queue_.size(), static_cast<size_t>(limits.max_batch_size))
                           : queue_.size();
  batch_.assign(std::make_move_iterator(queue_.begin()),
                std::make_move_iterator(queue_.begin() + static_cast<std::ptrdiff_t>(count)));
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));

  batch_begin_ = out.NextOperation();
  std::string bytes;
  const bool is_new = file_.empty();
  const uint64_t start = is_new ? 0 : position_;
  if (is_new) OpenFile(batch_.front()->zxid(), bytes, out);
  size_t records = 0;
  for (const TxnRef& txn : batch_) records += RecordSize(*txn);
  bytes.reserve(bytes.size() + records);
  uint64_t size = size_;
  for (const TxnRef& txn : batch_) {
    size = Extended(start + bytes.size(), size, static_cast<uint64_t>(limits.pre_alloc_size));
    AppendRecord(*txn, bytes);
  }
  if (size > size_) out.Truncate(file_, size);
  size_ = size;
  position_ = start + bytes.size();
  for (const TxnRef& txn : batch_) out.Emit(Event(Probe::kLogged, *txn));
  out.Write(file_, start, Payload(std::move(bytes)));
  const OperationId synced = out.Fsync(file_);
  batch_end_ = is_new ? out.SyncDir() : synced;
  last_written_ = batch_.back()->zxid();
  txns_since_roll_ += static_cast<int64_t>(count);
}

void LogWriter::OpenFile(Zxid first, std::string& bytes, Outbox& out) {
  file_ = LogName(first);
  if (logs_.contains(file_)) {  // Its first record was torn and cut off.
    out.Remove(file_);
    out.SyncDir();
  }
  out.Create(file_);
  logs_.insert(file_);
  bytes = LogHeader();
  size_ = bytes.size();
}

}  // namespace zab
