// Virtual time: 64-bit integer nanoseconds, strongly typed.  Not absl::Duration, which multiplies
// by double, saturates silently and is twice as large.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace zab {

/// A span of time in nanoseconds; may be negative.
struct Duration {
  int64_t nanoseconds = 0;

  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr Duration operator+(Duration a, Duration b) {
    return {a.nanoseconds + b.nanoseconds};
  }
  friend constexpr Duration operator-(Duration a, Duration b) {
    return {a.nanoseconds - b.nanoseconds};
  }
  friend constexpr Duration operator*(Duration a, int64_t factor) {
    return {a.nanoseconds * factor};
  }
  friend constexpr Duration operator/(Duration a, int64_t divisor) {
    return {a.nanoseconds / divisor};
  }
};

constexpr Duration Nanoseconds(int64_t n) {
  return {n};
}
constexpr Duration Microseconds(int64_t n) {
  return {n * 1'000};
}
constexpr Duration Milliseconds(int64_t n) {
  return {n * 1'000'000};
}
constexpr Duration Seconds(int64_t n) {
  return {n * 1'000'000'000};
}

/// A point in time: nanoseconds since the start of the run (monotonic) or since 1970 (wall).
struct Time {
  int64_t nanoseconds = 0;

  friend constexpr auto operator<=>(const Time&, const Time&) = default;
  friend constexpr Time operator+(Time t, Duration d) { return {t.nanoseconds + d.nanoseconds}; }
  friend constexpr Time operator-(Time t, Duration d) { return {t.nanoseconds - d.nanoseconds}; }
  friend constexpr Duration operator-(Time a, Time b) { return {a.nanoseconds - b.nanoseconds}; }
};

/// The two clocks of a server: all timers and timeouts use the monotonic one; the wall clock only
/// stamps transactions.
struct Instant {
  Time monotonic;
  Time wall;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("monotonic", monotonic);
    field("wall", wall);
  }
};

/// "1.5s", "200ms", "3us", "7ns": the shortest exact form.
std::string ToString(Duration duration);
/// Like the duration since the start.
std::string ToString(Time time);

}  // namespace zab
