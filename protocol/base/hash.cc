// XXH3 through libxxhash.
#include "protocol/base/hash.h"

#include <xxhash.h>

#include <cinttypes>
#include <cstdio>

namespace zab {

std::string ToString(const Hash128& hash) {
  char text[33];
  std::snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
  return text;
}

uint64_t Hash64Of(absl::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

Hash128 Hash128Of(absl::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {.high = hash.high64, .low = hash.low64};
}

}  // namespace zab
