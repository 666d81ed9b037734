// Handles: the ids of connections and file operations within a process.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace zab {

/// One end of a connection.  Unique during the life of a process: the process numbers the
/// connections that it initiates, below kFirstAccepted; the driver numbers accepted ones, from
/// there on.
struct ConnectionId {
  static constexpr uint64_t kFirstAccepted = uint64_t{1} << 32;
  uint64_t value = 0;
  friend constexpr auto operator<=>(const ConnectionId&, const ConnectionId&) = default;
};

inline std::string ToString(ConnectionId connection) {
  return std::to_string(connection.value);
}

/// A file operation requested by a process; numbered by the process, never reused.
struct OperationId {
  uint64_t value = 0;
  friend constexpr auto operator<=>(const OperationId&, const OperationId&) = default;
};

inline std::string ToString(OperationId operation) {
  return std::to_string(operation.value);
}

}  // namespace zab
