// Where two traces part, in words.
#pragma once

#include <optional>
#include <string>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

/// One side of a comparison: what it is called, and the scenario that names its servers.
struct TraceSide {
  std::string name;
  const scenario::Scenario* scenario = nullptr;
};

/// Compares two sequences of records as they come, up to the first that differs.
class TraceComparison {
 public:
  TraceComparison(TraceSide a, TraceSide b) : a_(std::move(a)), b_(std::move(b)) {}

  /// The next record of each; none: that side has ended.  Returns whether they have been the same
  /// so far; once not, calls change nothing.
  bool Add(const std::optional<scenario::Record>& a, const std::optional<scenario::Record>& b);
  bool same() const { return same_; }
  /// How many records are the same.
  uint64_t count() const { return count_; }
  /// Lines: the last record of both, the first that differs of each, and in which columns.  Only
  /// if they differ.
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
