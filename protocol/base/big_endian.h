// Big-endian integers, as ZooKeeper writes them.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>

namespace zab {

/// From the machine's order of bytes to big-endian or back.
template <std::unsigned_integral Integer>
constexpr Integer SwapToBigEndian(Integer value) {
  static_assert(sizeof value == 4 || sizeof value == 8);
  if constexpr (std::endian::native == std::endian::big) {
    return value;
  } else if constexpr (sizeof value == 8) {
    return __builtin_bswap64(value);
  } else {
    return __builtin_bswap32(value);
  }
}

/// Writes all bytes of `value` to `to`.
template <std::unsigned_integral Integer>
void StoreBigEndian(Integer value, void* to) {
  const Integer swapped = SwapToBigEndian(value);
  std::memcpy(to, &swapped, sizeof swapped);
}

/// The integer in the first bytes of `from`, which has as many as the integer.
template <std::unsigned_integral Integer>
Integer LoadBigEndian(const void* from) {
  Integer value = 0;
  std::memcpy(&value, from, sizeof value);
  return SwapToBigEndian(value);
}

}  // namespace zab
