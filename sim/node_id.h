// NodeId: identifies nodes of a simulated world.
#pragma once

#include <compare>
#include <cstdint>

namespace sim {

/// A machine with its process.  Numbered from 1 in the order of World::AddNode.  0 is
/// the world itself, in traces.
struct NodeId {
  uint16_t value = 0;
  friend constexpr auto operator<=>(const NodeId&, const NodeId&) = default;
};

}  // namespace sim
