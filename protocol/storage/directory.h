// A data directory as a value: file names and bytes.  Restoring, truncating and reading the log are
// pure functions of it; DirectoryReader loads it into memory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "protocol/base/bytes.h"
#include "protocol/boundary/io.h"
#include "protocol/boundary/outbox.h"

namespace zab {

using DirectoryImage = absl::btree_map<std::string, Payload>;

/// "log.2a" -> 0:42 for prefix "log."; nullopt for other names, including .tmp.
std::optional<Zxid> ZxidOfName(absl::string_view name, absl::string_view prefix);
inline constexpr char kAcceptedEpochFile[] = "acceptedEpoch";
inline constexpr char kCurrentEpochFile[] = "currentEpoch";
/// Whether it is the name of an epoch file or a snapshot followed by ".tmp": unfinished work of an
/// earlier process, removed at the start.  Other files are left alone.
bool IsTemporary(absl::string_view name);

/// Reads a whole directory: list, then every file.
class DirectoryReader {
 public:
  void Start(Outbox& out);
  /// Returns whether the completion was one of its own.
  bool OnFileDone(const FileDone& done, Outbox& out);
  bool done() const { return started_ && waiting_ == 0 && listed_; }
  /// Whether the directory could not be listed.
  bool list_failed() const { return list_failed_; }
  /// Unreadable files; they are not in the image.
  const absl::btree_set<std::string>& unreadable() const { return unreadable_; }
  DirectoryImage TakeImage() { return std::move(image_); }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("started", started_);
    field("listed", listed_);
    field("list", list_);
    field("waiting", waiting_);
    field("reads", reads_);
    field("list_failed", list_failed_);
    field("unreadable", unreadable_);
    field("image", image_);
  }

 private:
  bool started_ = false;
  bool listed_ = false;
  OperationId list_;
  size_t waiting_ = 0;
  absl::btree_map<OperationId, std::string> reads_;
  bool list_failed_ = false;
  absl::btree_set<std::string> unreadable_;
  DirectoryImage image_;
};

}  // namespace zab
