// Reads a snapshot of arbitrary bytes: item by item as they arrive, or as a sealed file.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/storage/snapshot_parts.h"
#include "protocol/wire/jute.h"

namespace zab {
namespace {

constexpr size_t kFileHeaderSize = 16;
constexpr size_t kStatSize = 60;
constexpr size_t kSealSize = 13;  // long, ustring "/".

/// Measures the item at the front of a buffer without decoding it, to distinguish an incomplete
/// item from a bad one.
class Measure {
 public:
  Measure(absl::string_view bytes, size_t max_field) : bytes_(bytes), max_field_(max_field) {}

  void Fixed(size_t size) { end_ += size; }
  /// A length of at least `min` (-1 where null is allowed), followed by that many bytes.
  void Counted(int32_t min) {
    const std::optional<int32_t> size = Int();
    if (!size) return;
    if (*size < min || !Fits(*size)) bad_ = true;
    if (!bad_ && *size > 0) end_ += static_cast<size_t>(*size);
  }
  /// The next int; nullopt if it is incomplete or something before it was bad.
  std::optional<int32_t> Int() {
    if (bad_ || end_ + 4 > bytes_.size()) {
      end_ += 4;
      return std::nullopt;
    }
    const int32_t value = JuteReader(bytes_.substr(end_)).Int();
    end_ += 4;
    return value;
  }
  bool Fits(int32_t size) const { return size < 0 || static_cast<size_t>(size) <= max_field_; }
  void SetBad() { bad_ = true; }
  bool bad() const { return bad_; }
  bool complete() const { return !bad_ && end_ <= bytes_.size(); }
  size_t size() const { return end_; }

 private:
  absl::string_view bytes_;
  size_t max_field_;
  size_t end_ = 0;
  bool bad_ = false;
};

// long id, vector of (int, ustring, ustring).
void MeasureAcls(Measure& item) {
  item.Fixed(8);
  const std::optional<int32_t> count = item.Int();
  if (count && (*count < -1 || !item.Fits(*count))) item.SetBad();
  for (int32_t i = 0; count && i < *count && item.complete(); ++i) {
    item.Fixed(4);
    item.Counted(0);
    item.Counted(0);
  }
}

bool IsEnd(absl::string_view item) {
  return item.size() == 4 + kEndOfNodes.size() && item.substr(4) == kEndOfNodes;
}

// ustring path, buffer, long, StatPersisted; or the terminator.
void MeasureNode(absl::string_view bytes, Measure& item) {
  item.Counted(0);
  if (!item.complete() || IsEnd(bytes.substr(0, item.size()))) return;
  item.Counted(-1);
  item.Fixed(8 + kStatSize);
}

absl::Status BadSnapshot(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("snapshot: ", what));
}

/// Checks the seals of a file one after another; each covers all bytes before it.
class SealChecker {
 public:
  explicit SealChecker(absl::string_view file) : file_(file) {}

  /// Whether there is a valid seal at `position`; then position() is after it.
  bool Check(size_t position) {
    if (file_.size() < position + kSealSize) return false;
    adler_ = ExtendAdler(adler_, file_.substr(position_, position - position_));
    position_ = position;
    JuteReader reader(file_.substr(position, kSealSize));
    if (reader.UnsignedLong() != adler_ || reader.String() != kEndOfNodes) return false;
    adler_ = ExtendAdler(adler_, file_.substr(position, kSealSize));
    position_ += kSealSize;
    return true;
  }
  size_t position() const { return position_; }
  bool at_end() const { return position_ == file_.size(); }

 private:
  absl::string_view file_;
  size_t position_ = 0;
  uint32_t adler_ = 1;
};

}  // namespace

