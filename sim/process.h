// What the world can start, feed, crash and clone: a Process; and what a process can ask of the
// machine that it runs on: its Host.
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
#include "protocol/boundary/trace.h"
#include "sim/node_id.h"

namespace sim {

class World;

/// A timer is known by its name and, where there are several, the connection it watches (0: none).
struct TimerKey {
  uint32_t name = 0;
  zab::ConnectionId connection;
  friend constexpr auto operator<=>(const TimerKey&, const TimerKey&) = default;
};

/// The services of one machine, handed to each call of the process that runs there.  Valid during
/// that call only.  Once alive() is false nothing here has an effect any more.
class Host {
 public:
  Host(World& world, NodeId node, uint64_t incarnation)
      : world_(world), node_(node), incarnation_(incarnation) {}

  NodeId node() const { return node_; }
  /// Counts the processes of this node, from 1.
  uint64_t incarnation() const { return incarnation_; }
  zab::Instant now() const;
  /// False once this process has halted or was crashed during this very call, by an observer of
  /// what it emitted: stop performing effects then.
  bool alive() const;

  /// Fires once, after that duration (0 or more): OnTimer.  Re-arms if it is set already.  Cheap.
  void SetTimer(TimerKey key, zab::Duration after);
  /// Without effect if it is not set.
  void CancelTimer(TimerKey key);

  /// From now on the port accepts.
  void Listen(zab::Port port);
  /// From now on it refuses; connections that it has accepted stay.
  void Unlisten(zab::Port port);
  /// Leads to OnConnected or OnConnectFailed.  `connection` is below kFirstAccepted and was never
  /// used by this process; `to` is another node.
  void Connect(zab::ConnectionId connection, NodeId to, zab::Port port);
  /// Only once connected.  Without effect on a connection that is broken or closed.  `tag` is what
  /// World::DelayNext looks for.  With wants_done OnSendDone follows, unless the connection breaks.
  void Send(zab::ConnectionId connection, zab::Payload bytes, bool wants_done, zab::Kind tag);
  /// What was sent before still arrives, then the other end gets OnClosed.  This end hears nothing
  /// of this connection any more.  Also ends a Connect that is under way.
  void Close(zab::ConnectionId connection);

  /// Leads to OnFileDone.
  void Submit(const zab::FileOp& file);
  /// Comes back as OnTask at the same virtual time, after this call, in order.
  void HandOver(uint32_t kind, uint64_t number);
  void Emit(const zab::TraceEvent& event);
  /// Ends the process as `kill` would: its connections are reset, the page cache survives.
  void Halt(zab::Reason reason);

 private:
  World& world_;
  NodeId node_;
  uint64_t incarnation_;
};

/// A process: memory that a crash destroys.  Each call is one step; it never blocks.
class Process {
 public:
  Process() = default;
  virtual ~Process() = default;

  /// An independent copy in the same state.
  virtual std::unique_ptr<Process> Clone() const = 0;

  /// The first call of its life.
  virtual void Start(Host& host) = 0;
  virtual void OnTimer(TimerKey /*key*/, Host& /*host*/) {}
  /// `connection` is numbered by the world: kFirstAccepted, kFirstAccepted + 1, ... per process.
  virtual void OnAccepted(zab::ConnectionId /*connection*/, zab::Port /*port*/, NodeId /*from*/,
                          Host& /*host*/) {}
  virtual void OnConnected(zab::ConnectionId /*connection*/, Host& /*host*/) {}
  /// Refused or timed out; the connection is gone.
  virtual void OnConnectFailed(zab::ConnectionId /*connection*/, Host& /*host*/) {}
  /// The bytes of one Send, never split or joined.
  virtual void OnReceived(zab::ConnectionId /*connection*/, const zab::Payload& /*bytes*/,
                          Host& /*host*/) {}
  /// The oldest Send that asked for it and has not been answered has left this end's link.
  virtual void OnSendDone(zab::ConnectionId /*connection*/, Host& /*host*/) {}
  /// Broken, reset or closed by the other end; the connection is gone.
  virtual void OnClosed(zab::ConnectionId /*connection*/, Host& /*host*/) {}
  /// `bytes`: of kRead, the whole file; `names`: of kList, sorted.
  virtual void OnFileDone(zab::OperationId /*operation*/, zab::FileError /*error*/,
                          const zab::Payload& /*bytes*/, const std::vector<std::string>& /*names*/,
                          Host& /*host*/) {}
  virtual void OnTask(uint32_t /*kind*/, uint64_t /*number*/, Host& /*host*/) {}
  /// World::Signal; what it means is between the caller and the process.
  virtual void OnSignal(int /*signal*/, Host& /*host*/) {}

 protected:
  Process(const Process&) = default;
  Process& operator=(const Process&) = default;
};

/// Makes the process of each incarnation of a node.  Shared by all clones of the world: it captures
/// values only and gives the same process for the same arguments.
using ProcessFactory = std::function<std::unique_ptr<Process>(NodeId node, uint64_t incarnation)>;

}  // namespace sim
