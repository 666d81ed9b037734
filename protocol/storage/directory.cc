// Names in a data directory, and reading a whole directory.
#include "protocol/storage/directory.h"

#include <utility>

#include "absl/strings/strip.h"

namespace zab {

std::optional<Zxid> ZxidOfName(absl::string_view name, absl::string_view prefix) {
  if (name.substr(0, prefix.size()) != prefix) return std::nullopt;
  const absl::string_view hex = name.substr(prefix.size());
  if (hex.empty() || hex.size() > 16) return std::nullopt;
  uint64_t wire = 0;
  for (const char c : hex) {
    if (c >= '0' && c <= '9') {
      wire = wire << 4 | static_cast<uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      wire = wire << 4 | static_cast<uint64_t>(c - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  // ZooKeeper writes no leading zero, so a second name for the same zxid is not one of its files.
  if (hex[0] == '0' && hex.size() > 1) return std::nullopt;
  if (wire >> 63 != 0) return std::nullopt;  // Nor are there negative zxids.
  return Zxid::FromWire(wire);
}

bool IsTemporary(absl::string_view name) {
  if (!absl::ConsumeSuffix(&name, ".tmp")) return false;
  return name == kAcceptedEpochFile || name == kCurrentEpochFile || ZxidOfName(name, "snapshot.") ||
         ZxidOfName(name, "received.");
}

void DirectoryReader::Start(Outbox& out) {
  started_ = true;
  list_ = out.List();
}

bool DirectoryReader::OnFileDone(const FileDone& done, Outbox& out) {
  if (!started_) return false;
  if (!listed_) {
    if (done.operation != list_) return false;
    listed_ = true;
    list_failed_ = done.error != FileError::kNone;
    for (const std::string& name : done.names) reads_.emplace(out.Read(name), name);
    waiting_ = reads_.size();
    return true;
  }
  const auto it = reads_.find(done.operation);
  if (it == reads_.end()) return false;
  if (done.error == FileError::kUnreadable) unreadable_.insert(it->second);
  // A file removed since the listing is not part of the directory.
  if (done.error == FileError::kNone) image_.emplace(std::move(it->second), done.bytes);
  reads_.erase(it);
  --waiting_;
  return true;
}

}  // namespace zab
