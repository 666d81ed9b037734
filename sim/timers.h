// The timers of one process.  Setting one again costs no queue operation: the entry in the queue is
// let fire and put back to where the timer now stands.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/base/time.h"
#include "sim/kernel.h"
#include "sim/node_id.h"
#include "sim/process.h"

namespace sim {

/// A plain value.  A timer fires at exactly the place in the order of events that an entry pushed
/// when it was last set would have.
class Timers {
 public:
  void Set(NodeId node, TimerKey key, zab::Duration after, Kernel& kernel);
  void Cancel(TimerKey key);
  /// Timers that are set and have not fired are due at another time: new_due(Time), now or later.
  template <class NewDue>
  void Reset(NodeId node, Kernel& kernel, NewDue new_due) {
    for (Timer& timer : timers_) {
      if (timer.armed && timer.entry.seq != 0) Move(node, timer, new_due(timer.due.time), kernel);
    }
  }
  void Clear() { timers_.clear(); }

  /// The queue entry `order` has come.  If the timer is due, returns its arming, to be checked by
  /// Take() when the process is given it; else puts the entry back or drops it.
  struct Due {
    uint64_t seq = 0;
    uint64_t cause = 0;
  };
  std::optional<Due> OnEvent(NodeId node, TimerKey key, EventOrder order, Kernel& kernel);
  /// Whether that arming still stands; it is over then.
  bool Take(TimerKey key, uint64_t seq);

 private:
  struct Timer {
    TimerKey key;
    bool armed = false;
    EventOrder due;      // seq: reserved when it was set, which names this arming.
    uint64_t cause = 0;  // Of setting it.
    EventOrder entry;    // In the queue; seq 0: none.
  };
  std::vector<Timer>::iterator Find(TimerKey key);
  static void Move(NodeId node, Timer& timer, zab::Time due, Kernel& kernel);

  std::vector<Timer> timers_;  // Sorted by key.
};

}  // namespace sim
