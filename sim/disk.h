// The disk of one machine: a queue of file operations that takes time and completes in order, over
// a FileStore that knows what would survive.  It knows nothing of what the files hold.
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

/// What a power loss leaves of completed but unsynced operations (file_store.h).
enum class OnCrash : uint8_t { kLoseUnsynced, kTorn, kKeep, kReordered };

/// What fails once.  kRead: a read or list; kWrite: a change of a file or a name; kFsync: an fsync,
/// of a file or the directory; what was unsynced of the file is gone then; kFull: as kWrite, for
/// want of room.
enum class IoFault : uint8_t { kRead, kWrite, kFsync, kFull };
constexpr int kIoFaultCount = static_cast<int>(IoFault::kFull) + 1;

struct DiskProfile {
  Distribution read = Const(zab::Microseconds(100));
  Distribution write = Const(zab::Microseconds(10));  // And create, rename, truncate, remove, list.
  Distribution fsync = Const(zab::Milliseconds(2));   // And sync_dir.
  OnCrash on_crash = OnCrash::kLoseUnsynced;
  std::optional<uint64_t> capacity;  // Bytes of all files; a change that needs more fails.

  friend constexpr bool operator==(const DiskProfile&, const DiskProfile&) = default;
};

/// A plain value.  An operation takes effect when it completes: one that waits or runs at a crash
/// has not happened, except that with kTorn a running write may be there in part.
class Disk {
 public:
  explicit Disk(NodeId node) : node_(node) {}

  const DiskProfile& profile() const { return profile_; }
  /// Counts from the next operation that begins, and at the next crash.
  void SetProfile(const DiskProfile& profile) { profile_ = profile; }

  /// What the files hold: for checkers, and for setting up a disk before the start.
  const FileStore& files() const { return files_; }
  /// Puts a durable file there, replacing one of that name.  Only while no process runs.
  void Install(absl::string_view name, absl::string_view bytes);

  // ---- Faults --------------------------------------------------------------------------------
  /// The `nth` operation of that kind from now on fails (1: the next), whoever runs then.  False:
  /// one was to fail already.
  bool Fail(IoFault fault, uint64_t nth = 1);
  /// Nothing is to fail any more.
  void ForgetFaults() { to_fail_.fill(0); }
  bool WillFail(IoFault fault) const { return to_fail_[static_cast<size_t>(fault)] > 0; }
  /// The failure of the last operation that completed, once.
  std::optional<IoFault> TakeFailure() { return std::exchange(failure_, std::nullopt); }
  void Corrupt(absl::string_view name, uint64_t offset, absl::string_view bytes) {
    files_.Corrupt(name, offset, bytes);
  }
  /// Only while no process runs.
  void Wipe();

  // ---- Work ----------------------------------------------------------------------------------
  /// Queues an operation of the running process.
  void Submit(const zab::FileOp& file, Kernel& kernel);
  /// The operation whose event that is, before OnEvent; null if the event is stale.
  const zab::FileOp* Due(uint64_t seq) const {
    return seq == running_seq_ ? &queue_.front().file : nullptr;
  }
  /// The running operation is done: performs it and begins the next.  Nothing if the event is
  /// stale.
  std::optional<Delivery> OnEvent(uint64_t seq, Kernel& kernel);

  /// FileStore::SyncNamesBut, right before a power loss.
  void SyncNamesBut(size_t lost) { files_.SyncNamesBut(lost); }
  /// The process is gone: operations that wait or run are lost, the page cache survives.
  void OnKill();
  /// The power is gone: the page cache goes the way of profile().on_crash.  Returns whether writes
  /// survive out of order.
  bool OnPowerLoss(Kernel& kernel);

 private:
  struct Operation {
    zab::FileOp file;
    uint64_t cause = 0;
  };

  void BeginNext(Kernel& kernel);
  /// What is wrong with the disk, so that this operation fails.
  std::optional<IoFault> FaultOf(const zab::FileOp& file);
  /// Counts down; whether this is the one that fails.
  bool CountsTo(IoFault fault);
  bool Fits(const zab::FileOp& file) const;
  zab::FileError Refuse(const zab::FileOp& file, IoFault fault);
  zab::FileError Perform(const zab::FileOp& file, input::FileDone& done);

  NodeId node_;
  DiskProfile profile_;
  FileStore files_;
  std::deque<Operation> queue_;  // The first one runs, if running_seq_ says so.
  uint64_t running_seq_ = 0;     // Of its event; 0: idle.
  bool aborted_ = false;         // A changing operation of this process has failed.
  std::array<uint64_t, kIoFaultCount> to_fail_{};  // Which operation from now on; 0: none.
  std::optional<IoFault> failure_;
};

}  // namespace sim
