// Random durations: constant, uniform, exponential or bimodal, with integers only, so that every
// compiler and CPU draws the same.
#pragma once

#include <algorithm>
#include <cstdint>

#include "protocol/base/random.h"
#include "protocol/base/time.h"

namespace sim {

enum class DistributionKind : uint8_t { kConst, kUniform, kExp, kBimodal };

/// A random duration.  A plain value; build it with the functions below.
struct Distribution {
  DistributionKind kind = DistributionKind::kConst;
  zab::Duration
      low;  // kConst: the value; kUniform: the minimum; kExp: the floor; kBimodal: common.
  zab::Duration high;  // kUniform: the maximum, included; kExp: the cap; kBimodal: tail.
  zab::Duration mean;  // kExp: the mean of the part added to the floor.
  zab::Ratio tail_p;   // kBimodal: the fraction of draws that are `high`.

  friend constexpr bool operator==(const Distribution& a, const Distribution& b) {
    return a.kind == b.kind && a.low == b.low && a.high == b.high && a.mean == b.mean &&
           a.tail_p.numerator == b.tail_p.numerator && a.tail_p.denominator == b.tail_p.denominator;
  }
  /// Multiplies all durations by a factor, limited to 31 years, so that sums of a few never
  /// overflow.
  friend constexpr Distribution operator*(Distribution draw, uint64_t factor) {
    constexpr zab::Duration kLongest = zab::Seconds(1'000'000'000);
    const auto n = static_cast<int64_t>(factor);
    for (zab::Duration* duration : {&draw.low, &draw.high, &draw.mean}) {
      *duration = std::min(*duration, kLongest / n) * n;
    }
    return draw;
  }

  /// What draws come to on average; of kExp as if the cap cut nothing off.
  zab::Duration Mean() const;
  /// The next duration.  A constant, or a uniform with one value, draws nothing; the others draw
  /// once.
  zab::Duration Next(zab::Stream stream, zab::Entity entity, zab::Chooser& chooser) const;
};

constexpr Distribution Const(zab::Duration value) {
  return {.low = value, .high = value};
}
/// min <= max, both included.
constexpr Distribution Uniform(zab::Duration min, zab::Duration max) {
  return {.kind = DistributionKind::kUniform, .low = min, .high = max};
}
/// floor plus an exponential with this mean, limited to cap.
constexpr Distribution Exp(zab::Duration floor, zab::Duration mean, zab::Duration cap) {
  return {.kind = DistributionKind::kExp, .low = floor, .high = cap, .mean = mean};
}
/// The cap is 20 means above the floor.
constexpr Distribution Exp(zab::Duration floor, zab::Duration mean) {
  return Exp(floor, mean, floor + mean * 20);
}

/// Mostly `common`, and `tail` with probability tail_p, which is at most 1.
constexpr Distribution Bimodal(zab::Duration common, zab::Duration tail, zab::Ratio tail_p) {
  return {.kind = DistributionKind::kBimodal, .low = common, .high = tail, .tail_p = tail_p};
}

/// whole * part, rounded down; `part` is at most 1.
uint64_t PartOf(uint64_t whole, zab::Ratio part);

/// -ln(1 - u) * mean, where u = bits / 2^64: the exponential draw of `bits`.  The interpolation
/// raises the mean by less than 0.03 %.
zab::Duration ExponentialOf(uint64_t bits, zab::Duration mean);

}  // namespace sim
