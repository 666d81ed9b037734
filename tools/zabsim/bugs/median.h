// The median of a few measurements with a confidence interval, when some measurements were given
// up.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace zabsim {

/// A number in halves, so that the mean of two whole numbers is exact.
struct Halves {
  uint64_t count = 0;
};

/// An end is empty if it is a measurement that was given up: that one counts as larger than all
/// others.
struct MedianInterval {
  std::optional<Halves> median;
  /// Two measurements with the true median between them in at least 95 % of all cases, whatever the
  /// distribution: order statistics l and n+1-l with the largest l for which 2 P(B < l) <= 5 %, B
  /// binomial(n, 1/2).  With ten: the second and the ninth (97.9 %).
  std::optional<uint64_t> low, high;
  bool has_interval = false;  // There is one for six measurements or more.
};

/// An empty one was given up.
MedianInterval MedianOf(std::vector<std::optional<uint64_t>> measured);

}  // namespace zabsim
