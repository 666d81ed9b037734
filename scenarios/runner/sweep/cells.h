// The cells of a sweep: which combinations of values its design takes.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/language/sweep.h"
#include "scenarios/runner/parse/document.h"

namespace scenario {

/// One combination of values.
struct SweepCell {
  std::vector<std::string> labels;     // By parameter, in the order of Sweep::matrix.
  std::vector<std::string> overrides;  // As Document::Load takes them.
};

/// In the order of their numbers, from 0; none is there twice.  The same sweep and seed give the
/// same cells; `seed` only matters to kLatin.  Empty: all are excluded.
std::vector<SweepCell> CellsOf(const Sweep& sweep, uint64_t seed);

/// The file without its sweep, with `overrides` and then the values of the cell.  Fails as
/// Document::Load does; the message names the cell.
absl::StatusOr<Document> LoadCell(const std::string& path,
                                  const std::vector<std::string>& overrides, const Sweep& sweep,
                                  const SweepCell& cell);

}  // namespace scenario
