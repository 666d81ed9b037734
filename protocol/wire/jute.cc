// What reads of jute have to check.
#include "protocol/wire/jute.h"

namespace zab {

// Java's readBoolean reads any byte but 0 as true.  ZooKeeper only writes 1, so other values are
// damage.
bool JuteReader::Bool() {
  const absl::string_view byte = Raw(1);
  if (byte.empty() || byte[0] == '\0') return false;
  if (byte[0] != '\1') ok_ = false;
  return ok_;
}

std::optional<absl::string_view> JuteReader::View() {
  const int32_t size = Int();
  if (size == -1) return std::nullopt;
  if (size < 0) ok_ = false;
  return Raw(ok_ ? static_cast<size_t>(size) : 0);
}

std::string JuteReader::String() {
  return std::string(View().value_or(absl::string_view()));
}

std::optional<std::string> JuteReader::Buffer() {
  const std::optional<absl::string_view> bytes = View();
  if (!bytes) return std::nullopt;
  return std::string(*bytes);
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
