// Order statistics.
#include "tools/zabsim/bugs/median.h"

#include <algorithm>

#include "tools/zabsim/statistics/estimates.h"

namespace zabsim {

MedianInterval MedianOf(std::vector<std::optional<uint64_t>> measured) {
  MedianInterval result;
  if (measured.empty()) return result;
  std::ranges::sort(measured, {},
                    [](const std::optional<uint64_t>& one) { return one.value_or(UINT64_MAX); });
  const size_t n = measured.size();
  const std::optional<uint64_t> lower = measured[(n - 1) / 2], upper = measured[n / 2];
  if (lower && upper) result.median = Halves{*lower + *upper};
  const size_t rank = QuantileRanks(n, 0.5).low;
  result.has_interval = rank > 0;
  if (rank > 0) {
    result.low = measured[rank - 1];
    result.high = measured[n - rank];
  }
  return result;
}

}  // namespace zabsim
