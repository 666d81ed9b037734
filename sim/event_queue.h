// The order of events: a priority queue by (time, seq), independent of the type of events.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "protocol/base/time.h"

namespace sim {

/// The position of an event in the total order: earlier time first; at equal times, scheduled
/// first. This is the only rule for ties.  Every event has a unique seq.
struct EventOrder {
  zab::Time time;
  uint64_t seq = 0;
  friend constexpr auto operator<=>(const EventOrder&, const EventOrder&) = default;
};

/// A binary heap of small entries; the events themselves are in a table of slots and do not move.
/// Event must be trivially copyable.  Cloned by copying.
template <class Event>
class EventQueue {
  static_assert(std::is_trivially_copyable_v<Event>);

 public:
  bool empty() const { return heap_.empty(); }
  size_t size() const { return heap_.size(); }

  /// The order of the first event.  The queue must not be empty.
  EventOrder front() const { return heap_.front().order; }

  /// Reserves a position in the order of scheduling for a later Push, so that an event that is
  /// scheduled lazily keeps its position.  From 1, so that 0 can mean "none".
  uint64_t ReserveSeq() { return ++last_seq_; }

  /// order.seq must come from ReserveSeq(), and order must be after the last popped event.
  void Push(EventOrder order, const Event& event) {
    uint32_t slot = 0;
    if (free_.empty()) {
      slot = static_cast<uint32_t>(slots_.size());
      slots_.push_back(event);
    } else {
      slot = free_.back();
      free_.pop_back();
      slots_[slot] = event;
    }
    heap_.push_back({});
    SiftUp(heap_.size() - 1, {order, slot});
  }

  /// Schedules after all events of the same time; returns the seq.
  uint64_t Push(zab::Time time, const Event& event) {
    const uint64_t seq = ReserveSeq();
    Push(EventOrder{time, seq}, event);
    return seq;
  }

  struct Popped {
    EventOrder order;
    Event event;
  };
  /// Removes the first event.  The queue must not be empty.
  Popped Pop() {
    const Entry first = heap_.front();
    const Entry last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) SiftDown(last);
    free_.push_back(first.slot);
    return {first.order, slots_[first.slot]};
  }

 private:
  struct Entry {
    EventOrder order;
    uint32_t slot = 0;
  };

  void SiftUp(size_t hole, Entry entry) {
    while (hole > 0) {
      const size_t parent = (hole - 1) / 2;
      if (!(entry.order < heap_[parent].order)) break;
      heap_[hole] = heap_[parent];
      hole = parent;
    }
    heap_[hole] = entry;
  }

  void SiftDown(Entry entry) {
    const size_t size = heap_.size();
    size_t hole = 0;
    for (;;) {
      size_t child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && heap_[child + 1].order < heap_[child].order) ++child;
      if (!(heap_[child].order < entry.order)) break;
      heap_[hole] = heap_[child];
      hole = child;
    }
    heap_[hole] = entry;
  }

  std::vector<Entry> heap_;
  std::vector<Event> slots_;
  std::vector<uint32_t> free_;
  uint64_t last_seq_ = 0;
};

}  // namespace sim
