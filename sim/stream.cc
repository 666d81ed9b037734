// The queue of packets of a stream.
#include "sim/stream.h"

namespace sim {

Packet PacketQueue::PopFront() {
  Packet packet = std::move(packets_[head_]);
  ++head_;
  if (head_ == packets_.size()) {
    packets_.clear();
    head_ = 0;
  } else if (head_ >= 32 && head_ * 2 >= packets_.size()) {
    packets_.erase(packets_.begin(), packets_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  return packet;
}

Packet PacketQueue::Take(size_t i) {
  Packet packet = std::move((*this)[i]);
  Erase(i);
  return packet;
}

void PacketQueue::Insert(size_t i, Packet packet) {
  packets_.insert(packets_.begin() + static_cast<std::ptrdiff_t>(head_ + i), std::move(packet));
}

void PacketQueue::Erase(size_t i) {
  packets_.erase(packets_.begin() + static_cast<std::ptrdiff_t>(head_ + i));
}

}  // namespace sim
