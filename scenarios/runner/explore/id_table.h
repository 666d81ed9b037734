// IdTable: from 64-bit keys to small numbers, with open addressing.  Nothing ever depends on the
// order of its slots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace scenario::explore {

/// A plain value.  Keys are hashes or are hashed here; 16 bytes per slot, at most 3 of 4 taken.
class IdTable {
 public:
  IdTable() : slots_(kFirstSlots) {}

  std::optional<uint32_t> Find(uint64_t key) const {
    const Slot& slot = slots_[SlotOf(key)];
    if (slot.taken == 0) return std::nullopt;
    return slot.value;
  }
  /// Keeps the value that the key has already.  Returns whether it had none.
  bool Insert(uint64_t key, uint32_t value) {
    Slot& slot = slots_[SlotOf(key)];
    if (slot.taken != 0) return false;
    slot = {.key = key, .value = value, .taken = 1};
    ++size_;
    if (size_ * 4 > slots_.size() * 3) Grow();
    return true;
  }
  size_t size() const { return size_; }
  size_t bytes() const { return slots_.size() * sizeof(Slot); }
  /// Calls visit(key, value) for each, in an order without meaning.
  template <class Visit>
  void ForEach(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.taken != 0) visit(slot.key, slot.value);
    }
  }

 private:
  static constexpr size_t kFirstSlots = 1024;

  struct Slot {
    uint64_t key = 0;
    uint32_t value = 0;
    uint32_t taken = 0;
  };

  /// Of the key, or the free one where it belongs.
  size_t SlotOf(uint64_t key) const {
    const size_t mask = slots_.size() - 1;
    size_t at = static_cast<size_t>((key * 0x9e3779b97f4a7c15ULL) >> 20) & mask;
    while (slots_[at].taken != 0 && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }
  void Grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.taken != 0) slots_[SlotOf(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;  // Their number is a power of 2.
  size_t size_ = 0;
};

}  // namespace scenario::explore
