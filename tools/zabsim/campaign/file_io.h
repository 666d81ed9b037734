// Files that must survive: written as a whole or not at all, appended and synced.
#pragma once

#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace zabsim {

/// What `errno` says of an operation on that file, with its path; `what` as in "written".
/// kResourceExhausted: the storage has failed, a full disk above all; else kInvalidArgument.
absl::Status FileError(const std::string& path, absl::string_view what);

/// kInvalidArgument, with the path, if it cannot be read.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

/// Replaces the file: a reader, also after a crash of the machine, finds the old or the new
/// text.  What is no regular file, as /dev/stdout, is written to.  Errors as FileError has them.
absl::Status ReplaceFile(const std::string& path, absl::string_view text);

/// ReplaceFile for what is too large to be made in memory: it is written, then takes the file's
/// place.
class ReplacedFile {
 public:
  explicit ReplacedFile(const std::string& path);
  ReplacedFile(const ReplacedFile&) = delete;
  ReplacedFile& operator=(const ReplacedFile&) = delete;
  /// Without a Commit that was well, the old file stays.
  ~ReplacedFile();
  std::ostream& stream() { return stream_; }
  absl::Status Commit();

 private:
  std::string path_, temporary_;
  std::ofstream stream_;
};

/// A file of lines; a line is on disk when Append returns.  Owns the descriptor.
class SyncedLines {
 public:
  SyncedLines() = default;
  SyncedLines(const SyncedLines&) = delete;
  SyncedLines& operator=(const SyncedLines&) = delete;
  ~SyncedLines();

  /// Creates the file, or continues after its last whole line: a partial line, from an interrupted
  /// write, is removed.  `lines` gets the existing lines.
  absl::Status Open(const std::string& path, std::vector<std::string>& lines);
  absl::Status Append(absl::string_view line);
  /// The same without waiting for the disk: a crash of the machine may take the line.
  absl::Status AppendUnsynced(absl::string_view line);

 private:
  absl::Status AppendLine(absl::string_view line, bool sync);

  std::string path_;
  int file_ = -1;
};

/// One process at a time writes to a folder.  Held until it goes, or the process ends, however it
/// ends.
class FolderLock {
 public:
  FolderLock() = default;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

  /// Makes the folder if there is none, and takes its lock, the file DIR/lock.  kInvalidArgument:
  /// it cannot be written to.  kUnavailable: another process (which one is said) has the lock.
  absl::Status Take(const std::string& folder);

 private:
  int file_ = -1;
};

}  // namespace zabsim
