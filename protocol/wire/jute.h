// Jute, ZooKeeper's serialisation: big-endian integers, length-prefixed buffers and strings
// (REFERENCE.md 5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace zab {

/// Appends jute primitives to a string.
class JuteWriter {
 public:
  explicit JuteWriter(std::string& out) : out_(out) {}
  void Bool(bool value);
  void Int(int32_t value);
  void Long(int64_t value);
  void UnsignedLong(uint64_t value) { Long(static_cast<int64_t>(value)); }
  /// A ustring.
  void String(absl::string_view value);
  /// A buffer; nullopt is null (-1).
  void Buffer(const std::optional<std::string>& value);
  void Raw(absl::string_view value);

 private:
  std::string& out_;
};

/// Reads jute primitives.  Never throws, never reads past the end, never allocates more than the
/// input holds.  After the first bad field every further read returns zero and ok() is false.
class JuteReader {
 public:
  explicit JuteReader(absl::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }
  bool at_end() const { return remaining() == 0; }

  bool Bool();
  int32_t Int();
  int64_t Long();
  uint64_t UnsignedLong() { return static_cast<uint64_t>(Long()); }
  /// Null is read as empty.
  std::string String();
  std::optional<std::string> Buffer();
  /// A vector's count: 0 for null; not ok if it is negative otherwise, or if fewer than
  /// count * min_item_size bytes are left.
  int32_t Count(size_t min_item_size);
  absl::string_view Raw(size_t size);
  void Fail() { ok_ = false; }

 private:
  absl::string_view bytes_;
  size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace zab
