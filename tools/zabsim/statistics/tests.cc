// Simulations may have no spread at all: then a difference is certain, or none.
#include "tools/zabsim/statistics/tests.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "tools/zabsim/statistics/distributions.h"

namespace zabsim {
namespace {

Difference DifferenceOf(double mean, double error, double freedom) {
  if (error == 0) return {.mean = mean, .interval = {mean, mean}, .p = mean == 0 ? 1.0 : 0.0};
  const double half = StudentQuantile((1 + kConfidence) / 2, freedom) * error;
  return {.mean = mean,
          .interval = {mean - half, mean + half},
          .p = StudentTwoSided(mean / error, freedom)};
}

}  // namespace

Difference PairedDifference(std::span<const double> a, std::span<const double> b) {
  std::vector<double> differences(a.size());
  for (size_t i = 0; i < a.size(); ++i) differences[i] = b[i] - a[i];
  const auto n = static_cast<double>(a.size());
  return DifferenceOf(MeanOf(differences), DeviationOf(differences) / std::sqrt(n), n - 1);
}

Difference WelchDifference(std::span<const double> a, std::span<const double> b) {
  const auto square_error = [](std::span<const double> sample) {
    const double deviation = DeviationOf(sample);
    return deviation * deviation / static_cast<double>(sample.size());
  };
  const double of_a = square_error(a), of_b = square_error(b);
  const double both = of_a + of_b;
  const double parts = of_a * of_a / static_cast<double>(a.size() - 1) +
                       of_b * of_b / static_cast<double>(b.size() - 1);
  const double freedom = parts == 0 ? 1 : both * both / parts;
  return DifferenceOf(MeanOf(b) - MeanOf(a), std::sqrt(both), freedom);
}

double EffectSize(std::span<const double> a, std::span<const double> b) {
  std::vector<double> ascending(a.begin(), a.end());
  std::ranges::sort(ascending);
  double wins = 0;
  for (const double value : b) {
    const auto [first, last] = std::equal_range(ascending.begin(), ascending.end(), value);
    wins += static_cast<double>(first - ascending.begin()) + static_cast<double>(last - first) / 2;
  }
  return wins / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

std::vector<double> HolmCorrected(std::span<const double> p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return std::pair(p[i], i); });
  std::vector<double> corrected(p.size());
  double most = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    most = std::max(most, p[order[rank]] * static_cast<double>(p.size() - rank));
    corrected[order[rank]] = std::min(most, 1.0);
  }
  return corrected;
}

}  // namespace zabsim
