// The timers of one process.  Setting one again usually costs no queue operation: the old entry
// fires and is moved to the timer's new time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/base/time.h"
#include "sim/kernel.h"
#include "sim/node_id.h"
#include "sim/process.h"

namespace sim {

/// A plain value.  A timer fires at exactly the position in the order of events that an entry
/// pushed at its last setting would have.
class Timers {
 public:
  void Set(NodeId node, TimerKey key, zab::Duration after, Kernel& kernel);
  void Cancel(TimerKey key);
  /// Moves pending timers from their due time t to new_due(t), now or later.
  template <class NewDue>
  void Reset(NodeId node, Kernel& kernel, NewDue new_due) {
    for (Timer& timer : timers_) {
      if (timer.armed && timer.entry.seq != 0) Move(node, timer, new_due(timer.due.time), kernel);
    }
  }
  void Clear() { timers_.clear(); }

  /// The queue entry `order` has fired.  If the timer is due, returns its setting, to be checked by
  /// Take() at the delivery to the process; otherwise puts the entry back or drops it.
  struct Due {
    uint64_t seq = 0;
    uint64_t cause = 0;
  };
  std::optional<Due> OnEvent(NodeId node, TimerKey key, EventOrder order, Kernel& kernel);
  /// Whether the setting is still valid; ends it.
  bool Take(TimerKey key, uint64_t seq);

 private:
  struct Timer {
    TimerKey key;
    bool armed = false;
    EventOrder due;      // seq: reserved when it was set; identifies the setting.
    uint64_t cause = 0;  // Of the setting.
    EventOrder entry;    // In the queue; seq 0: none.
  };
  std::vector<Timer>::iterator Find(TimerKey key);
  static void Move(NodeId node, Timer& timer, zab::Time due, Kernel& kernel);

  std::vector<Timer> timers_;  // Sorted by key.
};

}  // namespace sim
