// Numbers to which the application gives the meaning: the world only compares and passes them on.
#pragma once

#include <cstdint>

namespace sim {

/// Where a process listens; below kPortCount.
using PortNumber = uint8_t;
constexpr PortNumber kPortCount = 8;

/// Which queue of a process a task is for; below kTaskKindCount.
using TaskKind = uint8_t;
constexpr TaskKind kTaskKindCount = 8;

/// What a process takes time for; below kWorkCount.
using WorkNumber = uint8_t;
constexpr WorkNumber kWorkCount = 8;

/// What a process marks a packet with, so that a fault can pick it: World::DelayNext.
using Tag = uint8_t;

/// Why a process has halted, in the trace.
using ReasonNumber = uint8_t;

}  // namespace sim
