// Files that must survive: written as a whole or not at all, appended and synced.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace zabsim {

/// kInvalidArgument, with the path, if it cannot be read.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

/// Replaces the file: whoever reads it, also after a crash of the machine, finds the old or the new
/// text.
absl::Status ReplaceFile(const std::string& path, absl::string_view text);

/// Lines that are on the disk when Append returns.  Owns the descriptor.
class SyncedLines {
 public:
  SyncedLines() = default;
  SyncedLines(const SyncedLines&) = delete;
  SyncedLines& operator=(const SyncedLines&) = delete;
  ~SyncedLines();

  /// Creates the file or goes on behind its last whole line: half a line, from a write that was cut
  /// off, is removed.  `lines` gets what is there.
  absl::Status Open(const std::string& path, std::vector<std::string>& lines);
  absl::Status Append(absl::string_view line);

 private:
  std::string path_;
  int file_ = -1;
};

}  // namespace zabsim
