// The queue of one disk.
#include "sim/disk.h"

#include <utility>

#include "protocol/base/check.h"

namespace sim {
namespace {

using zab::FileError;
using zab::FileKind;

constexpr zab::Stream kReadStream("disk/read");
constexpr zab::Stream kWriteStream("disk/write");
constexpr zab::Stream kFsyncStream("disk/fsync");

// Whether the operation changes the disk; if such an operation fails, all later ones fail.
bool Changes(FileKind kind) {
  return kind != FileKind::kList && kind != FileKind::kRead;
}

zab::Entity EntityOf(NodeId node) {
  return {node.value};
}

zab::Duration LatencyOf(FileKind kind, const DiskProfile& profile, NodeId node,
                        zab::Chooser& chooser) {
  switch (kind) {
    case FileKind::kRead: return profile.read.Next(kReadStream, EntityOf(node), chooser);
    case FileKind::kFsync:
    case FileKind::kSyncDir: return profile.fsync.Next(kFsyncStream, EntityOf(node), chooser);
    case FileKind::kList:
    case FileKind::kCreate:
    case FileKind::kWrite:
    case FileKind::kRename:
    case FileKind::kTruncate:
    case FileKind::kRemove: return profile.write.Next(kWriteStream, EntityOf(node), chooser);
  }
  return {};
}

}  // namespace

void Disk::Install(absl::string_view name, absl::string_view bytes) {
  ZAB_CHECK(queue_.empty()) << "install while a process is running";
  files_.Install(name, bytes);
}

void Disk::Submit(const zab::FileOp& file, Kernel& kernel) {
  queue_.push_back({.file = file,
                    .cause = kernel.causes.OfEffect(),
                    .submitted = kernel.now,
                    .ahead = queue_.size()});
  if (running_seq_ == 0) BeginNext(kernel);
}

void Disk::BeginNext(Kernel& kernel) {
  running_seq_ = 0;
  if (queue_.empty()) return;
  const zab::FileOp& file = queue_.front().file;
  const zab::Duration latency = LatencyOf(file.kind, profile_, node_, kernel.chooser);
  running_seq_ =
      kernel.queue.Push(kernel.now + latency + TransferTime(file), Event{event::Disk{node_}});
}

// Rounded up.
zab::Duration Disk::TransferTime(const zab::FileOp& file) const {
  if (!profile_.throughput) return {};
  uint64_t bytes = 0;
  if (file.kind == FileKind::kFsync) bytes = files_.UnsyncedBytes(file.path);
  if (file.kind == FileKind::kRead) {
    const std::optional<FileView> found = files_.Find(Image::kVisible, file.path);
    bytes = found ? found->size : 0;
  }
  constexpr int64_t kSecond = zab::Seconds(1).nanoseconds;
  const int64_t rate = *profile_.throughput;
  const auto size = static_cast<int64_t>(bytes);
  return zab::Seconds(1) * (size / rate) +
         zab::Nanoseconds((size % rate * kSecond + rate - 1) / rate);
}

std::optional<Delivery> Disk::OnEvent(uint64_t seq, Kernel& kernel) {
  if (seq != running_seq_) return std::nullopt;
  const QueuedFileOp operation = std::move(queue_.front());
  queue_.pop_front();
  input::FileDone done{.operation = operation.file.operation};
  const bool changes = Changes(operation.file.kind);
  if (aborted_ && changes) {
    done.error = FileError::kAborted;
  } else {
    failure_ = FaultOf(operation.file, kernel);
    if (failure_) {
      done.error = Refuse(operation.file, *failure_);
    } else {
      FileAnswer answer = Perform(operation.file, files_);
      done.error = answer.error;
      done.bytes = std::move(answer.bytes);
      done.names = std::move(answer.names);
    }
    if (changes && done.error != FileError::kNone) aborted_ = true;
  }
  BeginNext(kernel);
  return Delivery{.node = node_, .cause = operation.cause, .input = std::move(done)};
}

bool Disk::Fail(IoFault fault, uint64_t nth, Kernel& kernel) {
  if (WillFail(fault)) return false;
  to_fail_[static_cast<size_t>(fault)] = {nth, kernel.armed.Arm()};
  return true;
}

bool Disk::CountsTo(IoFault fault, Kernel& kernel) {
  ToFail& next = to_fail_[static_cast<size_t>(fault)];
  if (next.nth == 0) return false;
  --next.nth;
  if (next.nth > 0) return false;
  kernel.armed.Strike(next.armed);
  return true;
}

std::optional<IoFault> Disk::FaultOf(const zab::FileOp& file, Kernel& kernel) {
  switch (file.kind) {
    case FileKind::kList:
    case FileKind::kRead:
      if (CountsTo(IoFault::kRead, kernel)) return IoFault::kRead;
      break;
    case FileKind::kFsync:
    case FileKind::kSyncDir:
      if (CountsTo(IoFault::kFsync, kernel)) return IoFault::kFsync;
      break;
    case FileKind::kCreate:
    case FileKind::kWrite:
    case FileKind::kRename:
    case FileKind::kTruncate:
    case FileKind::kRemove:
      if (CountsTo(IoFault::kWrite, kernel)) return IoFault::kWrite;
      if (CountsTo(IoFault::kFull, kernel) || !Fits(file)) return IoFault::kFull;
      break;
  }
  return std::nullopt;
}

// Files use space according to their length; names use none.
bool Disk::Fits(const zab::FileOp& file) const {
  if (!profile_.capacity) return true;
  uint64_t length = 0;
  if (file.kind == FileKind::kWrite) length = file.offset + file.bytes.size();
  if (file.kind == FileKind::kTruncate) length = file.offset;
  const std::optional<FileView> found = files_.Find(Image::kVisible, file.path);
  const uint64_t before = found ? found->size : 0;
  return length <= before || files_.size() + (length - before) <= *profile_.capacity;
}

FileError Disk::Refuse(const zab::FileOp& file, IoFault fault) {
  if (fault == IoFault::kRead) return FileError::kUnreadable;
  if (fault == IoFault::kFull) return FileError::kNoSpace;
  if (file.kind == FileKind::kFsync) files_.DropUnsynced(file.path);
  return FileError::kIo;
}

void Disk::Wipe() {
  ZAB_CHECK(queue_.empty()) << "wiped while a process is running";
  files_.Wipe();
}

void Disk::OnKill() {
  queue_.clear();
  running_seq_ = 0;
  aborted_ = false;
}

bool Disk::OnPowerLoss(Kernel& kernel) {
  bool reordered = false;
  switch (profile_.on_crash) {
    case OnCrash::kLoseUnsynced: files_.LoseUnsynced(); break;
    case OnCrash::kTorn:
      // The running write counts as another unsynced write, unless its file does not exist.
      if (running_seq_ != 0 && !aborted_ && queue_.front().file.kind == FileKind::kWrite) {
        const zab::FileOp& file = queue_.front().file;
        files_.Write(file.path, file.offset, file.bytes);
      }
      files_.Tear(EntityOf(node_), kernel.chooser);
      break;
    case OnCrash::kKeep: files_.KeepUnsynced(); break;
    case OnCrash::kReordered: reordered = files_.Reorder(EntityOf(node_), kernel.chooser); break;
  }
  OnKill();
  return reordered;
}

}  // namespace sim
