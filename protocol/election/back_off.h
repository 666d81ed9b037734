// Keeps a server from returning without delay to a leader that it cannot follow.
#pragma once

#include <algorithm>
#include <optional>

#include "protocol/base/time.h"
#include "protocol/boundary/config.h"
#include "protocol/wire/ids.h"

namespace zab {

/// A server that leaves its leader learns from the others within a few messages that they still
/// follow it, so it would return at once, for ever.  From the third time in a row on it waits, each
/// time twice as long (REFERENCE.md 3.5).  A plain value.
class BackOff {
 public:
  /// This server has left `leader` before joining it.
  void OnLeft(ServerId leader, Time now, const Timing& timing) {
    if (leader != leader_) *this = BackOff{};
    leader_ = leader;
    left_ = std::min(left_ + 1, kWaitsFrom);
    if (left_ < kWaitsFrom) return;
    until_ = now + wait_.value_or(timing.notification_min);
    wait_ = std::min(wait_.value_or(timing.notification_min) * 2, timing.SyncTimeout());
  }
  /// It has joined the leader, or a new election has come to a result.
  void Reset() { *this = BackOff{}; }

  /// Whether it is too early to follow `leader` only because others do.  Does not concern new
  /// elections.
  bool Keeps(ServerId leader, Time now) const { return leader == leader_ && now < until_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("leader", leader_);
    field("left", left_);
    field("until", until_);
    field("wait", wait_);
  }

 private:
  static constexpr int kWaitsFrom = 3;  // The first time that it waits.

  ServerId leader_;
  int left_ = 0;
  Time until_;
  std::optional<Duration> wait_;  // The next one.
};

}  // namespace zab
