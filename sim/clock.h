// The clocks of one machine: a monotonic one and a wall clock, which drift alike.
#pragma once

#include <cstdint>

#include "protocol/base/time.h"

namespace sim {

/// What the wall clock of every node shows at the start: 2020-01-01T00:00:00Z.
constexpr zab::Time kWallClockStart{1'577'836'800'000'000'000};

/// The most, in parts per million, that a clock is fast or (below 0) slow.
constexpr int32_t kMostDrift = 100'000;

/// A plain value.  Times of the world come in order: none is before the last SetDrift.
class Clock {
 public:
  int32_t drift_ppm() const { return drift_ppm_; }
  /// What the clocks show at that time of the world.
  zab::Instant At(zab::Time now) const;
  /// The first time of the world at which the monotonic clock shows that, or more.
  zab::Time When(zab::Time monotonic) const;
  /// How much time of the world passes, from now on, while so much passes on these clocks.
  zab::Duration Span(zab::Duration passed, zab::Time now) const;

  /// From now on; -kMostDrift to kMostDrift.  What the clocks show now does not change by it.
  void SetDrift(int32_t drift_ppm, zab::Time now);
  /// Moves the wall clock, but not before 1970 nor by more than a century ahead in all.
  void Step(zab::Duration by);

 private:
  zab::Time Monotonic(zab::Time now) const;

  int32_t drift_ppm_ = 0;
  zab::Time since_;      // When the drift was set.
  zab::Time shown_;      // What the monotonic clock showed then.
  zab::Duration ahead_;  // The wall clock, of what it would show without steps.
};

}  // namespace sim
