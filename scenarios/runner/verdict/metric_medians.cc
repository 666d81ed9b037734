// Keeps the values of few metrics, and finds their medians at the end.
#include "scenarios/runner/verdict/metric_medians.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"

namespace scenario {
namespace {

constexpr std::array<absl::string_view, 4> kAlways = {"committed", "elections", "faults_effective",
                                                      "writes_acknowledged"};

}  // namespace

MetricMedians::MetricMedians(const Expect& expect) {
  const std::span<const MetricInfo> all = AllMetrics();
  for (size_t i = 0; i < all.size(); ++i) {
    const bool always = std::ranges::find(kAlways, all[i].name) != kAlways.end();
    if (always || expect.metrics.contains(all[i].name)) metrics_.push_back({.index = i});
  }
}

void MetricMedians::Add(const Measured& measured) {
  const std::vector<std::optional<uint64_t>> values = ValuesOf(measured);
  for (Metric& metric : metrics_) {
    if (const auto& value = values[metric.index]) metric.values.push_back(*value);
  }
}

absl::btree_map<std::string, uint64_t> MetricMedians::Medians() const {
  absl::btree_map<std::string, uint64_t> medians;
  for (const Metric& metric : metrics_) {
    if (metric.values.empty()) continue;
    std::vector<uint64_t> values = metric.values;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    medians[std::string(AllMetrics()[metric.index].name)] = *middle;
  }
  return medians;
}

}  // namespace scenario
