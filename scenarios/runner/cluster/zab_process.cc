// Passes inputs to the peer and performs its effects one by one; a crash may come between any two.
#include "scenarios/runner/cluster/zab_process.h"

#include <utility>

#include "scenarios/runner/language/physics.h"
#include "scenarios/runner/record/numbers.h"
#include "scenarios/runner/record/record.h"

namespace scenario {
namespace {

// The entity of the peer's draws, which no other draw uses.
zab::Entity PeerEntity(sim::NodeId node, uint64_t incarnation) {
  return {(uint64_t{node.value} << 32) | incarnation};
}

sim::TimerKey KeyOf(zab::TimerId timer) {
  return {static_cast<uint32_t>(timer.name), timer.connection};
}

/// Performs one effect; `message` carries the kind of a message from its trace record to its Send.
struct Performer {
  sim::Host& host;
  zab::Kind& message;

  void operator()(const zab::SetTimer& e) const { host.SetTimer(KeyOf(e.timer), e.after); }
  void operator()(const zab::CancelTimer& e) const { host.CancelTimer(KeyOf(e.timer)); }
  void operator()(const zab::Listen& e) const { host.Listen(PortNumberOf(e.port)); }
  void operator()(const zab::Unlisten& e) const { host.Unlisten(PortNumberOf(e.port)); }
  void operator()(const zab::Connect& e) const {
    host.Connect(e.connection, sim::NodeId{e.server.value}, PortNumberOf(e.port));
  }
  void operator()(const zab::Send& e) const {
    host.Send(e.connection, e.bytes, e.wants_done, TagOf(std::exchange(message, zab::Kind::kNone)));
  }
  void operator()(const zab::Close& e) const { host.Close(e.connection); }
  void operator()(const zab::FileOp& e) const { host.Submit(e); }
  void operator()(const zab::ClientAccepted& e) const {
    host.Send(e.connection, Encode(zab::client::ConnectResponse{e.client_id}), false);
  }
  void operator()(const zab::ClientReply& e) const {
    host.Send(e.connection, Encode(zab::client::Reply{e.cxid, e.zxid, e.result}), false);
  }
  void operator()(const zab::Later& e) const {
    host.HandOver(static_cast<sim::TaskKind>(e.task.name), e.task.number);
  }
  void operator()(const zab::Trace& e) const {
    if (e.event.probe == zab::Probe::kMsgSent) message = e.event.kind;
    host.Emit(ColumnsOf(e.event));
  }
  void operator()(const zab::Halt& e) const { host.Halt(static_cast<sim::ReasonNumber>(e.reason)); }
};

sim::WorkNumber NumberOf(ServerWork work) {
  return static_cast<sim::WorkNumber>(work);
}

/// Whether a role has ended before this effect, or a port opens: it takes ServerWork::kRoleChange.
bool ChangesRole(const zab::Effect& effect) {
  if (const auto* listen = std::get_if<zab::Listen>(&effect)) {
    return listen->port == zab::Port::kQuorum;
  }
  const auto* trace = std::get_if<zab::Trace>(&effect);
  return trace != nullptr && trace->event.probe == zab::Probe::kPhaseChanged &&
         trace->event.kind == zab::Kind::kElection && trace->event.reason != zab::Reason::kStarted;
}

}  // namespace

ZabProcess::ZabProcess(zab::PeerConfig config, zab::Chooser chooser, sim::NodeId node,
                       uint64_t incarnation)
    : peer_(std::move(config), std::move(chooser), PeerEntity(node, incarnation)) {}

// The peer sees the time at which its effects come, so that what it measures is what happens.
void ZabProcess::Step(zab::Input input, sim::Host& host) {
  const zab::Duration cost = CostOf(input, host);
  if (cost == zab::Duration{}) return Handle(input, host);
  at_work_ = std::move(input);
  host.Work(cost);
}

void ZabProcess::Handle(const zab::Input& input, sim::Host& host) {
  peer_.Step(host.now(), input, effects_);
  peer_.CheckInvariants();
  Edit(effects_);
  Perform(host);
}

zab::Duration ZabProcess::CostOf(const zab::Input& input, sim::Host& host) {
  zab::Duration cost = host.CostOf(NumberOf(ServerWork::kStep));
  if (std::holds_alternative<zab::ClientRequest>(input)) {
    cost = cost + host.CostOf(NumberOf(ServerWork::kRequest));
  }
  if (std::holds_alternative<zab::Received>(input)) {
    cost = cost + host.CostOf(NumberOf(ServerWork::kMessage));
  }
  return cost;
}

void ZabProcess::OnWorked(sim::Host& host) {
  if (at_work_) {
    Handle(*std::exchange(at_work_, std::nullopt), host);
  } else {
    Perform(host);
  }
  if (host.working() || reading_ == zab::ConnectionId{}) return;
  ReadClient(std::exchange(reading_, {}), host);
}

void ZabProcess::Perform(sim::Host& host) {
  zab::Kind message = zab::Kind::kNone;
  for (; performed_ < effects_.size(); ++performed_) {
    if (!host.alive()) break;
    const zab::Effect& effect = effects_[performed_];
    if (!std::exchange(paid_, false) && ChangesRole(effect)) {
      const zab::Duration cost = host.CostOf(NumberOf(ServerWork::kRoleChange));
      paid_ = cost > zab::Duration{};
      if (paid_) return host.Work(cost);
    }
    if (const auto* close = std::get_if<zab::Close>(&effect)) clients_.erase(close->connection);
    std::visit(Performer{host, message}, effect);
  }
  effects_.clear();
  performed_ = 0;
}

void ZabProcess::Start(sim::Host& host) {
  Step(zab::Started{}, host);
}

void ZabProcess::OnTimer(sim::TimerKey key, sim::Host& host) {
  Step(zab::TimerFired{{static_cast<zab::TimerName>(key.name), key.connection}}, host);
}

void ZabProcess::OnAccepted(zab::ConnectionId connection, sim::PortNumber port,
                            sim::NodeId /*from*/, sim::Host& host) {
  if (port == PortNumberOf(zab::Port::kClient)) {
    clients_[connection];
    return;
  }
  Step(zab::Accepted{connection, PortOf(port)}, host);
}

void ZabProcess::OnConnected(zab::ConnectionId connection, sim::Host& host) {
  Step(zab::Connected{connection}, host);
}

void ZabProcess::OnConnectFailed(zab::ConnectionId connection, sim::Host& host) {
  Step(zab::ConnectFailed{connection}, host);
}

void ZabProcess::OnReceived(zab::ConnectionId connection, const zab::Payload& bytes,
                            sim::Host& host) {
  const auto client = clients_.find(connection);
  if (client == clients_.end()) return Step(zab::Received{connection, bytes}, host);
  client->second.decoder.Feed(bytes.view());
  ReadClient(connection, host);
}

void ZabProcess::ReadClient(zab::ConnectionId connection, sim::Host& host) {
  if (ReadFrames(connection, host)) return;
  host.Close(connection);
  clients_.erase(connection);
  Step(zab::Closed{connection}, host);
}

bool ZabProcess::ReadFrames(zab::ConnectionId connection, sim::Host& host) {
  // Each request is one step, and a step may close the connection.
  for (auto it = clients_.find(connection); it != clients_.end() && host.alive();
       it = clients_.find(connection)) {
    if (host.working()) {
      reading_ = connection;
      return true;
    }
    const auto frame = it->second.decoder.Next();
    if (!frame.ok()) return false;
    if (!frame->has_value()) return true;
    if (!std::exchange(it->second.introduced, true)) {
      const auto hello = zab::client::ParseConnectRequest(**frame);
      if (!hello.ok()) return false;
      Step(zab::ClientConnected{connection, hello->last_zxid_seen}, host);
    } else {
      auto request = zab::client::ParseRequest(**frame);
      if (!request.ok()) return false;
      Step(zab::ClientRequest{connection, request->cxid, std::move(request->operation)}, host);
    }
  }
  return true;
}

void ZabProcess::OnSendDone(zab::ConnectionId connection, sim::Host& host) {
  Step(zab::SendDone{connection}, host);
}

void ZabProcess::OnClosed(zab::ConnectionId connection, sim::Host& host) {
  clients_.erase(connection);
  Step(zab::Closed{connection}, host);
}

void ZabProcess::OnFileDone(zab::OperationId operation, zab::FileError error,
                            const zab::Payload& bytes, const std::vector<std::string>& names,
                            sim::Host& host) {
  Step(zab::FileDone{operation, error, bytes, names}, host);
}

void ZabProcess::OnTask(sim::TaskKind kind, uint64_t number, sim::Host& host) {
  Step(zab::Resume{{static_cast<zab::TaskName>(kind), number}}, host);
}

void ZabProcess::OnSignal(int signal, sim::Host& host) {
  if (signal == kSnapshotSignal) Step(zab::SnapshotRequested{}, host);
}

sim::ProcessFactory ZabProcessFactory(zab::PeerConfig config, const zab::Chooser& chooser) {
  return [config = std::move(config), chooser](sim::NodeId node, uint64_t incarnation) {
    return std::make_unique<ZabProcess>(config, chooser, node, incarnation);
  };
}

}  // namespace scenario
