// NodeId: identifies nodes of a simulated world.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <ranges>

namespace sim {

/// A machine with its process.  Numbered from 1 in the order of World::AddNode.  0 is
/// the world itself, in traces.
struct NodeId {
  uint16_t value = 0;
  friend constexpr auto operator<=>(const NodeId&, const NodeId&) = default;
};

/// The ids 1 to `count`, ascending: of nodes, or of what is numbered like them.
template <class Id>
auto IdsUpTo(size_t count) {
  return std::views::iota(uint16_t{1}, static_cast<uint16_t>(count + 1)) |
         std::views::transform([](uint16_t id) { return Id{id}; });
}

}  // namespace sim
