// Sums go through the sample in its order, so that they are the same everywhere.
#include "tools/zabsim/statistics/estimates.h"

#include <algorithm>
#include <cmath>
#include <ranges>

#include "absl/strings/str_format.h"
#include "tools/zabsim/statistics/distributions.h"

namespace zabsim {
namespace {

constexpr double kTail = (1 - kConfidence) / 2;
/// The quantile of the normal distribution at 1 - kTail.
constexpr double kNormal = 1.959963984540054;

}  // namespace

double MeanOf(std::span<const double> sample) {
  double sum = 0;
  for (const double value : sample) sum += value;
  return sum / static_cast<double>(sample.size());
}

double DeviationOf(std::span<const double> sample) {
  if (sample.size() < 2) return 0;
  const double mean = MeanOf(sample);
  double squares = 0;
  for (const double value : sample) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(sample.size() - 1));
}

Interval MeanInterval(std::span<const double> sample) {
  if (sample.size() < 2) return {};
  const auto n = static_cast<double>(sample.size());
  const double mean = MeanOf(sample);
  const double half = StudentQuantile(1 - kTail, n - 1) * DeviationOf(sample) / std::sqrt(n);
  return {mean - half, mean + half};
}

Ranks QuantileRanks(size_t n, double p) {
  // Of 0 ... n - 1, those that are successes rarely enough, and those that are often enough.
  const auto all = std::views::iota(size_t{0}, n);
  const auto few =
      std::ranges::partition_point(all, [&](size_t k) { return BinomialAtMost(k, n, p) <= kTail; });
  const auto many = std::ranges::partition_point(
      all, [&](size_t k) { return 1 - BinomialAtMost(k, n, p) > kTail; });
  Ranks ranks{.low = static_cast<size_t>(few - all.begin())};
  if (many != all.end()) ranks.high = *many + 1;
  return ranks;
}

double QuantileOf(std::span<const double> ascending, double p) {
  const double place = p * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, ascending.size() - 1);
  const double part = place - static_cast<double>(below);
  return ascending[below] + part * (ascending[above] - ascending[below]);
}

Interval QuantileInterval(std::span<const double> ascending, double p) {
  const Ranks ranks = QuantileRanks(ascending.size(), p);
  Interval interval;
  if (ranks.low > 0) interval.low = ascending[ranks.low - 1];
  if (ranks.high > 0) interval.high = ascending[ranks.high - 1];
  return interval;
}

Interval ShareInterval(uint64_t k, uint64_t n) {
  const auto count = static_cast<double>(n);
  if (k == 0) return {0, std::min(1.0, 3 / count)};
  if (k == n) return {std::max(0.0, 1 - 3 / count), 1};
  const double share = static_cast<double>(k) / count;
  const double square = kNormal * kNormal;
  const double middle = (share + square / (2 * count)) / (1 + square / count);
  const double half = kNormal *
                      std::sqrt(share * (1 - share) / count + square / (4 * count * count)) /
                      (1 + square / count);
  return {middle - half, middle + half};
}

std::string NumberText(double number) {
  if (std::fabs(number) >= 1e6) return absl::StrFormat("%.0f", number);
  return absl::StrFormat("%.7g", number);
}

std::string NumberText(const std::optional<double>& number) {
  return number ? NumberText(*number) : "";
}

}  // namespace zabsim
