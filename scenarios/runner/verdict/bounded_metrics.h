// BoundedMetrics: the metrics of a run for which scenarios may set bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "scenarios/runner/measure/metrics.h"

namespace scenario {

struct BoundedMetrics {
  uint64_t writes_acknowledged = 0;  // Successful replies received by clients of the workload.
  uint64_t faults_effective = 0;     // Of events and nemeses.
  uint64_t elections = 0;            // How often a leader was established.
  uint64_t committed = 0;            // Transactions committed by leaders.
  friend bool operator==(const BoundedMetrics&, const BoundedMetrics&) = default;
};

BoundedMetrics BoundedMetricsOf(const Measured& measured);

/// Name and value of each metric, ordered by name.
std::vector<std::pair<absl::string_view, uint64_t>> NamesAndValues(const BoundedMetrics& metrics);

/// The value of the metric of this name; nullopt if there is none.
std::optional<uint64_t> ValueOf(const BoundedMetrics& metrics, absl::string_view name);

/// The median of each metric over the runs (of an even number the lower of the middle two); 0
/// without runs.
BoundedMetrics MediansOf(const std::vector<BoundedMetrics>& runs);

}  // namespace scenario