absl::Status SnapshotDecoder::Feed(absl::string_view bytes) {
  if (!buffer_.empty()) {
    buffer_.append(bytes.data(), bytes.size());
    bytes = buffer_;
  }
  size_t used = 0;
  while (!done_) {
    const absl::string_view left = bytes.substr(used);
    Measure item(left, max_field_);
    if (part_ != Part::kNodes && left_ < 0) {
      item.Fixed(4);
    } else if (part_ == Part::kSessions) {
      item.Fixed(12);
    } else if (part_ == Part::kAcls) {
      MeasureAcls(item);
    } else {
      MeasureNode(left, item);
    }
    if (item.bad()) return BadSnapshot("impossible length");
    if (!item.complete()) break;
    const absl::Status status = Take(part_, left.substr(0, item.size()));
    if (!status.ok()) return status;
    used += item.size();
  }
  if (buffer_.empty()) {
    buffer_.assign(bytes.data() + used, bytes.size() - used);
  } else {
    buffer_.erase(0, used);
  }
  return absl::OkStatus();
}

// Decodes one complete item.
absl::Status SnapshotDecoder::Take(Part part, absl::string_view item) {
  JuteReader reader(item);
  if (part != Part::kNodes) {
    if (left_ < 0) {
      left_ = reader.Int();
      if (left_ < 0) return BadSnapshot("negative count");
    } else if (part == Part::kSessions) {
      const int64_t id = reader.Long();
      tree_.sessions[id] = reader.Int();
      --left_;
    } else {
      const int64_t id = reader.Long();
      tree_.acls[id] = ReadAcls(reader);
      --left_;
    }
    if (left_ == 0) {
      part_ = part == Part::kSessions ? Part::kAcls : Part::kNodes;
      left_ = -1;
    }
    return reader.ok() ? absl::OkStatus() : BadSnapshot("bad table");
  }
  if (IsEnd(item)) {
    done_ = true;
    tree_.FinishLoading();
    return tree_.size() > 0 ? absl::OkStatus() : BadSnapshot("no root");
  }
  const std::string path = reader.String();
  std::optional<std::string> data = reader.Buffer();
  const int64_t acl = reader.Long();
  PersistedStat stat;
  stat.czxid = Zxid::FromWire(reader.UnsignedLong());
  stat.mzxid = Zxid::FromWire(reader.UnsignedLong());
  stat.ctime = reader.Long();
  stat.mtime = reader.Long();
  stat.version = reader.Int();
  stat.cversion = reader.Int();
  stat.aversion = reader.Int();
  stat.ephemeral_owner = reader.Long();
  stat.pzxid = Zxid::FromWire(reader.UnsignedLong());
  if (!reader.ok()) return BadSnapshot("bad node");
  return tree_.InsertLoaded(path, std::move(data), acl, stat);
}

absl::StatusOr<LoadedSnapshot> ReadSnapshotFile(absl::string_view file, size_t max_field) {
  if (file.size() < kFileHeaderSize || JuteReader(file).Int() != kSnapshotMagic) {
    return BadSnapshot("no header");
  }
  SnapshotDecoder decoder(max_field);
  absl::Status status = decoder.Feed(file.substr(kFileHeaderSize));
  if (!status.ok()) return status;
  if (!decoder.done()) return BadSnapshot("no terminator");
  SealChecker seals(file);
  if (!seals.Check(file.size() - decoder.rest().size())) return BadSnapshot("wrong seal");
  LoadedSnapshot loaded{.tree = decoder.TakeTree()};
  if (seals.at_end()) return loaded;  // Before ZooKeeper 3.6.

  JuteReader block(file.substr(seals.position()));
  const uint64_t zxid = block.UnsignedLong();
  const int32_t version = block.Int();
  // Version 1, of before 3.6 was released, was text.
  if (version < kSnapshotDigestVersion) block.String();
  const uint64_t digest = version < kSnapshotDigestVersion ? 0 : block.UnsignedLong();
  if (!block.ok() || !seals.Check(seals.position() + block.position()))
    return BadSnapshot("wrong seal of the digest");
  if (zxid != 0 && version == kSnapshotDigestVersion) {
    loaded.digest.emplace(Zxid::FromWire(zxid), digest);
  }
  if (seals.at_end()) return loaded;
  // ZooKeeper 3.9 adds last_processed, which is also in the name.
  if (!seals.Check(seals.position() + 8) || !seals.at_end()) {
    return BadSnapshot("wrong seal of last_processed");
  }
  return loaded;
}

}  // namespace zab
