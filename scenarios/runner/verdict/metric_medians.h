// MetricMedians: the medians over runs of those metrics that a summary shows and a scenario bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "scenarios/runner/language/expectations.h"
#include "scenarios/runner/measure/metrics.h"

namespace scenario {

/// A plain value.
class MetricMedians {
 public:
  /// Of the metrics with bounds there, and of a few that every summary has.
  explicit MetricMedians(const Expect& expect);

  /// One more run.
  void Add(const Measured& measured);

  /// By name; of an even number of runs the lower of the middle two.  Runs in which the metric was
  /// not observed do not count; a metric that no run has observed is left out.
  absl::btree_map<std::string, uint64_t> Medians() const;

 private:
  struct Metric {
    size_t index = 0;  // In AllMetrics().
    std::vector<uint64_t> values;
  };

  std::vector<Metric> metrics_;
};

}  // namespace scenario
