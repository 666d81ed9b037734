// Jute, byte by byte.
#include "protocol/wire/jute.h"

namespace zab {
namespace {

void AppendBigEndian(uint64_t value, size_t size, std::string& out) {
  char bytes[8];
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * (size - 1 - i))));
  }
  out.append(bytes, size);
}

uint64_t BigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

void JuteWriter::Bool(bool value) {
  out_.push_back(value ? '\1' : '\0');
}
void JuteWriter::Int(int32_t value) {
  AppendBigEndian(static_cast<uint32_t>(value), 4, out_);
}
void JuteWriter::Long(int64_t value) {
  AppendBigEndian(static_cast<uint64_t>(value), 8, out_);
}

void JuteWriter::String(absl::string_view value) {
  Int(static_cast<int32_t>(value.size()));
  Raw(value);
}

void JuteWriter::Buffer(const std::optional<std::string>& value) {
  if (!value) return Int(-1);
  String(*value);
}

void JuteWriter::Raw(absl::string_view value) {
  out_.append(value.data(), value.size());
}

absl::string_view JuteReader::Raw(size_t size) {
  if (!ok_ || size > remaining()) {
    ok_ = false;
    return {};
  }
  const absl::string_view bytes = bytes_.substr(position_, size);
  position_ += size;
  return bytes;
}

// Java's readBoolean reads any byte but 0 as true.  ZooKeeper only writes 1, so other values are
// damage.
bool JuteReader::Bool() {
  const uint64_t value = BigEndian(Raw(1));
  if (value > 1) ok_ = false;
  return value == 1;
}

int32_t JuteReader::Int() {
  return static_cast<int32_t>(static_cast<uint32_t>(BigEndian(Raw(4))));
}

int64_t JuteReader::Long() {
  return static_cast<int64_t>(BigEndian(Raw(8)));
}

std::string JuteReader::String() {
  return Buffer().value_or(std::string());
}

std::optional<std::string> JuteReader::Buffer() {
  const int32_t size = Int();
  if (size == -1) return std::nullopt;
  if (size < 0) ok_ = false;
  return std::string(Raw(ok_ ? static_cast<size_t>(size) : 0));
}

int32_t JuteReader::Count(size_t min_item_size) {
  const int32_t count = Int();
  if (!ok_ || count == -1) return 0;
  if (count < 0 || static_cast<uint64_t>(count) * min_item_size > remaining()) {
    ok_ = false;
    return 0;
  }
  return count;
}

}  // namespace zab
