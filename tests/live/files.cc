// POSIX calls for each operation.
#include "tests/live/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace live {
namespace {

using zab::FileError;
using zab::FileKind;

/// Closes its descriptor.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

FileError ResultOf(bool success) {
  if (success) return FileError::kNone;
  return errno == ENOSPC ? FileError::kNoSpace : FileError::kIo;
}

FileError Write(const std::string& path, absl::string_view bytes, uint64_t offset) {
  const Descriptor file(path, O_WRONLY);
  if (file.get() < 0) return ResultOf(false);
  while (!bytes.empty()) {
    const ssize_t written =
        pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) return ResultOf(false);
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return FileError::kNone;
}

FileError Synchronise(const std::string& path) {
  const Descriptor file(path, O_RDONLY);
  return ResultOf(file.get() >= 0 && fsync(file.get()) == 0);
}

void Read(const std::string& path, zab::FileDone& done) {
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    done.error = std::filesystem::exists(path) ? FileError::kUnreadable : FileError::kNotFound;
    return;
  }
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) {
    done.error = FileError::kUnreadable;
  } else {
    done.bytes = zab::Payload(std::move(bytes));
  }
}

void List(const std::string& directory, zab::FileDone& done) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    done.names.push_back(entry.path().filename().string());
  }
  if (error) done.error = FileError::kUnreadable;
  std::sort(done.names.begin(), done.names.end());
}

}  // namespace

Files::Files(std::string directory) : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
}

zab::FileDone Files::Perform(const zab::FileOp& operation) {
  zab::FileDone done{.operation = operation.operation};
  if (failed_) {
    done.error = FileError::kAborted;
  } else if (operation.kind == FileKind::kRead) {
    Read(PathOf(operation.path), done);
  } else if (operation.kind == FileKind::kList) {
    List(directory_, done);
  } else {
    done.error = Change(operation);
    failed_ = done.error != FileError::kNone;
  }
  return done;
}

FileError Files::Change(const zab::FileOp& operation) const {
  const std::string path = PathOf(operation.path);
  switch (operation.kind) {
    case FileKind::kCreate:
      return ResultOf(Descriptor(path, O_CREAT | O_TRUNC | O_WRONLY).get() >= 0);
    case FileKind::kWrite: return Write(path, operation.bytes.view(), operation.offset);
    case FileKind::kFsync: return Synchronise(path);
    case FileKind::kSyncDir: return Synchronise(directory_);
    case FileKind::kRename:
      return ResultOf(std::rename(path.c_str(), PathOf(operation.to).c_str()) == 0);
    case FileKind::kTruncate:
      return ResultOf(truncate(path.c_str(), static_cast<off_t>(operation.offset)) == 0);
    case FileKind::kRemove: return ResultOf(unlink(path.c_str()) == 0);
    case FileKind::kList:
    case FileKind::kRead: break;  // They change nothing.
  }
  return FileError::kIo;
}

}  // namespace live
