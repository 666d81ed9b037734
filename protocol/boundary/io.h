// The complete boundary between a Peer and the outside world: Inputs and Effects.  A driver,
// simulated or with TCP and real files, needs to know nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/base/bytes.h"
#include "protocol/base/file_op.h"
#include "protocol/base/handles.h"
#include "protocol/base/time.h"
#include "protocol/boundary/trace.h"
#include "protocol/wire/ids.h"
#include "protocol/wire/operation.h"

namespace zab {

// ---- Vocabulary ---------------------------------------------------------------------------------

/// The three ports of a server.
enum class Port : uint8_t { kElection, kQuorum, kClient };

enum class TimerName : uint8_t {
  kNotification,  // Election: no notification for a while (the back-off).
  kFinalize,      // Election: 200 ms of silence after a quorum.
  kHandshake,     // Election channel: the first message is overdue.  Has a connection.
  kConnectRetry,  // Learner: next attempt to reach the leader.
  kConnectLimit,  // Learner: the leader was not reached within init_limit.
  kRead,          // A quorum connection was silent for too long.  Has a connection.
  kPhaseLimit,    // Leader: an epoch or NEWLEADER quorum is overdue.
  kTick,          // Leader: half a tick has passed.
  kFlush,         // Log writer: flush_delay is over.
};

/// A timer is identified by its name and, if there may be several, its connection.
struct TimerId {
  TimerName name{};
  ConnectionId connection;  // 0: none.
  friend constexpr auto operator<=>(const TimerId&, const TimerId&) = default;
};

/// Where ZooKeeper passes work from one thread to another, a peer schedules a task: Later(task)
/// comes back as Resume{task}, at once or after a delay.
enum class TaskName : uint8_t {
  kOwnNotification,  // A notification to itself.
  kAcknowledge,      // Log writer -> ack: what is synced may be acknowledged.
  kAckNewLeader,     // Packet loop -> ACK of NEWLEADER.
  kApply,            // Commit -> final processor.
  kSnapshotChunk,    // Next chunk of a snapshot walk to disk.
};
struct Task {
  TaskName name{};
  uint64_t number = 0;  // Distinguishes tasks of different roles.
  friend constexpr auto operator<=>(const Task&, const Task&) = default;
};

// ---- Inputs -------------------------------------------------------------------------------------

/// The first input: the peer begins to read its disk.
struct Started {};
struct TimerFired {
  TimerId timer;
};
struct Accepted {
  ConnectionId connection;
  Port port{};
};
struct Connected {
  ConnectionId connection;
};
struct ConnectFailed {
  ConnectionId connection;
};
struct Received {
  ConnectionId connection;
  Payload bytes;
};
/// For a Send that requested it: its last byte has left this end's link.
struct SendDone {
  ConnectionId connection;
};
/// Broken, reset, or closed by the other end.  Not sent to the end that closes.
struct Closed {
  ConnectionId connection;
};
struct FileDone {
  OperationId operation;
  FileError error = FileError::kNone;
  Payload bytes;                   // kRead: the whole file.
  std::vector<std::string> names;  // kList: sorted.
};
struct ClientConnected {
  ConnectionId connection;
  Zxid last_zxid_seen;
};
struct ClientRequest {
  ConnectionId connection;
  int32_t cxid = 0;
  Operation operation;
};
struct Resume {
  Task task;
};
/// Requests a snapshot now (by an operator, or `force_snapshot` in scenarios).
struct SnapshotRequested {};

using Input =
    std::variant<Started, TimerFired, Accepted, Connected, ConnectFailed, Received, SendDone,
                 Closed, FileDone, ClientConnected, ClientRequest, Resume, SnapshotRequested>;

// ---- Effects ------------------------------------------------------------------------------------

struct SetTimer {
  TimerId timer;
  Duration after;
};  // Replaces an earlier setting.
struct CancelTimer {
  TimerId timer;
};
struct Listen {
  Port port{};
};
struct Unlisten {
  Port port{};
};
struct Connect {
  ConnectionId connection;
  ServerId server;
  Port port{};
};
struct Send {
  ConnectionId connection;
  Payload bytes;
  bool wants_done = false;
};
struct Close {
  ConnectionId connection;
};
/// The client is accepted; transactions carry its id as clientId.
struct ClientAccepted {
  ConnectionId connection;
  int64_t client_id = 0;
};
struct ClientReply {
  ConnectionId connection;
  int32_t cxid = 0;
  Zxid zxid;
  Result result;
};
struct Later {
  Task task;
};
struct Trace {
  TraceEvent event;
};
/// The process must end; ZooKeeper would exit here.
struct Halt {
  Reason reason{};
};

using Effect = std::variant<SetTimer, CancelTimer, Listen, Unlisten, Connect, Send, Close, FileOp,
                            ClientAccepted, ClientReply, Later, Trace, Halt>;

/// An ordered list.  All effects may be performed immediately, in order; effects that must wait for
/// the disk come in later steps.  A trace record comes directly before the effect that it
/// announces.
using Effects = std::vector<Effect>;

}  // namespace zab
