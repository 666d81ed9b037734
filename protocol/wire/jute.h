// Jute, ZooKeeper's serialisation: big-endian integers, length-prefixed buffers and strings
// (REFERENCE.md 5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/base/big_endian.h"

namespace zab {

/// Appends jute primitives to a string.
class JuteWriter {
 public:
  explicit JuteWriter(std::string& out) : out_(out) {}
  void Bool(bool value) { out_.push_back(value ? '\1' : '\0'); }
  void Int(int32_t value) { Append(static_cast<uint32_t>(value)); }
  void Long(int64_t value) { Append(static_cast<uint64_t>(value)); }
  void UnsignedLong(uint64_t value) { Append(value); }
  /// A ustring.
  void String(absl::string_view value) {
    Int(static_cast<int32_t>(value.size()));
    Raw(value);
  }
  /// A buffer; nullopt is null (-1).
  void Buffer(const std::optional<std::string>& value) {
    if (!value) return Int(-1);
    String(*value);
  }
  void Raw(absl::string_view value) { out_.append(value.data(), value.size()); }

 private:
  template <class Integer>
  void Append(Integer value) {
    char bytes[sizeof value];
    StoreBigEndian(value, bytes);
    out_.append(bytes, sizeof bytes);
  }

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
  int32_t Int() { return static_cast<int32_t>(Load<uint32_t>()); }
  int64_t Long() { return static_cast<int64_t>(Load<uint64_t>()); }
  uint64_t UnsignedLong() { return Load<uint64_t>(); }
  /// Null is read as empty.
  std::string String();
  std::optional<std::string> Buffer();
  /// A vector's count: 0 for null; not ok if it is negative otherwise, or if fewer than
  /// count * min_item_size bytes are left.
  int32_t Count(size_t min_item_size);
  absl::string_view Raw(size_t size) {
    if (!ok_ || size > remaining()) {
      ok_ = false;
      return {};
    }
    const absl::string_view bytes = bytes_.substr(position_, size);
    position_ += size;
    return bytes;
  }
  void Fail() { ok_ = false; }

 private:
  template <class Integer>
  Integer Load() {
    const absl::string_view bytes = Raw(sizeof(Integer));
    return bytes.empty() ? 0 : LoadBigEndian<Integer>(bytes.data());
  }
  /// The bytes of a buffer; nullopt if it is null.
  std::optional<absl::string_view> View();

  absl::string_view bytes_;
  size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace zab
