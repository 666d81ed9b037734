// The inputs of a process as values, so that they can wait while the process is paused.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/bytes.h"
#include "protocol/base/file_op.h"
#include "protocol/base/handles.h"
#include "sim/node_id.h"
#include "sim/numbers.h"
#include "sim/process.h"

namespace sim::input {

struct Start {};
/// `seq` identifies the setting; the input is dropped if the timer was set again or cancelled
/// since.
struct TimerFired {
  TimerKey key;
  uint64_t seq = 0;
};
struct Accepted {
  zab::ConnectionId connection;
  PortNumber port = 0;
  NodeId from;
};
struct Connected {
  zab::ConnectionId connection;
};
struct ConnectFailed {
  zab::ConnectionId connection;
};
struct Received {
  zab::ConnectionId connection;
  zab::Payload bytes;
};
struct SendDone {
  zab::ConnectionId connection;
};
struct Closed {
  zab::ConnectionId connection;
};
struct FileDone {
  zab::OperationId operation;
  zab::FileError error = zab::FileError::kNone;
  zab::Payload bytes;
  std::vector<std::string> names;
};
struct Task {
  TaskKind kind = 0;
  uint64_t number = 0;
};
struct Worked {};
struct Signal {
  int signal = 0;
};

}  // namespace sim::input

namespace sim {

using Input = std::variant<input::Start, input::TimerFired, input::Accepted, input::Connected,
                           input::ConnectFailed, input::Received, input::SendDone, input::Closed,
                           input::FileDone, input::Task, input::Worked, input::Signal>;

/// An input on its way to the process of a node.
struct Delivery {
  NodeId node;
  uint64_t cause = 0;  // Id of a record (causes.h).
  Input input;
};

}  // namespace sim
