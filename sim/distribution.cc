// Draws durations.  Exponentials come from a table, with integer interpolation.
#include "sim/distribution.h"

#include <algorithm>

#include "protocol/base/check.h"
#include "sim/exponential_table.h"

namespace sim {
namespace {

__extension__ typedef unsigned __int128 Uint128;

constexpr int kCellBits = 9;  // 512 cells.
static_assert(kExponentialCells == uint64_t{1} << kCellBits);

// Takes the top `count` bits off `bits`.
uint64_t TakeBits(uint64_t& bits, int count) {
  const uint64_t taken = bits >> (64 - count);
  bits <<= count;
  return taken;
}

}  // namespace

zab::Duration ExponentialOf(uint64_t bits, zab::Duration mean) {
  ZAB_CHECK(mean.nanoseconds >= 0);
  uint64_t exponent = 0;  // In units of 2^-32.
  uint64_t cell = TakeBits(bits, kCellBits);
  // At most five times, so that 19 bits are left for the interpolation: up to 31 means.
  for (int i = 0; i < 4 && cell == kExponentialCells - 1; ++i) {
    exponent += kLastExponential;
    cell = TakeBits(bits, kCellBits);
  }
  const uint64_t left = kExponentialTable[cell];
  const uint64_t right =
      cell + 1 < kExponentialCells ? kExponentialTable[cell + 1] : kLastExponential;
  exponent += left + static_cast<uint64_t>((Uint128{right - left} * bits) >> 64);
  const Uint128 scaled = Uint128{exponent} * static_cast<uint64_t>(mean.nanoseconds);
  return zab::Nanoseconds(static_cast<int64_t>(scaled >> 32));
}

zab::Duration Distribution::Mean() const {
  switch (kind) {
    case DistributionKind::kConst: return low;
    case DistributionKind::kUniform: return low + (high - low) / 2;
    case DistributionKind::kExp: return std::min(low + mean, high);
    case DistributionKind::kBimodal: break;
  }
  const auto of = [](zab::Duration duration, zab::Ratio part) {
    return zab::Nanoseconds(
        static_cast<int64_t>(PartOf(static_cast<uint64_t>(duration.nanoseconds), part)));
  };
  const zab::Ratio rest{tail_p.denominator - tail_p.numerator, tail_p.denominator};
  return of(low, rest) + of(high, tail_p);
}

uint64_t PartOf(uint64_t whole, zab::Ratio part) {
  return static_cast<uint64_t>(Uint128{whole} * part.numerator / part.denominator);
}

zab::Duration Distribution::Next(zab::Stream stream, zab::Entity entity,
                                 zab::Chooser& chooser) const {
  switch (kind) {
    case DistributionKind::kConst: return low;
    case DistributionKind::kUniform:
      if (low == high) return low;
      return zab::Nanoseconds(chooser.Between(stream, entity, low.nanoseconds, high.nanoseconds));
    case DistributionKind::kExp: {
      const uint64_t bits = chooser.Bits(stream, entity);
      return std::min(low + ExponentialOf(bits, mean), high);
    }
    case DistributionKind::kBimodal: return chooser.Chance(stream, entity, tail_p) ? high : low;
  }
  return low;
}

}  // namespace sim
