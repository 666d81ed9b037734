// Metrics: the numbers of one run that scenarios may set bounds to.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace scenario {

struct Metrics {
  uint64_t writes_acknowledged = 0;  // Successes that a client of the workload was told of.
  uint64_t faults_effective = 0;     // Of events and nemeses.
  uint64_t elections = 0;            // Leaders established.
  uint64_t committed = 0;            // Transactions that a leader committed.
  friend bool operator==(const Metrics&, const Metrics&) = default;
};

/// Name and value of each, by name.
std::vector<std::pair<absl::string_view, uint64_t>> NamesAndValues(const Metrics& metrics);

/// None: there is no metric of that name.
std::optional<uint64_t> ValueOf(const Metrics& metrics, absl::string_view name);

/// Of each metric the middle value over the runs, the lower one of two; 0 of none.
Metrics MediansOf(const std::vector<Metrics>& runs);

}  // namespace scenario
