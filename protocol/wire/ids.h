// The ids of servers, epochs and transactions, as strong types so that they cannot be confused.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace zab {

/// A server's id ("sid", myid): 1 to 255, in no relation to its position among the voters.  0 is
/// nobody.
struct ServerId {
  uint16_t value = 0;
  friend constexpr auto operator<=>(const ServerId&, const ServerId&) = default;
};

/// The period of one leader.  31 bits, since it is a signed int on the wire.
struct Epoch {
  uint32_t value = 0;
  friend constexpr auto operator<=>(const Epoch&, const Epoch&) = default;
  constexpr Epoch Next() const { return {value + 1}; }
};
/// The largest epoch that wire and epoch files can represent.
constexpr Epoch kLastEpoch{0x7fffffff};

/// A transaction id: epoch in the high, counter in the low 32 bits.  Counter 0 is not a transaction
/// but the start of the epoch (NEWLEADER).
struct Zxid {
  Epoch epoch;
  uint32_t counter = 0;

  friend constexpr auto operator<=>(const Zxid&, const Zxid&) = default;
  constexpr uint64_t ToWire() const { return (uint64_t{epoch.value} << 32) | counter; }
  static constexpr Zxid FromWire(uint64_t wire) {
    return {Epoch{static_cast<uint32_t>(wire >> 32)}, static_cast<uint32_t>(wire)};
  }
  constexpr Zxid Next() const { return {epoch, counter + 1}; }
};

/// The largest counter of a transaction.  After a counter of all ones the next would overflow into
/// the epoch. (ZOOKEEPER-1277)
constexpr uint32_t kLastCounter = UINT32_MAX - 1;

/// Whether `next` may directly follow `zxid` in a history: (e,c+1), or the first of a later epoch.
/// The first counter of an epoch is initial_counter + 1.  Counters never overflow.  (REFERENCE.md
/// 1.2)
constexpr bool Follows(Zxid next, Zxid zxid, uint32_t initial_counter = 0) {
  if (next.epoch < zxid.epoch || next.counter == 0) return false;
  const bool first = next.epoch > zxid.epoch || zxid.counter == 0;
  return next.counter == (first ? initial_counter : zxid.counter) + 1;
}

std::string ToString(ServerId server);
std::string ToString(Epoch epoch);
/// "2:17".
std::string ToString(Zxid zxid);
/// ZooKeeper's file name suffix: lower-case hex without leading zeros, "200000011".
std::string ToHex(Zxid zxid);

}  // namespace zab
