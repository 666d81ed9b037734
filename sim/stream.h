// One direction of a connection: packets in order, of which the first ones are on the wire.  Plain
// data, manipulated by the network.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "protocol/base/bytes.h"
#include "protocol/base/time.h"
#include "sim/numbers.h"

namespace sim {

/// kRefusal answers a SYN.  Unlike a reset it is sent again when lost, since the SYN would be
/// retried until it is answered.
enum class PacketKind : uint8_t { kSyn, kSynAck, kRefusal, kAck, kData, kFin, kReset };

struct Packet {
  PacketKind kind = PacketKind::kData;
  bool wants_done = false;  // Cleared when SendDone is scheduled.
  bool orphan = false;      // Sent after the connection broke; only a reset is delivered.
  bool late = false;        // A datagram that others may overtake.  Only on the wire.
  bool continues = false;   // Not the first segment of its message.
  bool partial = false;     // Not the last one.
  Tag tag = 0;
  zab::Payload bytes;
  size_t begin = 0;  // How many of the bytes have become segments before it.  0 on the wire.
  uint64_t cause = 0;
  zab::Time queued;   // Of data: since when it waits to be transmitted.
  zab::Time sent;     // When it last left.  Only on the wire.
  zab::Time out;      // When its last byte is transmitted.  Only on the wire, for a stream's data.
  zab::Time arrival;  // Only on the wire.
  uint64_t seq = 0;   // Of its arrival.  Only on the wire.
};

/// A queue of packets that reuses its memory: push at the back, pop at the front.
class PacketQueue {
 public:
  bool empty() const { return head_ == packets_.size(); }
  size_t size() const { return packets_.size() - head_; }
  Packet& operator[](size_t i) { return packets_[head_ + i]; }
  const Packet& operator[](size_t i) const { return packets_[head_ + i]; }
  void PushBack(Packet packet) { packets_.push_back(std::move(packet)); }
  Packet PopFront();
  Packet Take(size_t i);
  void Insert(size_t i, Packet packet);
  /// Removes all packets from position `size` on.
  void Truncate(size_t size) { packets_.resize(head_ + size); }
  void Erase(size_t i);

 private:
  std::vector<Packet> packets_;
  size_t head_ = 0;  // Packets before it have been popped.
};

struct Stream {
  PacketQueue packets;
  size_t on_wire = 0;        // How many, at the front, have left but not arrived.
  uint64_t arrival_seq = 0;  // Of the Arrival event of the first packet; 0: none on the wire.
  // Retransmission of packets[on_wire].
  uint64_t retry_seq = 0;  // Of the Retry event; 0: not waiting for a retry.
  zab::Time since;         // Time of its first attempt.  Only while waiting.
  uint32_t failures = 0;   // Failed attempts.  Only while waiting.
  uint64_t space_seq = 0;  // Of the Space event; 0: not waiting for the send buffer.
  uint64_t reset_seq = 0;  // Of the Reset event; 0: none.
  bool severed = false;    // The connection broke: packets sent now are orphans.
};

}  // namespace sim
