// SyncRequestProcessor: appends transactions to the log and syncs them in batches (REFERENCE.md
// 8.2, 13.2).  During an fsync new transactions wait here, not in the file.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "protocol/boundary/config.h"
#include "protocol/boundary/io.h"
#include "protocol/storage/directory.h"
#include "protocol/wire/txn.h"

namespace zab {

class LogWriter {
 public:
  /// Queues `txn`, whose zxid must be above all earlier ones.  Writes immediately unless an fsync
  /// is in progress or flush_delay makes it wait for others.
  void Append(TxnRef txn, const Limits& limits, Outbox& out);

  /// Returns whether the completion was one of its own; then last_synced() may have grown and more
  /// may have been written.
  bool OnFileDone(const FileDone& done, const Limits& limits, Outbox& out);
  /// Whether the operation belongs to the current batch.
  bool Owns(OperationId operation) const {
    return batch_end_ && batch_begin_ <= operation && operation <= *batch_end_;
  }
  /// TimerName::kFlush.
  void OnFlushTimer(const Limits& limits, Outbox& out);

  /// Begins a new file with the next record.
  void Roll(Outbox& out);

  /// Forgets file and position: the history on disk has been replaced (restart, TRUNC, SNAP).  The
  /// writer must be idle.  `last` is the last transaction of the new history; `logs` are its log
  /// files.
  void Restart(Zxid last, absl::btree_set<std::string> logs);

  /// Whether everything appended is durable.
  bool idle() const { return queue_.empty() && !batch_end_; }
  Zxid last_appended() const { return last_appended_; }  // Including the queue.
  Zxid last_written() const { return last_written_; }
  Zxid last_synced() const { return last_synced_; }
  /// Transactions and bytes written since the last Roll, which trigger snapshots.
  int64_t txns_since_roll() const { return txns_since_roll_; }
  int64_t bytes_since_roll() const { return static_cast<int64_t>(position_); }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("queue", queue_);
    field("batch", batch_);
    field("batch_begin", batch_begin_);
    field("batch_end", batch_end_);
    field("file", file_);
    field("position", position_);
    field("size", size_);
    field("logs", logs_);
    field("due", due_);
    field("timer_rounds", timer_rounds_);
    field("queued_at_timer", queued_at_timer_);
    field("last_written", last_written_);
    field("last_appended", last_appended_);
    field("last_synced", last_synced_);
    field("txns_since_roll", txns_since_roll_);
  }

 private:
  bool Full(const Limits& limits) const;
  void ArmTimer(const Limits& limits, Outbox& out);
  /// Writes if a write is due and no fsync is in progress.
  void MaybeFlush(const Limits& limits, Outbox& out);
  void Flush(const Limits& limits, Outbox& out);
  /// Creates the file that begins with `first`, and puts its header at the start of `bytes`.
  void OpenFile(Zxid first, std::string& bytes, Outbox& out);

  std::deque<TxnRef> queue_;              // Not yet written.
  std::vector<TxnRef> batch_;             // Written; the fsync is in progress.
  OperationId batch_begin_;               // The first operation of the batch.
  std::optional<OperationId> batch_end_;  // The operation that makes the batch durable.

  std::string file_;                   // Empty: none is open.
  uint64_t position_ = 0;              // End of the last record.
  uint64_t size_ = 0;                  // With preallocation.
  absl::btree_set<std::string> logs_;  // Names on disk; a new file must not append to an old one.

  // Only with a flush_delay: a timer runs for the first transaction in the queue, unless due_.
  bool due_ = false;            // It has waited long enough.
  int timer_rounds_ = 0;        // How many rounds of flush_delay / 3 have passed.
  size_t queued_at_timer_ = 0;  // Queue size when the round began.

  Zxid last_written_;
  Zxid last_appended_;
  Zxid last_synced_;
  int64_t txns_since_roll_ = 0;
};

}  // namespace zab
