// The clocks of one machine: a monotonic clock and a wall clock with the same drift.
#pragma once

#include <cstdint>

#include "protocol/base/time.h"

namespace sim {

/// The time of every wall clock at the start: 2020-01-01T00:00:00Z.
constexpr zab::Time kWallClockStart{1'577'836'800'000'000'000};

/// The largest drift, in parts per million.
constexpr int32_t kMaxDrift = 100'000;

/// A plain value.  `now` must never be before the last SetDrift.
class Clock {
 public:
  int32_t drift_ppm() const { return drift_ppm_; }
  /// The times of the clocks at time `now` of the world.
  zab::Instant At(zab::Time now) const;
  /// The first time of the world at which the monotonic clock shows at least `monotonic`.
  zab::Time When(zab::Time monotonic) const;
  /// How much time of the world passes, from `now` on, while `passed` passes on these clocks.
  zab::Duration Span(zab::Duration passed, zab::Time now) const;

  /// Sets the drift from `now` on, within +-kMaxDrift; negative is slow.  The current times do not
  /// change.
  void SetDrift(int32_t drift_ppm, zab::Time now);
  /// Moves the wall clock, but not before 1970, nor more than a century ahead in total.
  void Step(zab::Duration by);

 private:
  zab::Time Monotonic(zab::Time now) const;

  int32_t drift_ppm_ = 0;
  zab::Time since_;      // When the drift was set.
  zab::Time shown_;      // The monotonic clock at that time.
  zab::Duration ahead_;  // The sum of the steps of the wall clock.
};

}  // namespace sim
