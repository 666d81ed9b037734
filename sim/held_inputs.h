// HeldInputs: the inputs that wait for a process that is paused, at work or catches up.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "protocol/base/time.h"
#include "sim/input.h"
#include "sim/queue_use.h"

namespace sim {

/// A plain value.
class HeldInputs {
 public:
  struct Held {
    Input input;
    uint64_t cause = 0;
    zab::Time since;
  };

  bool empty() const { return held_.empty(); }
  void PushBack(Input input, uint64_t cause, zab::Time now) {
    held_.push_back({std::move(input), cause, now});
    use_.OnEnter(held_.size());
  }
  /// Comes before all that wait.
  void PushFront(Input input, uint64_t cause, zab::Time now) {
    held_.push_front({std::move(input), cause, now});
    use_.OnEnter(held_.size());
  }
  /// There must be one.
  Held PopFront(zab::Time now) {
    Held held = std::move(held_.front());
    held_.pop_front();
    use_.OnLeave(now - held.since);
    return held;
  }
  void Clear(zab::Time now) {
    while (!empty()) PopFront(now);
  }

  /// Up to now: those that still wait have waited until now.
  QueueUse UseUntil(zab::Time now) const {
    QueueUse use = use_;
    for (const Held& held : held_) use.OnLeave(now - held.since);
    return use;
  }

 private:
  std::deque<Held> held_;
  QueueUse use_;
};

}  // namespace sim
