// The numbers under which the simulator's network knows what ZAB has names for.
#pragma once

#include <optional>

#include "protocol/boundary/io.h"
#include "scenarios/runner/record/record.h"
#include "sim/numbers.h"

namespace scenario {

constexpr sim::PortNumber PortNumberOf(zab::Port port) {
  return static_cast<sim::PortNumber>(port);
}

constexpr zab::Port PortOf(sim::PortNumber port) {
  return static_cast<zab::Port>(port);
}

/// Of the kind of a message; of kNone the one of bytes that no fault picks by their kind.
constexpr sim::Tag TagOf(Kind message) {
  return static_cast<sim::Tag>(message);
}
constexpr std::optional<sim::Tag> TagOf(std::optional<Kind> message) {
  if (!message) return std::nullopt;
  return TagOf(*message);
}
constexpr sim::Tag TagOf(zab::Kind message) {
  return static_cast<sim::Tag>(message);
}
constexpr Kind MessageOf(sim::Tag tag) {
  return static_cast<Kind>(tag);
}

}  // namespace scenario
