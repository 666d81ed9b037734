// XXH3, the project's hash function: applied to little-endian fields, never to raw structs, whose
// padding is arbitrary.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace zab {

struct Hash128 {
  uint64_t high = 0;
  uint64_t low = 0;
  friend constexpr auto operator<=>(const Hash128&, const Hash128&) = default;
};

/// 32 lower-case hex digits.
std::string ToString(const Hash128& hash);

uint64_t Hash64Of(absl::string_view bytes);
Hash128 Hash128Of(absl::string_view bytes);

}  // namespace zab
