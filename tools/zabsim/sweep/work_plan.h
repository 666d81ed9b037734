// WorkPlan: which run of a sweep is next, and when a cell has had enough.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/btree_set.h"
#include "tools/zabsim/sweep/swept_run.h"

namespace zabsim {

class WorkPlan {
 public:
  /// `manifest` must outlive it.  Of the runs that its shard owns.
  explicit WorkPlan(const SweepManifest& manifest);

  /// The run is done.
  void Add(const SweptRun& run);
  /// The next run to begin, which is under way from then on; nullopt: none can be begun now.
  std::optional<SweepRun> Next();
  /// How many runs are done, and how many there are at most.
  uint64_t done() const { return done_; }
  uint64_t most() const { return most_; }
  bool IsComplete() const;
  /// The runs that are not done; with a precision, the next ones of the cells that need more.
  std::vector<SweepRun> Missing() const;

 private:
  struct CellProgress {
    absl::btree_set<uint64_t> done;  // Repeats.
    uint64_t under_way = 0;          // How many.
    uint64_t next = 0;               // All before it are done, under way, or not of this shard.
    /// With a precision: the metric, by repeat; nullopt: the run does not count.
    std::vector<std::optional<double>> values;
    uint64_t asked = 0;  // Of so many repeats the rule knows.
    bool enough = false;
  };

  std::optional<SweepRun> NextOf(uint64_t cell);
  void AskRule(CellProgress& cell) const;
  bool IsNarrow(const std::vector<double>& sample) const;

  const SweepManifest& manifest_;
  std::optional<size_t> metric_;  // Of the precision.
  std::vector<CellProgress> cells_;
  uint64_t done_ = 0;
  uint64_t most_ = 0;
};

}  // namespace zabsim
