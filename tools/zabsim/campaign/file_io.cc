// POSIX, since the standard library cannot sync.
#include "tools/zabsim/campaign/file_io.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace zabsim {
namespace {

absl::Status FileError(const std::string& path, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": cannot be ", what, ": ", std::strerror(errno)));
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

bool SyncFolderOf(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  return synced;
}

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) return FileError(path, "read");
  return text.str();
}

absl::Status ReplaceFile(const std::string& path, absl::string_view text) {
  const std::string temporary = absl::StrCat(path, ".tmp");
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return FileError(temporary, "written");
  const bool written = WriteAll(file, text) && ::fsync(file) == 0;
  ::close(file);
  if (!written) return FileError(temporary, "written");
  if (std::rename(temporary.c_str(), path.c_str()) != 0 || !SyncFolderOf(path)) {
    return FileError(path, "written");
  }
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
  if (WriteAll(file_, absl::StrCat(line, "\n")) && ::fsync(file_) == 0) return absl::OkStatus();
  return FileError(path_, "written");
}

}  // namespace zabsim
