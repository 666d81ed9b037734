// Progress: which runs of a campaign are done and what they have covered.  Kept in
// DIR/progress.json, replaced every so often, so that a campaign that was killed goes on from
// there.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/status/statusor.h"
#include "scenarios/runner/search/coverage.h"
#include "scenarios/runner/search/strategy.h"
#include "tools/zabsim/campaign/wire.h"

namespace zabsim {

struct StrategyTally {
  uint64_t runs = 0;
  uint64_t new_states = 0;
  uint64_t failures = 0;  // Runs.
  uint64_t cpu_nanoseconds = 0;
};

/// Of one of the campaign's files.
struct FileTally {
  uint64_t runs = 0;
  uint64_t cpu_nanoseconds = 0;
  std::vector<uint64_t> sometimes;  // Runs that showed it, in the order of Expect::sometimes.
};

class Progress {
 public:
  explicit Progress(size_t files) : files_(files) {}

  bool IsDone(uint64_t n) const { return n < done_below_ || beyond_.contains(n); }
  uint64_t done_below() const { return done_below_; }
  /// Run number n of this shard has come to a verdict.
  void Add(uint64_t n, const scenario::PlannedRun& run, const RunReport& report);
  /// Run number n has no verdict: its process ended.
  void AddEnded(uint64_t n, const scenario::PlannedRun& run);
  void CountAudit() { ++audits_; }
  /// Takes in another shard's.
  void Merge(const Progress& other);

  const scenario::Coverage& coverage() const { return coverage_; }
  const std::array<StrategyTally, scenario::kStrategyCount>& strategies() const {
    return strategies_;
  }
  const std::vector<FileTally>& files() const { return files_; }
  uint64_t runs() const;
  uint64_t faults() const { return faults_; }
  /// Runs that were made again in a fresh process, and were the same.
  uint64_t audits() const { return audits_; }

  std::string ToText() const;
  /// kDataLoss if the text is none, or not of so many files.
  static absl::StatusOr<Progress> Parse(absl::string_view text, size_t files);

 private:
  void Finish(uint64_t n);

  uint64_t done_below_ = 0;  // All n below this.
  absl::btree_set<uint64_t> beyond_;
  uint64_t faults_ = 0;
  uint64_t audits_ = 0;
  std::array<StrategyTally, scenario::kStrategyCount> strategies_{};
  std::vector<FileTally> files_;
  scenario::Coverage coverage_;
};

}  // namespace zabsim
