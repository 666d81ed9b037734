// Shared by restore, truncate and the log window: the files of a directory in order of their zxid.
// Internal to this folder.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/storage/directory.h"

namespace zab {

/// One file of an image, which must outlive it.
struct HistoryFile {
  Zxid zxid;  // From its name.
  absl::string_view name;
  absl::string_view bytes;
};

/// The files named <prefix><zxid>, ascending.
std::vector<HistoryFile> FilesOf(const DirectoryImage& image, absl::string_view prefix);

/// The log files relevant from `zxid` on: the last one whose name is not above it, and all later
/// ones (REFERENCE.md 15.2).  `logs` must be ascending.
std::vector<HistoryFile> LogFilesFrom(std::vector<HistoryFile> logs, Zxid zxid);

/// ZooKeeper's quick check of a snapshot: whether it ends like a seal (REFERENCE.md 14.1).
bool LooksSealed(absl::string_view snapshot);

}  // namespace zab
