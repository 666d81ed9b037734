// The integer table behind exponential draws: -ln(1 - u), in units of 2^-32.
#pragma once

#include <array>
#include <cstdint>

namespace sim {

constexpr uint64_t kExponentialCells = 512;
/// Entry i: at u = i / 512.
extern const std::array<uint64_t, kExponentialCells> kExponentialTable;
/// ln(512): by the exponential having no memory, what lies behind the last entry begins anew there.
constexpr uint64_t kLastExponential = 26793400246;

}  // namespace sim
