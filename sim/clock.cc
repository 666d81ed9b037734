// Integers only: a clock shows whole nanoseconds, rounded down, and a timer fires at the first
// nanosecond at which its time has come.
#include "sim/clock.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace sim {
namespace {

__extension__ typedef __int128 Int128;

constexpr int64_t kMillion = 1'000'000;
constexpr zab::Duration kMostAhead = zab::Seconds(int64_t{100} * 365 * 86'400);

}  // namespace

zab::Time Clock::Monotonic(zab::Time now) const {
  const zab::Duration passed = now - since_;
  if (drift_ppm_ == 0) return shown_ + passed;
  const Int128 shown = Int128{passed.nanoseconds} * (kMillion + drift_ppm_) / kMillion;
  return shown_ + zab::Nanoseconds(static_cast<int64_t>(shown));
}

zab::Instant Clock::At(zab::Time now) const {
  const zab::Time monotonic = Monotonic(now);
  const zab::Duration since_start{monotonic.nanoseconds};
  return {.monotonic = monotonic, .wall = kWallClockStart + since_start + ahead_};
}

zab::Time Clock::When(zab::Time monotonic) const {
  const zab::Duration shown = std::max(monotonic - shown_, zab::Duration{});
  const int64_t rate = kMillion + drift_ppm_;
  const Int128 passed = (Int128{shown.nanoseconds} * kMillion + rate - 1) / rate;
  return since_ + zab::Nanoseconds(static_cast<int64_t>(passed));
}

zab::Duration Clock::Span(zab::Duration passed, zab::Time now) const {
  if (drift_ppm_ == 0) return passed;
  return When(Monotonic(now) + passed) - now;
}

void Clock::SetDrift(int32_t drift_ppm, zab::Time now) {
  ZAB_CHECK(drift_ppm >= -kMaxDrift && drift_ppm <= kMaxDrift) << drift_ppm;
  shown_ = Monotonic(now);
  since_ = now;
  drift_ppm_ = drift_ppm;
}

void Clock::Step(zab::Duration by) {
  ahead_ = std::clamp(ahead_ + by, zab::Time{} - kWallClockStart, kMostAhead);
}

}  // namespace sim
