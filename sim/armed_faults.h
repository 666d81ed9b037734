// ArmedFaults: the faults that strike later, or never: a disk operation that will fail, a message
// that will be delayed, dropped or doubled.
#pragma once

#include <cstddef>
#include <vector>

namespace sim {

/// Counted from 0 in the order in which they were armed.
struct ArmedFault {
  size_t value = 0;
};

/// Which of them have struck.  A plain value.
class ArmedFaults {
 public:
  ArmedFault Arm() {
    struck_.push_back(false);
    return {struck_.size() - 1};
  }
  void Strike(ArmedFault fault) { struck_[fault.value] = true; }
  bool HasStruck(ArmedFault fault) const { return struck_[fault.value]; }
  /// How many were ever armed.
  size_t count() const { return struck_.size(); }

 private:
  std::vector<bool> struck_;
};

}  // namespace sim
