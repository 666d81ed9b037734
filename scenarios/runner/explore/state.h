// State: one state of an explored world.  Servers, witnesses and messages are numbers of what the
// engine keeps once; packed, a state is some hundred bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "scenarios/runner/explore/server.h"

namespace scenario::explore {

/// A connection between two servers: two streams.
struct Pipe {
  zab::Port port{};
  uint8_t from = 0, to = 0;            // Sids: who has connected, and to whom.
  uint8_t from_slot = 0, to_slot = 0;  // As the ends call it.
  bool from_open = true, to_open = false;
  bool answered = false;              // Whether it has been accepted; else it is just beginning.
  std::vector<uint32_t> there, back;  // Messages under way; kEnd: the other end has closed it.

  static constexpr uint32_t kEnd = 0;

  EndName FromEnd() const { return {port, to, from_slot}; }
  EndName ToEnd() const { return {port, from, to_slot}; }
  std::vector<uint32_t>& Stream(bool forth) { return forth ? there : back; }
  const std::vector<uint32_t>& Stream(bool forth) const { return forth ? there : back; }
  bool IsOpenAt(bool far_end) const { return far_end ? to_open : from_open; }
  bool IsBetween(uint8_t a, uint8_t b) const {
    return (from == a && to == b) || (from == b && to == a);
  }
};

/// What a path has left of the budget.
enum class Spent : uint8_t {
  kWrites,
  kReads,
  kKills,
  kPowerLosses,
  kCrashes,
  kCuts,
  kBreaks,
  kDiskErrors,
  kSnapshots,
};
constexpr size_t kSpentCount = static_cast<size_t>(Spent::kSnapshots) + 1;
using Budget = std::array<uint8_t, kSpentCount>;

/// A plain value.
struct State {
  std::vector<uint32_t> servers;  // By sid - 1.
  std::vector<Pipe> pipes;        // In order of Pipe::FromEnd, once a transition is over.
  std::vector<std::pair<uint8_t, uint8_t>> cuts;  // Pairs of sids, ascending.
  Budget left{};
  uint32_t witness = 0;

  uint8_t& Left(Spent what) { return left[static_cast<size_t>(what)]; }
  uint8_t Left(Spent what) const { return left[static_cast<size_t>(what)]; }
  bool IsCut(uint8_t a, uint8_t b) const;
};

std::string Pack(const State& state);
State Unpack(absl::string_view packed);

}  // namespace scenario::explore
