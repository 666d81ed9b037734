// RunSet: which runs of a shard are done, as intervals: a campaign makes them nearly in order.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"

namespace zabsim {

/// From first up to, but without, second.
using RunInterval = std::pair<uint64_t, uint64_t>;

/// A plain value.
class RunSet {
 public:
  void Add(uint64_t run) { Add({run, run + 1}); }
  /// Must not be empty.
  void Add(RunInterval runs);
  bool Contains(uint64_t run) const;
  /// How many there are.
  uint64_t size() const;
  /// The first that is not in it.
  uint64_t first_missing() const;
  /// Those below `end` that are not in it.
  std::vector<RunInterval> MissingBelow(uint64_t end) const;
  std::vector<RunInterval> intervals() const { return {intervals_.begin(), intervals_.end()}; }

 private:
  absl::btree_map<uint64_t, uint64_t> intervals_;  // Disjoint, with gaps between them.
};

}  // namespace zabsim
