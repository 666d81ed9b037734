// FingerprintSet: 64-bit hashes, with open addressing.  Nothing ever depends on their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace scenario::explore {

/// A plain value.  8 bytes per slot, at most 3 of 4 taken.
class FingerprintSet {
 public:
  FingerprintSet() : slots_(kFirstSlots) {}

  /// Whether it was not there yet.
  bool Insert(uint64_t fingerprint) {
    if (fingerprint == 0) fingerprint = 1;  // 0 is a free slot.
    const size_t slot = SlotOf(fingerprint);
    if (slots_[slot] != 0) return false;
    slots_[slot] = fingerprint;
    ++size_;
    if (size_ * 4 > slots_.size() * 3) Grow();
    return true;
  }
  size_t size() const { return size_; }
  size_t bytes() const { return slots_.size() * sizeof(uint64_t); }

 private:
  static constexpr size_t kFirstSlots = 1024;

  size_t SlotOf(uint64_t fingerprint) const {
    const size_t mask = slots_.size() - 1;
    size_t at = static_cast<size_t>(fingerprint) & mask;
    while (slots_[at] != 0 && slots_[at] != fingerprint) at = (at + 1) & mask;
    return at;
  }
  void Grow() {
    std::vector<uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    for (const uint64_t fingerprint : old) {
      if (fingerprint != 0) slots_[SlotOf(fingerprint)] = fingerprint;
    }
  }

  std::vector<uint64_t> slots_;  // Their number is a power of 2.
  size_t size_ = 0;
};

}  // namespace scenario::explore
