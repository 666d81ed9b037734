// Neighbours are joined when they meet.
#include "tools/zabsim/campaign/run_set.h"

#include <algorithm>
#include <iterator>

namespace zabsim {

void RunSet::Add(RunInterval runs) {
  auto [first, end] = runs;
  auto next = intervals_.upper_bound(first);
  if (next != intervals_.begin() && std::prev(next)->second >= first) --next;
  while (next != intervals_.end() && next->first <= end) {
    first = std::min(first, next->first);
    end = std::max(end, next->second);
    next = intervals_.erase(next);
  }
  intervals_[first] = end;
}

bool RunSet::Contains(uint64_t run) const {
  const auto next = intervals_.upper_bound(run);
  return next != intervals_.begin() && std::prev(next)->second > run;
}

uint64_t RunSet::size() const {
  uint64_t size = 0;
  for (const auto& [first, end] : intervals_) size += end - first;
  return size;
}

uint64_t RunSet::first_missing() const {
  if (intervals_.empty() || intervals_.begin()->first > 0) return 0;
  return intervals_.begin()->second;
}

std::vector<RunInterval> RunSet::MissingBelow(uint64_t end) const {
  std::vector<RunInterval> missing;
  uint64_t from = 0;
  for (const auto& [first, behind] : intervals_) {
    if (first >= end) break;
    if (first > from) missing.push_back({from, first});
    from = behind;
  }
  if (from < end) missing.push_back({from, end});
  return missing;
}

}  // namespace zabsim
