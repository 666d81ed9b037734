// How often each kind of fault was requested and how often it had an effect, to detect experiments
// whose faults do nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "scenarios/runner/language/events.h"

namespace scenario {

/// The name of the action in scenarios.
absl::string_view Name(FaultKind kind);

struct FaultCount {
  uint64_t requested = 0;
  uint64_t effective = 0;
  friend bool operator==(const FaultCount&, const FaultCount&) = default;
};

/// What one action of an event has done, in one run or in several.
struct ActionCount {
  uint64_t performed = 0;
  uint64_t effective = 0;
  std::string why;  // Why it had no effect, where it had none: one of the reasons.

  /// In any order the same sum.
  void Add(const ActionCount& other) {
    performed += other.performed;
    effective += other.effective;
    if (why.empty() || (!other.why.empty() && other.why < why)) why = other.why;
  }
  /// One performance that was thought to have an effect had none.
  void TakeBack(std::string reason) {
    --effective;
    why = std::move(reason);
  }
  friend bool operator==(const ActionCount&, const ActionCount&) = default;
};

/// Counts faults of events and nemeses; what the quiet phase does is not counted.
class FaultTally {
 public:
  void Add(FaultKind kind, bool effective) {
    FaultCount& count = counts_[static_cast<size_t>(kind)];
    ++count.requested;
    if (effective) ++count.effective;
  }
  void Add(const FaultTally& other) {
    for (size_t i = 0; i < counts_.size(); ++i) {
      counts_[i].requested += other.counts_[i].requested;
      counts_[i].effective += other.counts_[i].effective;
    }
  }
  /// A fault that was thought to have an effect had none.
  void TakeBack(FaultKind kind) { --counts_[static_cast<size_t>(kind)].effective; }
  const FaultCount& Of(FaultKind kind) const { return counts_[static_cast<size_t>(kind)]; }
  FaultCount Total() const {
    FaultCount total;
    for (const FaultCount& count : counts_) {
      total.requested += count.requested;
      total.effective += count.effective;
    }
    return total;
  }

 private:
  std::array<FaultCount, kFaultKindCount> counts_{};
};

}  // namespace scenario
