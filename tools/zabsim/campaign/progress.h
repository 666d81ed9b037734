// Progress: which runs of a campaign are done and what they have covered.  Kept in
// DIR/progress.json, replaced every so often, so that a campaign that was killed goes on from
// there.  It is small, however long the campaign.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "scenarios/runner/search/coverage.h"
#include "scenarios/runner/search/strategy.h"
#include "tools/zabsim/campaign/json_parts.h"
#include "tools/zabsim/campaign/run_set.h"
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
  std::vector<scenario::ActionCount> actions;  // As RunResult::actions.
};

/// Of one shard, or the sum of several.
class Progress {
 public:
  explicit Progress(size_t files) : files_(files) {}

  /// Its runs, by their numbers in the shard; of a sum, nothing.
  const RunSet& done() const { return done_; }
  /// A session came to the end of its budget; nobody stopped it before.
  bool complete() const { return complete_; }
  void SetComplete(bool complete) { complete_ = complete; }
  /// Run number n of this shard has come to a verdict.
  void Add(uint64_t n, const scenario::PlannedRun& run, const RunReport& report);
  /// Run number n has no verdict: its process ended.
  void AddEnded(uint64_t n, const scenario::PlannedRun& run);
  void CountAudit() { ++audits_; }
  /// Adds what another shard has done.
  void AddShard(const Progress& other);

  const scenario::Coverage& coverage() const { return coverage_; }
  const std::array<StrategyTally, scenario::kStrategyCount>& strategies() const {
    return strategies_;
  }
  const std::vector<FileTally>& files() const { return files_; }
  uint64_t runs() const;
  uint64_t faults() const { return faults_; }
  /// Runs that were repeated in a fresh process and were the same.
  uint64_t audits() const { return audits_; }

  Json ToJson() const;
  /// Throws Json::exception.
  static Progress From(const Json& json, size_t files);

 private:
  RunSet done_;
  bool complete_ = false;
  uint64_t faults_ = 0;
  uint64_t audits_ = 0;
  std::array<StrategyTally, scenario::kStrategyCount> strategies_{};
  std::vector<FileTally> files_;
  scenario::Coverage coverage_;
};

/// By shard, from 1: what progress.json holds, of a campaign or of several shards that were merged.
using ShardsProgress = absl::btree_map<uint64_t, Progress>;

std::string ToText(const ShardsProgress& shards);
/// kDataLoss if the text is none, or not of so many files.
absl::StatusOr<ShardsProgress> ParseProgress(absl::string_view text, size_t files);

/// Takes in what other shards have done.  Of one shard that is in both, and got further in one, the
/// further one counts, and never both: in whatever order folders are merged, the result is the
/// same.
void MergeShards(const ShardsProgress& from, ShardsProgress& into);
/// All shards together.
Progress SumOf(const ShardsProgress& shards, size_t files);

}  // namespace zabsim
