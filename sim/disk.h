// The disk of one machine: a queue of file operations that take time and complete in order, on a
// FileStore that tracks what would survive a crash.  It does not know the contents of files.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "protocol/base/file_op.h"
#include "sim/distribution.h"
#include "sim/file_store.h"
#include "sim/input.h"
#include "sim/kernel.h"
#include "sim/node_id.h"

namespace sim {

/// The fate of completed but unsynced operations at a power loss (file_store.h).
enum class OnCrash : uint8_t { kLoseUnsynced, kTorn, kKeep, kReordered };

/// The operation that fails once.  kRead: a read or list; kWrite: a change of a file or a name;
/// kFsync: an fsync of a file, which loses its unsynced data, or of the directory; kFull: like
/// kWrite, for lack of space.
enum class IoFault : uint8_t { kRead, kWrite, kFsync, kFull };
constexpr int kIoFaultCount = static_cast<int>(IoFault::kFull) + 1;

struct DiskProfile {
  Distribution read = Const(zab::Microseconds(100));
  Distribution write =
      Const(zab::Microseconds(10));                  // Also create, rename, truncate, remove, list.
  Distribution fsync = Const(zab::Milliseconds(2));  // Also sync_dir.
  OnCrash on_crash = OnCrash::kLoseUnsynced;
  /// Bytes per second, above 0: a read also takes the time for the file, an fsync of a file that
  /// for its unsynced bytes (a write only goes to the page cache).  nullopt: no limit.
  std::optional<int64_t> throughput;
  std::optional<uint64_t> capacity;  // Bytes of all files; a change that needs more fails.

  friend constexpr bool operator==(const DiskProfile&, const DiskProfile&) = default;
};

/// A file operation of a process, in the queue of its disk.
struct QueuedFileOp {
  zab::FileOp file;
  uint64_t cause = 0;
  zab::Time submitted;
  uint64_t ahead = 0;  // Operations before it in the queue then, the running one included.
};

/// A plain value.  An operation takes effect when it completes: one that is waiting or running at a
/// crash has not happened, except that with kTorn a running write may be partially done.
class Disk {
 public:
  explicit Disk(NodeId node) : node_(node) {}

  const DiskProfile& profile() const { return profile_; }
  /// Applies from the next operation that begins, and at the next crash.
  void SetProfile(const DiskProfile& profile) { profile_ = profile; }

  /// The files, for checkers.
  const FileStore& files() const { return files_; }
  /// Adds a durable file, replacing one of the same name.  Only while no process runs.
  void Install(absl::string_view name, absl::string_view bytes);

  // ---- Faults -----------------------------------------------------------------------------------
  /// Makes the `nth` operation of this kind from now on fail (1: the next), whichever process runs
  /// then.  False if one was already going to fail.
  bool Fail(IoFault fault, uint64_t nth, Kernel& kernel);
  /// Cancels all failures that have not happened.
  void ForgetFaults() { to_fail_.fill({}); }
  bool WillFail(IoFault fault) const { return to_fail_[static_cast<size_t>(fault)].nth > 0; }
  /// Returns the failure of the last completed operation, and clears it.
  std::optional<IoFault> TakeFailure() { return std::exchange(failure_, std::nullopt); }
  void Corrupt(absl::string_view name, uint64_t offset, absl::string_view bytes) {
    files_.Corrupt(name, offset, bytes);
  }
  /// Only while no process runs.
  void Wipe();

  // ---- Work -------------------------------------------------------------------------------------
  /// Queues an operation of the running process.
  void Submit(const zab::FileOp& file, Kernel& kernel);
  /// The operation of the event with this seq, before OnEvent; null if the event is stale.
  const QueuedFileOp* Due(uint64_t seq) const {
    return seq == running_seq_ ? &queue_.front() : nullptr;
  }
  /// The running operation is done: performs it and begins the next.  Does nothing if the event is
  /// stale.
  std::optional<Delivery> OnEvent(uint64_t seq, Kernel& kernel);

  /// FileStore::SyncNamesBut; call directly before a power loss.
  void SyncNamesBut(size_t lost) { files_.SyncNamesBut(lost); }
  /// The process has died: waiting and running operations are lost, the page cache survives.
  void OnKill();
  /// A power loss: the page cache is treated as profile().on_crash says.  Returns whether writes
  /// survive out of order.
  bool OnPowerLoss(Kernel& kernel);

 private:
  /// The operation of a kind that will fail, counted from now on; 0: none.
  struct ToFail {
    uint64_t nth = 0;
    ArmedFault armed;
  };

  void BeginNext(Kernel& kernel);
  /// The time to move the bytes of this operation.
  zab::Duration TransferTime(const zab::FileOp& file) const;
  /// The fault that makes this operation fail, if any.
  std::optional<IoFault> FaultOf(const zab::FileOp& file, Kernel& kernel);
  /// Counts down; returns whether this operation is the one that fails.
  bool CountsTo(IoFault fault, Kernel& kernel);
  bool Fits(const zab::FileOp& file) const;
  zab::FileError Refuse(const zab::FileOp& file, IoFault fault);

  NodeId node_;
  DiskProfile profile_;
  FileStore files_;
  std::deque<QueuedFileOp> queue_;  // The first one is running if running_seq_ is set.
  uint64_t running_seq_ = 0;        // Of the event of the running operation; 0: idle.
  bool aborted_ = false;            // Whether a changing operation of this process has failed.
  std::array<ToFail, kIoFaultCount> to_fail_{};  // By fault.
  std::optional<IoFault> failure_;
};

}  // namespace sim
