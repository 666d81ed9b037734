// Process: what a world starts, gives inputs to, crashes and clones.  Host: the services of its
// machine.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "protocol/base/bytes.h"
#include "protocol/base/file_op.h"
#include "protocol/base/handles.h"
#include "protocol/base/time.h"
#include "sim/node_id.h"
#include "sim/numbers.h"
#include "sim/trace.h"

namespace sim {

class World;

/// A timer is identified by its name and, if there may be several, its connection (0: none).
struct TimerKey {
  uint32_t name = 0;
  zab::ConnectionId connection;
  friend constexpr auto operator<=>(const TimerKey&, const TimerKey&) = default;
};

/// The services of one machine, passed to each call of its process and valid only during that call.
/// Once alive() is false, nothing here has an effect.
class Host {
 public:
  Host(World& world, NodeId node, uint64_t incarnation)
      : world_(world), node_(node), incarnation_(incarnation) {}

  NodeId node() const { return node_; }
  /// The number of this process on its node, from 1.
  uint64_t incarnation() const { return incarnation_; }
  zab::Instant now() const;
  /// False once this process has halted or was crashed during this call by an observer; stop
  /// performing effects then.
  bool alive() const;

  /// Calls OnTimer once, after this duration (0 or more).  Replaces an earlier setting.  Cheap.
  void SetTimer(TimerKey key, zab::Duration after);
  /// No effect if it is not set.
  void CancelTimer(TimerKey key);

  /// Starts accepting connections on the port.
  void Listen(PortNumber port);
  /// Stops accepting connections; accepted ones stay open.
  void Unlisten(PortNumber port);
  /// Leads to OnConnected or OnConnectFailed.  `connection` must be below kFirstAccepted and unused
  /// in this process; `to` must be another node.
  void Connect(zab::ConnectionId connection, NodeId to, PortNumber port);
  /// Must be connected.  No effect on a broken or closed connection.  World::DelayNext matches
  /// `tag`. With wants_done, OnSendDone follows unless the connection breaks.
  void Send(zab::ConnectionId connection, zab::Payload bytes, bool wants_done, Tag tag = 0);
  /// Data sent before still arrive, then the other end gets OnClosed.  This end gets no more inputs
  /// of the connection.  Also cancels a pending Connect.
  void Close(zab::ConnectionId connection);

  /// Leads to OnFileDone.
  void Submit(const zab::FileOp& file);
  /// Leads to OnTask after this call: at the same virtual time, or as much later as
  /// MachineProfile::hand_over says.  Tasks of one kind come in order.
  void HandOver(TaskKind kind, uint64_t number);
  /// How long this takes now (MachineProfile::work, drawn).
  zab::Duration CostOf(WorkNumber work);
  /// From the end of this call on the process is at work for this long (above 0): its inputs wait,
  /// and OnWorked comes first.  Once per call.
  void Work(zab::Duration time);
  /// Whether Work was called and OnWorked has not come.
  bool working() const;
  void Emit(const Columns& columns);
  /// Ends the process like CrashKind::kKill: its connections are reset, the page cache survives.
  void Halt(ReasonNumber reason = 0);

 private:
  World& world_;
  NodeId node_;
  uint64_t incarnation_;
};

/// A process: its memory is lost in a crash.  Each call is one step and never blocks.
class Process {
 public:
  Process() = default;
  virtual ~Process() = default;

  /// An independent copy in the same state.
  virtual std::unique_ptr<Process> Clone() const = 0;

  /// The first call.
  virtual void Start(Host& host) = 0;
  virtual void OnTimer(TimerKey /*key*/, Host& /*host*/) {}
  /// `connection` is numbered by the world: kFirstAccepted, kFirstAccepted + 1, ... per process.
  virtual void OnAccepted(zab::ConnectionId /*connection*/, PortNumber /*port*/, NodeId /*from*/,
                          Host& /*host*/) {}
  virtual void OnConnected(zab::ConnectionId /*connection*/, Host& /*host*/) {}
  /// Refused or timed out; the connection no longer exists.
  virtual void OnConnectFailed(zab::ConnectionId /*connection*/, Host& /*host*/) {}
  /// The next bytes of the other end's stream: of one Send, all of them or, on a link with a
  /// bandwidth, one segment (kSegmentSize).  Never of two.
  virtual void OnReceived(zab::ConnectionId /*connection*/, const zab::Payload& /*bytes*/,
                          Host& /*host*/) {}
  /// The oldest pending Send with wants_done has left this end's link.
  virtual void OnSendDone(zab::ConnectionId /*connection*/, Host& /*host*/) {}
  /// Broken, reset or closed by the other end; the connection no longer exists.
  virtual void OnClosed(zab::ConnectionId /*connection*/, Host& /*host*/) {}
  /// `bytes`: of kRead, the whole file; `names`: of kList, sorted.
  virtual void OnFileDone(zab::OperationId /*operation*/, zab::FileError /*error*/,
                          const zab::Payload& /*bytes*/, const std::vector<std::string>& /*names*/,
                          Host& /*host*/) {}
  virtual void OnTask(TaskKind /*kind*/, uint64_t /*number*/, Host& /*host*/) {}
  /// The work that it has begun by Host::Work is done.
  virtual void OnWorked(Host& /*host*/) {}
  /// World::Signal; its meaning is up to the caller and the process.
  virtual void OnSignal(int /*signal*/, Host& /*host*/) {}

 protected:
  Process(const Process&) = default;
  Process& operator=(const Process&) = default;
};

/// Makes the process of each incarnation of a node.  Shared by all clones of the world, so it must
/// capture only values and return equal processes for equal arguments.
using ProcessFactory = std::function<std::unique_ptr<Process>(NodeId node, uint64_t incarnation)>;

}  // namespace sim
