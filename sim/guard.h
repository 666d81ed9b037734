// Guard: ends a run that makes no progress, or that its caller wants to end.  It is asked wherever
// work is created, because a single event may create further work without end.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "protocol/base/time.h"

namespace sim {

/// A plain value; copies call the same function.
class Guard {
 public:
  /// Limits for one instant of virtual time; a typical run has about ten thousand events in all.
  static constexpr uint64_t kMostEvents = 100'000;
  static constexpr uint64_t kMostActions = 100'000;
  static constexpr uint64_t kMostRecords = 10'000'000;

  /// Asked before each event and regularly within one; true stops the run.
  void SetStop(std::function<bool()> stop) { stop_ = std::move(stop); }

  /// Whether the next event may be handled.
  bool MayContinue() {
    Ask();
    return !stopped();
  }
  void CountEvent(zab::Time now) {
    if (SameInstant(now)) Limit(++events_, kMostEvents);
  }
  /// An action of the scenario.
  void CountAction(zab::Time now) {
    SameInstant(now);
    Limit(++actions_, kMostActions);
    Ask();
  }
  void CountRecord(zab::Time now) {
    SameInstant(now);
    Limit(++records_, kMostRecords);
    if (records_ % kRecordsPerAsk == 0) Ask();
  }

  /// From now on no further work is created.
  bool stopped() const { return stands_still_ || asked_to_stop_; }
  /// Whether a limit was reached, so that virtual time will not advance.
  bool stands_still() const { return stands_still_; }

 private:
  static constexpr uint64_t kRecordsPerAsk = 1024;

  /// Whether `now` is still the instant that is being counted; if not, begins a new one.
  bool SameInstant(zab::Time now) {
    if (now == now_) return true;
    now_ = now;
    events_ = actions_ = records_ = 0;
    return false;
  }
  void Limit(uint64_t count, uint64_t most) { stands_still_ |= count >= most; }
  void Ask() { asked_to_stop_ = asked_to_stop_ || (stop_ && stop_()); }

  std::function<bool()> stop_;
  zab::Time now_;
  uint64_t events_ = 0, actions_ = 0, records_ = 0;  // At this instant.
  bool stands_still_ = false;
  bool asked_to_stop_ = false;
};

}  // namespace sim
