// POSIX, since the standard library cannot sync.
#include "tools/zabsim/campaign/file_io.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace zabsim {
namespace {

bool IsOfStorage(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG || error == EIO;
}

bool WriteAll(int file, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

/// A device or a pipe, which is nothing to replace.
absl::Status WriteInto(const std::string& path, absl::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool written = file >= 0 && WriteAll(file, text);
  const absl::Status status = written ? absl::OkStatus() : FileError(path, "written");
  if (file >= 0) ::close(file);
  return status;
}

bool SyncFolderOf(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  return synced;
}

/// The number of the process that has it, as it has written it.
std::string HolderOf(int file) {
  std::array<char, 32> text{};
  if (::pread(file, text.data(), text.size() - 1, 0) <= 0) return "";
  return absl::StrCat(" (process ", absl::StripAsciiWhitespace(text.data()), ")");
}

}  // namespace

absl::Status FileError(const std::string& path, absl::string_view what) {
  const int error = errno;
  const std::string text = absl::StrCat(path, ": cannot be ", what, ": ", std::strerror(error));
  if (!IsOfStorage(error)) return absl::InvalidArgumentError(text);
  return absl::ResourceExhaustedError(absl::StrCat(text, " (the storage has failed)"));
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) return FileError(path, "read");
  return text.str();
}

absl::Status ReplaceFile(const std::string& path, absl::string_view text) {
  std::error_code error;
  const auto there = std::filesystem::status(path, error);
  if (exists(there) && !is_regular_file(there)) return WriteInto(path, text);
  const std::string temporary = absl::StrCat(path, ".tmp");
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return FileError(temporary, "written");
  const bool written = WriteAll(file, text) && ::fsync(file) == 0;
  absl::Status status = written ? absl::OkStatus() : FileError(temporary, "written");
  ::close(file);
  if (!written) {
    ::unlink(temporary.c_str());  // Of a full disk every byte counts.
    return status;
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0 || !SyncFolderOf(path)) {
    return FileError(path, "written");
  }
  return absl::OkStatus();
}

ReplacedFile::ReplacedFile(const std::string& path)
    : path_(path), temporary_(path + ".tmp"), stream_(temporary_, std::ios::trunc) {}

ReplacedFile::~ReplacedFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

absl::Status ReplacedFile::Commit() {
  stream_.close();
  if (!stream_) return FileError(temporary_, "written");
  const int file = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  absl::Status status = synced ? absl::OkStatus() : FileError(temporary_, "written");
  if (file >= 0) ::close(file);
  if (!status.ok()) return status;
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0 || !SyncFolderOf(path_)) {
    return FileError(path_, "written");
  }
  temporary_.clear();
  return absl::OkStatus();
}

SyncedLines::~SyncedLines() {
  if (file_ >= 0) ::close(file_);
}

absl::Status SyncedLines::Open(const std::string& path, std::vector<std::string>& lines) {
  path_ = path;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) return FileError(path, "written");
  absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  const size_t end = text->rfind('\n');
  const size_t whole = end == std::string::npos ? 0 : end + 1;
  if (whole != text->size() && ::ftruncate(file_, static_cast<off_t>(whole)) != 0) {
    return FileError(path, "written");
  }
  text->resize(whole);
  lines = absl::StrSplit(*text, '\n', absl::SkipEmpty());
  return SyncFolderOf(path) ? absl::OkStatus() : FileError(path, "synced");
}

absl::Status SyncedLines::Append(absl::string_view line) {
  return AppendLine(line, /*sync=*/true);
}

absl::Status SyncedLines::AppendUnsynced(absl::string_view line) {
  return AppendLine(line, /*sync=*/false);
}

absl::Status SyncedLines::AppendLine(absl::string_view line, bool sync) {
  const off_t before = ::lseek(file_, 0, SEEK_END);
  const bool written = WriteAll(file_, absl::StrCat(line, "\n"));
  if (written && (!sync || ::fsync(file_) == 0)) return absl::OkStatus();
  const absl::Status status = FileError(path_, "written");
  if (::ftruncate(file_, before) != 0) return status;  // Open() removes the half of it.
  return status;
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

absl::Status FolderLock::Take(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::InvalidArgumentError(absl::StrCat(folder, ": cannot be made: ", error.message()));
  }
  const std::string path = folder + "/lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) return FileError(path, "written");
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    return absl::UnavailableError(absl::StrCat(folder, ": another zabsim works there",
                                               HolderOf(file_),
                                               "; wait for its end, or choose another --out"));
  }
  const std::string self = absl::StrCat(::getpid(), "\n");
  const bool written = ::ftruncate(file_, 0) == 0 && ::pwrite(file_, self.data(), self.size(), 0) ==
                                                         static_cast<ssize_t>(self.size());
  return written ? absl::OkStatus() : FileError(path, "written");
}

}  // namespace zabsim
