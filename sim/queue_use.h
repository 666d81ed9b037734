// QueueUse: how long a queue was, over time.
#pragma once

#include <algorithm>
#include <cstdint>

#include "protocol/base/time.h"

namespace sim {

/// A plain value.
class QueueUse {
 public:
  /// Something has come; so many wait now, itself included.
  void OnEnter(uint64_t length) { longest_ = std::max(longest_, length); }
  /// Something has waited for this long (0 or more).
  void OnLeave(zab::Duration waited) { waited_ += static_cast<uint64_t>(waited.nanoseconds); }

  /// The most that waited at one time.
  uint64_t longest() const { return longest_; }
  /// The sum of all waits, in nanoseconds; divided by a span of time, the mean length of the queue
  /// in it (Little's law).
  uint64_t waited() const { return waited_; }

 private:
  uint64_t longest_ = 0;
  uint64_t waited_ = 0;
};

}  // namespace sim
