// Orders files by zxid, which differs from the order of names (9 sorts after 10).
#include "protocol/storage/history_files.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace zab {

std::vector<HistoryFile> FilesOf(const DirectoryImage& image, absl::string_view prefix) {
  std::vector<HistoryFile> files;
  for (auto it = image.lower_bound(prefix);
       it != image.end() && absl::StartsWith(it->first, prefix); ++it) {
    if (const std::optional<Zxid> zxid = ZxidOfName(it->first, prefix)) {
      files.push_back({.zxid = *zxid, .name = it->first, .bytes = it->second.view()});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const HistoryFile& a, const HistoryFile& b) { return a.zxid < b.zxid; });
  return files;
}

std::vector<HistoryFile> LogFilesFrom(std::vector<HistoryFile> logs, Zxid zxid) {
  auto behind = std::find_if(logs.begin(), logs.end(),
                             [&](const HistoryFile& file) { return file.zxid > zxid; });
  if (behind != logs.begin()) logs.erase(logs.begin(), behind - 1);
  return logs;
}

bool LooksSealed(absl::string_view snapshot) {
  constexpr absl::string_view kEnd("\0\0\0\x01/", 5);
  return snapshot.size() >= 10 && absl::EndsWith(snapshot, kEnd);
}

}  // namespace zab
