// Names and values in one order.
#include "scenarios/runner/measure/metrics.h"

namespace scenario {
namespace {

constexpr MetricInfo kMetricTable[] = {
#define COUNTER(enumerator, name, unit, en, zh) {name, unit, en, zh},
#define HISTOGRAM(enumerator, name, unit, en, zh)
#include "scenarios/runner/measure/metrics.inc"
#undef COUNTER
#undef HISTOGRAM
#define COUNTER(enumerator, name, unit, en, zh)
#define HISTOGRAM(enumerator, name, unit, en, zh)                       \
  {name "_count", "1", en "; number", zh "；个数"},                     \
      {name "_mean", unit, en "; mean", zh "；均值"},                   \
      {name "_min", unit, en "; least", zh "；最小值"},                 \
      {name "_p50", unit, en "; median", zh "；中位数"},                \
      {name "_p90", unit, en "; 90th percentile", zh "；第 90 百分位"}, \
      {name "_p99", unit, en "; 99th percentile", zh "；第 99 百分位"}, \
      {name "_max", unit, en "; greatest", zh "；最大值"},
#include "scenarios/runner/measure/metrics.inc"
#undef COUNTER
#undef HISTOGRAM
};

constexpr absl::string_view kQuantities[] = {
#define COUNTER(enumerator, name, unit, en, zh)
#define HISTOGRAM(enumerator, name, unit, en, zh) name,
#include "scenarios/runner/measure/metrics.inc"
#undef COUNTER
#undef HISTOGRAM
};

}  // namespace

absl::string_view Name(Quantity quantity) {
  return kQuantities[static_cast<size_t>(quantity)];
}

std::span<const MetricInfo> AllMetrics() {
  return kMetricTable;
}

std::vector<std::optional<uint64_t>> ValuesOf(const Measured& measured) {
  std::vector<std::optional<uint64_t>> values(measured.counters.begin(), measured.counters.end());
  values.reserve(std::size(kMetricTable));
  for (const Histogram& histogram : measured.histograms) {
    const auto add = [&](uint64_t value) {
      values.push_back(histogram.count() > 0 ? std::optional(value) : std::nullopt);
    };
    values.emplace_back(histogram.count());
    add(histogram.Mean());
    add(histogram.min());
    for (const uint64_t percent : std::initializer_list<uint64_t>{50, 90, 99}) {
      add(histogram.Quantile(percent));
    }
    add(histogram.max());
  }
  return values;
}

}  // namespace scenario
