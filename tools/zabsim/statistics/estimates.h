// What is said of a sample: estimates with their 95 % intervals (scenarios/MEASURING.md 3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace zabsim {

/// All intervals have this confidence.
inline constexpr double kConfidence = 0.95;

/// An end is empty if so few observations do not give one.
struct Interval {
  std::optional<double> low, high;
};

/// Of one observation at least.
double MeanOf(std::span<const double> sample);
/// With n - 1; 0 for a single observation.
double DeviationOf(std::span<const double> sample);
/// Student's interval of the mean; for two observations or more.
Interval MeanInterval(std::span<const double> sample);

/// The order statistics, from 1, between which a quantile lies, whatever the distribution: each end
/// misses it with a chance of at most 2.5 %.  0: there is no such end.
struct Ranks {
  size_t low = 0, high = 0;
};
Ranks QuantileRanks(size_t n, double p);

/// Of an ascending sample of one observation at least: between the two nearest observations,
/// linearly (the definition of R-7 and of NumPy).
double QuantileOf(std::span<const double> ascending, double p);
Interval QuantileInterval(std::span<const double> ascending, double p);

/// Of a share, k of n with n above 0: Wilson's score interval; of none or all, the rule of three.
Interval ShareInterval(uint64_t k, uint64_t n);

/// As tables show it: whole from a million on, else seven digits, so that the last bits of a
/// library's result do not show.
std::string NumberText(double number);
/// Empty if there is none.
std::string NumberText(const std::optional<double>& number);

}  // namespace zabsim
