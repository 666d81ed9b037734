// One list of all metrics with their names.
#include "scenarios/runner/verdict/bounded_metrics.h"

#include <algorithm>

namespace scenario {

BoundedMetrics BoundedMetricsOf(const Measured& measured) {
  return {.writes_acknowledged = measured[Counter::kWritesAcknowledged].value_or(0),
          .faults_effective = measured[Counter::kFaultsEffective].value_or(0),
          .elections = measured[Counter::kElections].value_or(0),
          .committed = measured[Counter::kCommitted].value_or(0)};
}

std::vector<std::pair<absl::string_view, uint64_t>> NamesAndValues(const BoundedMetrics& metrics) {
  return {{"committed", metrics.committed},
          {"elections", metrics.elections},
          {"faults_effective", metrics.faults_effective},
          {"writes_acknowledged", metrics.writes_acknowledged}};
}

std::optional<uint64_t> ValueOf(const BoundedMetrics& metrics, absl::string_view name) {
  for (const auto& [key, value] : NamesAndValues(metrics)) {
    if (key == name) return value;
  }
  return std::nullopt;
}

BoundedMetrics MediansOf(const std::vector<BoundedMetrics>& runs) {
  const auto median = [&](uint64_t BoundedMetrics::* metric) -> uint64_t {
    if (runs.empty()) return 0;
    std::vector<uint64_t> values;
    values.reserve(runs.size());
    for (const BoundedMetrics& run : runs) values.push_back(run.*metric);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
  };
  return {.writes_acknowledged = median(&BoundedMetrics::writes_acknowledged),
          .faults_effective = median(&BoundedMetrics::faults_effective),
          .elections = median(&BoundedMetrics::elections),
          .committed = median(&BoundedMetrics::committed)};
}

}  // namespace scenario
