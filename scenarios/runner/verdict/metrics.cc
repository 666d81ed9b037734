// One list of all metrics with their names.
#include "scenarios/runner/verdict/metrics.h"

#include <algorithm>

namespace scenario {

std::vector<std::pair<absl::string_view, uint64_t>> NamesAndValues(const Metrics& metrics) {
  return {{"committed", metrics.committed},
          {"elections", metrics.elections},
          {"faults_effective", metrics.faults_effective},
          {"writes_acknowledged", metrics.writes_acknowledged}};
}

std::optional<uint64_t> ValueOf(const Metrics& metrics, absl::string_view name) {
  for (const auto& [key, value] : NamesAndValues(metrics)) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Metrics MediansOf(const std::vector<Metrics>& runs) {
  const auto median = [&](uint64_t Metrics::* metric) -> uint64_t {
    if (runs.empty()) return 0;
    std::vector<uint64_t> values;
    values.reserve(runs.size());
    for (const Metrics& run : runs) values.push_back(run.*metric);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
  };
  return {.writes_acknowledged = median(&Metrics::writes_acknowledged),
          .faults_effective = median(&Metrics::faults_effective),
          .elections = median(&Metrics::elections),
          .committed = median(&Metrics::committed)};
}

}  // namespace scenario
