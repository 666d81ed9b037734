// What restore, truncate and the log window share: the files of a directory in order of their zxid,
// and the log read across files.  No part of the interface.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/storage/directory.h"

namespace zab {

/// One file of an image, which must outlive it.
struct HistoryFile {
  Zxid zxid;  // Of its name.
  absl::string_view name;
  absl::string_view bytes;
};

/// The files named <prefix><zxid>, ascending.
std::vector<HistoryFile> FilesOf(const DirectoryImage& image, absl::string_view prefix);

/// Of `logs`, ascending, those that matter from `zxid` on: the last one whose name is not above it,
/// and all later ones (REFERENCE.md 15.2).
std::vector<HistoryFile> LogFilesFrom(std::vector<HistoryFile> logs, Zxid zxid);

/// ZooKeeper's cheap test of a snapshot: it ends as a seal ends (REFERENCE.md 14.1).
bool LooksSealed(absl::string_view snapshot);

}  // namespace zab
