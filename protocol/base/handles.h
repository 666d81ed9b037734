// Handles: connections and file operations as the process that uses them numbers them.
#pragma once

#include <compare>
#include <cstdint>

namespace zab {

/// One connection as one of its ends knows it.  Unique in the life of a process: what the process
/// connects it numbers itself, below kFirstAccepted; what it accepts the driver numbers, from
/// there.
struct ConnectionId {
  static constexpr uint64_t kFirstAccepted = uint64_t{1} << 32;
  uint64_t value = 0;
  friend constexpr auto operator<=>(const ConnectionId&, const ConnectionId&) = default;
};

/// One file operation that a process has asked for; numbered by the process, never reused.
struct OperationId {
  uint64_t value = 0;
  friend constexpr auto operator<=>(const OperationId&, const OperationId&) = default;
};

}  // namespace zab
