// Causes: which record of the trace led to which effect.  The same rule applies everywhere in sim/.
#pragma once

#include <cstdint>

namespace sim {

/// The causes in effect while one event is handled.  A scheduled event stores OfEffect() and starts
/// with it as its inherited cause.
///  - The first record of a step is caused by the inherited record, the others by the first.
///  - Everything that the step schedules (a packet, a timer, a file operation, a task) is caused by
///    the latest record of the step, which by the order of effects announces it: the cause of a
///    msg_delivered is its msg_sent.
///  - While an observer reacts to a record, that record counts as inherited, and what the observer
///    emits does not change the causes of the rest of the step.
struct Causes {
  uint64_t inherited = 0;  // Id of a record; 0: none.
  uint64_t first = 0;      // The first record of this step; 0: none yet.
  uint64_t latest = 0;     // The latest record of this step; 0: none yet.

  uint64_t OfRecord() const { return first != 0 ? first : inherited; }
  uint64_t OfEffect() const { return latest != 0 ? latest : inherited; }
  void Emitted(uint64_t record) {
    if (first == 0) first = record;
    latest = record;
  }
};

}  // namespace sim
