// Timers with lazy queue entries.
#include "sim/timers.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace sim {

std::vector<Timers::Timer>::iterator Timers::Find(TimerKey key) {
  return std::lower_bound(timers_.begin(), timers_.end(), key,
                          [](const Timer& timer, TimerKey k) { return timer.key < k; });
}

void Timers::Set(NodeId node, TimerKey key, zab::Duration after, Kernel& kernel) {
  ZAB_CHECK(after.nanoseconds >= 0) << "timer " << key.name << " set to " << ToString(after);
  auto timer = Find(key);
  if (timer == timers_.end() || timer->key != key) timer = timers_.insert(timer, Timer{.key = key});
  timer->armed = true;
  timer->cause = kernel.causes.OfEffect();
  Move(node, *timer, kernel.now + after, kernel);
}

void Timers::Move(NodeId node, Timer& timer, zab::Time due, Kernel& kernel) {
  timer.due = {due, kernel.queue.ReserveSeq()};
  // An entry that fires no later will be moved to the new time.
  if (timer.entry.seq != 0 && timer.entry.time <= due) return;
  timer.entry = timer.due;
  kernel.queue.Push(timer.due, Event{event::Timer{node, timer.key}, timer.cause});
}

void Timers::Cancel(TimerKey key) {
  const auto timer = Find(key);
  if (timer != timers_.end() && timer->key == key) timer->armed = false;
}

std::optional<Timers::Due> Timers::OnEvent(NodeId node, TimerKey key, EventOrder order,
                                           Kernel& kernel) {
  const auto timer = Find(key);
  if (timer == timers_.end() || timer->key != key || timer->entry != order) return std::nullopt;
  timer->entry = {};
  if (!timer->armed) {
    timers_.erase(timer);
    return std::nullopt;
  }
  if (timer->due > order) {
    timer->entry = timer->due;
    kernel.queue.Push(timer->due, Event{event::Timer{node, key}, timer->cause});
    return std::nullopt;
  }
  return Due{.seq = timer->due.seq, .cause = timer->cause};
}

bool Timers::Take(TimerKey key, uint64_t seq) {
  const auto timer = Find(key);
  if (timer == timers_.end() || timer->key != key) return false;
  if (!timer->armed || timer->due.seq != seq) return false;
  timer->armed = false;
  if (timer->entry.seq == 0) timers_.erase(timer);
  return true;
}

}  // namespace sim
