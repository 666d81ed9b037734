// The arithmetic of quorums, in one place.  Any two quorums of the same voters share a voter: that
// is what every safety argument of ZAB rests on (DSN'11 3.1).  (ZK QuorumMaj.java.)
#pragma once

#include <cstdint>

namespace zab {

/// Whether `part` of `total` is a quorum: more than half.  Both count voters, or are sums of their
/// weights.
constexpr bool IsMajority(uint64_t part, uint64_t total) {
  return part > total / 2;
}

/// The smallest quorum of `total`.
constexpr uint64_t SmallestMajority(uint64_t total) {
  return total / 2 + 1;
}

/// How much of `total` (1 or more) may be missing while the rest is still a quorum.
constexpr uint64_t LargestMinority(uint64_t total) {
  return total - SmallestMajority(total);
}

}  // namespace zab
