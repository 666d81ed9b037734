// Integers of any size as few bytes: seven bits in each, the lowest first.
#pragma once

#include <cstdint>
#include <string>

namespace zabsim {

inline void AppendVarint(uint64_t value, std::string& bytes) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
}

/// Small for small numbers of either sign: 0, -1, 1, -2, ...
inline void AppendSignedVarint(int64_t value, std::string& bytes) {
  AppendVarint(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63), bytes);
}

}  // namespace zabsim
