// The key `sweep`: one file, many experiments, whose differences are to be measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "protocol/base/random.h"
#include "scenarios/runner/json/value.h"

namespace scenario {

/// One value of a parameter of a sweep.
struct SweepValue {
  std::string label;                               // As tables name it.
  std::vector<std::pair<std::string, Value>> set;  // By JSON pointer.
};

/// How cells are chosen from all combinations.
enum class SweepDesign : uint8_t { kFull, kPairwise, kLatin };

/// "full", "pairwise", "latin".
absl::string_view Name(SweepDesign design);

/// A cell is repeated until the interval of the metric's mean is narrow enough.
struct SweepPrecision {
  std::string metric;
  zab::Ratio within;  // Half of the interval, as a share of the mean.
  uint64_t most = 0;  // Repeats.
};

/// Labels by the names of their parameters.
using SweepLabels = absl::btree_map<std::string, std::string>;

struct Sweep {
  absl::btree_map<std::string, std::vector<SweepValue>> matrix;  // By name; no list is empty.
  SweepDesign design = SweepDesign::kFull;
  std::optional<uint64_t> cells;  // Only with kLatin; nullopt: as many as the longest list.
  std::vector<SweepLabels> exclude;
  uint64_t repeat = 1;
  std::optional<SweepPrecision> precision;

  /// The repeats of a cell for which there are seeds.
  uint64_t MostRepeats() const { return precision ? precision->most : repeat; }
};

/// Most cells of a sweep, and most combinations that a design may choose from.
inline constexpr uint64_t kMostCells = 10'000;
inline constexpr uint64_t kMostCombinations = 100'000;

}  // namespace scenario
