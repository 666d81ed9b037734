// Random durations: constant, uniform or exponential, in integers alone, so that every compiler and
// CPU draws the same.
#pragma once

#include <cstdint>

#include "protocol/base/random.h"
#include "protocol/base/time.h"

namespace sim {

enum class DistributionKind : uint8_t { kConst, kUniform, kExp };

/// A random duration.  A plain value; build it with the functions below.
struct Distribution {
  DistributionKind kind = DistributionKind::kConst;
  zab::Duration low;   // kConst: the value; kUniform: the minimum; kExp: the floor.
  zab::Duration high;  // kUniform: the maximum, included; kExp: the cap.
  zab::Duration mean;  // kExp: of what is added to the floor.

  friend constexpr bool operator==(const Distribution&, const Distribution&) = default;

  /// The next duration.  A constant, or a uniform of one value, draws nothing; the others draw
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
/// floor plus an exponential of that mean, never above cap.
constexpr Distribution Exp(zab::Duration floor, zab::Duration mean, zab::Duration cap) {
  return {.kind = DistributionKind::kExp, .low = floor, .high = cap, .mean = mean};
}
/// The cap is 20 means above the floor.
constexpr Distribution Exp(zab::Duration floor, zab::Duration mean) {
  return Exp(floor, mean, floor + mean * 20);
}

/// -ln(1 - u) * mean, where u = bits / 2^64: the exponential that `bits` stand for.  The error of
/// the interpolation raises the mean by less than 0.03 %.
zab::Duration ExponentialOf(uint64_t bits, zab::Duration mean);

}  // namespace sim
