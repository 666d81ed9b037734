// The integer table for exponential draws: -ln(1 - u), in units of 2^-32.
#pragma once

#include <array>
#include <cstdint>

namespace sim {

constexpr uint64_t kExponentialCells = 512;
/// Entry i is the value at u = i / 512.
extern const std::array<uint64_t, kExponentialCells> kExponentialTable;
/// ln(512): since the exponential is memoryless, a draw beyond the last entry starts again from
/// there.
constexpr uint64_t kLastExponential = 26793400246;

}  // namespace sim
