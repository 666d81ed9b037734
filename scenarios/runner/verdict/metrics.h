// Metrics: the numbers of a run for which scenarios may set bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace scenario {

struct Metrics {
  uint64_t writes_acknowledged = 0;  // Successful replies received by clients of the workload.
  uint64_t faults_effective = 0;     // Of events and nemeses.
  uint64_t elections = 0;            // How often a leader was established.
  uint64_t committed = 0;            // Transactions committed by leaders.
  friend bool operator==(const Metrics&, const Metrics&) = default;
};

/// Name and value of each metric, ordered by name.
std::vector<std::pair<absl::string_view, uint64_t>> NamesAndValues(const Metrics& metrics);

/// The value of the metric of this name; nullopt if there is none.
std::optional<uint64_t> ValueOf(const Metrics& metrics, absl::string_view name);

/// The median of each metric over the runs (of an even number the lower of the middle two); 0
/// without runs.
Metrics MediansOf(const std::vector<Metrics>& runs);

}  // namespace scenario
