// Comparison: metric by metric, how two sweeps differ.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/zabsim/compare/sweep_data.h"
#include "tools/zabsim/statistics/tests.h"

namespace zabsim {

/// One metric of two cells.
struct ComparisonRow {
  std::string values;  // Of the parameters, "tick_time 1s, servers 3"; empty without any.
  std::string metric, unit;
  size_t n_a = 0, n_b = 0;  // Runs with a value.
  size_t pairs = 0;         // 0: compared as independent samples.
  double mean_a = 0, mean_b = 0;
  Difference difference;
  double effect = 0.5;  // EffectSize.
  double p_holm = 1;

  bool IsShown() const { return p_holm < 1 - kConfidence; }
};

/// In what two cells differ that was not compared, though it may be why they differ.
struct Confounder {
  std::string values;
  std::string what;
  double mean_a = 0, mean_b = 0;
};

struct Comparison {
  std::vector<ComparisonRow> rows;
  std::vector<Confounder> confounders;
};

/// kInvalidArgument: no cell of one fits a cell of the other, or no two runs have one of the
/// metrics.
absl::StatusOr<Comparison> Compare(const SweepData& a, const SweepData& b,
                                   const std::vector<std::string>& metrics);

}  // namespace zabsim
