// Order statistics.
#include "tools/zabsim/bugs/median.h"

#include <algorithm>

namespace zabsim {
namespace {

/// l, 0 if there is none: 40 (C(n,0) + ... + C(n,l-1)) <= 2^n.
size_t RankOfLowEnd(size_t n) {
  const uint64_t all = uint64_t{1} << n;
  uint64_t below = 0, ways = 1;
  for (size_t l = 0;; ++l) {
    below += ways;
    if (40 * below > all) return l;
    ways = ways * (n - l) / (l + 1);
  }
}

}  // namespace

MedianInterval MedianOf(std::vector<std::optional<uint64_t>> measured) {
  MedianInterval result;
  if (measured.empty()) return result;
  std::ranges::sort(measured, {},
                    [](const std::optional<uint64_t>& one) { return one.value_or(UINT64_MAX); });
  const size_t n = measured.size();
  const std::optional<uint64_t> lower = measured[(n - 1) / 2], upper = measured[n / 2];
  if (lower && upper) result.median = Halves{*lower + *upper};
  const size_t rank = RankOfLowEnd(n);
  result.has_interval = rank > 0;
  if (rank > 0) {
    result.low = measured[rank - 1];
    result.high = measured[n - rank];
  }
  return result;
}

}  // namespace zabsim
