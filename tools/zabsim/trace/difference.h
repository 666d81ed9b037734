// Where two traces diverge, in words.
#pragma once

#include <optional>
#include <string>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

/// One side of a comparison: its name, and the scenario that names its servers.
struct TraceSide {
  std::string name;
  const scenario::Scenario* scenario = nullptr;
};

/// Compares two sequences of records, up to the first difference.
class TraceComparison {
 public:
  TraceComparison(TraceSide a, TraceSide b) : a_(std::move(a)), b_(std::move(b)) {}

  /// The next record of each; none: that side has ended.  Returns whether they have been the same
  /// so far; after a difference, calls change nothing.
  bool Add(const std::optional<scenario::Record>& a, const std::optional<scenario::Record>& b);
  bool same() const { return same_; }
  /// How many records are the same.
  uint64_t count() const { return count_; }
  /// Lines: the last common record, the first different one of each, and the columns that differ.
  /// Only if they differ.
  std::string Text(Language language) const;

 private:
  std::string ColumnsText(Language language) const;

  TraceSide a_;
  TraceSide b_;
  bool same_ = true;
  uint64_t count_ = 0;
  std::optional<scenario::Record> last_;     // The last that is the same.
  std::optional<scenario::Record> first_a_;  // The first that is not.
  std::optional<scenario::Record> first_b_;
};

}  // namespace zabsim
