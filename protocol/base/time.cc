// Durations as text.
#include "protocol/base/time.h"

#include <array>
#include <utility>

namespace zab {

std::string ToString(Duration duration) {
  static constexpr std::array<std::pair<int64_t, const char*>, 4> kUnits = {
      {{1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}}};
  if (duration.nanoseconds == 0) return "0s";
  const bool negative = duration.nanoseconds < 0;
  const uint64_t magnitude = negative ? 0 - static_cast<uint64_t>(duration.nanoseconds)
                                      : static_cast<uint64_t>(duration.nanoseconds);
  for (const auto& [size, name] : kUnits) {
    const auto unit = static_cast<uint64_t>(size);
    if (magnitude < unit) continue;
    std::string text = std::to_string(magnitude / unit);
    if (const uint64_t rest = magnitude % unit; rest != 0) {
      std::string digits = std::to_string(unit + rest).substr(1);
      digits.erase(digits.find_last_not_of('0') + 1);
      text += "." + digits;
    }
    return (negative ? "-" : "") + text + name;
  }
  return "0s";
}

std::string ToString(Time time) {
  return ToString(Duration{time.nanoseconds});
}

}  // namespace zab
