// A step of a server: the input, then everything that the peer hands on to itself.
#include "scenarios/runner/explore/server.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"
#include "protocol/base/overloaded.h"
#include "scenarios/runner/model/state_hasher.h"

namespace scenario::explore {
namespace {

using zab::ConnectionId;
using zab::TimerName;

// Time does not pass.  A monotonic time of 0 would mean "never" to some.
constexpr zab::Time kNow{1'000'000'000};
// Client ids follow from the wall clock at the start, and must not come twice.
constexpr int64_t kLife = 1'000'000'000;
// With nobody heard, a leader gives up after some half ticks.
constexpr int kMostHalfTicks = 64;

/// Whether the timer can fire in an explored world; the certificate has the table.
bool IsTracked(TimerName name) {
  switch (name) {
    case TimerName::kNotification:
    case TimerName::kFinalize:
    case TimerName::kConnectRetry:
    case TimerName::kConnectLimit:
    case TimerName::kPhaseLimit: return true;
    case TimerName::kHandshake:
    case TimerName::kRead:
    case TimerName::kTick:
    case TimerName::kFlush: return false;
  }
  return false;
}

bool ChangesDisk(zab::FileKind kind) {
  return kind != zab::FileKind::kList && kind != zab::FileKind::kRead;
}

uint64_t NumberOf(const EndName& name) {
  return uint64_t{static_cast<uint8_t>(name.port)} << 16 | uint64_t{name.other} << 8 | name.slot;
}

/// One step at work.
class Stepper {
 public:
  Stepper(const Setting& setting, zab::ServerId self, Server& server, Outcome& outcome)
      : setting_(setting), self_(self), server_(server), outcome_(outcome) {}

  void Perform(const ServerInput& input, const zab::Payload& bytes);

 private:
  void Restart();
  void Accept(const EndName& from);
  void Fire(TimerName name);
  void LoseQuorum();
  void Request(bool is_write, uint32_t number);
  void Disk(bool fails);
  void Crash(bool power, uint32_t done);
  void Die();

  /// Gives the peer the input and what comes of it at once.  Returns whether it did anything.
  bool Run(zab::Input input);
  void Do(const zab::Effect& effect);
  void Send(const zab::Send& send);
  void Close(ConnectionId number);
  void OnReply(const zab::ClientReply& reply);
  void Return(ClientEnd& client, TraceEvent event);
  ConnectionId Open(const EndName& end);

  /// Of an open connection; 0 if it is none.
  ConnectionId NumberOfEnd(const EndName& name) const;
  ClientEnd* FindClient(ConnectionId number);
  void Erase(ConnectionId number);
  uint8_t FreeSlot(zab::Port port, uint8_t other) const;

  void Tell(NodeId node, TraceEvent event, std::optional<zab::Operation> request = std::nullopt);
  void Tell(TraceEvent event) { Tell(NodeId{self_.value}, event); }
  NodeId NodeOf(const ClientEnd& client) const {
    return ClientOf(setting_.configs.size(), client.request);
  }

  const Setting& setting_;
  zab::ServerId self_;
  Server& server_;
  Outcome& outcome_;
  std::deque<zab::Input> inputs_;
};

void Stepper::Perform(const ServerInput& input, const zab::Payload& bytes) {
  const ConnectionId number = NumberOfEnd(input.end);
  switch (input.kind) {
    case InputKind::kRestart: return Restart();
    case InputKind::kAccepted: return Accept(input.end);
    case InputKind::kConnected: Run(zab::Connected{number}); return;
    case InputKind::kRefused:
      Erase(number);
      Run(zab::ConnectFailed{number});
      return;
    case InputKind::kReceived: Run(zab::Received{number, bytes}); return;
    case InputKind::kClosed:
      Erase(number);
      Run(zab::Closed{number});
      return;
    case InputKind::kTimer: return Fire(static_cast<TimerName>(input.number));
    case InputKind::kDisk: return Disk(/*fails=*/false);
    case InputKind::kDiskError: return Disk(/*fails=*/true);
    case InputKind::kWrite: return Request(/*is_write=*/true, input.number);
    case InputKind::kRead: return Request(/*is_write=*/false, input.number);
    case InputKind::kSnapshot: Run(zab::SnapshotRequested{}); return;
    case InputKind::kQuorumLost: return LoseQuorum();
    case InputKind::kKill: return Crash(/*power=*/false, input.number);
    case InputKind::kPowerLoss: return Crash(/*power=*/true, input.number);
  }
}

// ---- Inputs -------------------------------------------------------------------------------------

void Stepper::Restart() {
  ++server_.lives;
  server_.accepted.clear();
  const zab::PeerConfig& config = setting_.configs[self_.value - size_t{1}];
  server_.peer.emplace(config, zab::Chooser(1, setting_.draws), zab::Entity{self_.value});
  if (server_.lives > 1) Tell({.probe = Probe::kRestarted});
  Run(zab::Started{});
}

void Stepper::Accept(const EndName& from) {
  const ConnectionId number = Open({from.port, from.other, FreeSlot(from.port, from.other)});
  Run(zab::Accepted{number, from.port});
}

void Stepper::Fire(TimerName name) {
  std::erase(server_.timers, zab::TimerId{name, {}});
  Run(zab::TimerFired{{name, {}}});
}

void Stepper::LoseQuorum() {
  for (int i = 0; i < kMostHalfTicks && server_.peer; ++i) {
    if (!std::holds_alternative<zab::Leader>(server_.peer->role())) return;
    Run(zab::TimerFired{{TimerName::kTick, {}}});
  }
}

void Stepper::Request(bool is_write, uint32_t number) {
  const auto node = static_cast<uint8_t>(ClientOf(setting_.configs.size(), number).value);
  const ConnectionId connection = Open({zab::Port::kClient, node, 0});
  Erase(connection);  // A client's end is with the clients.
  outcome_.actions.pop_back();
  server_.clients.push_back({.number = connection, .request = static_cast<uint8_t>(number)});
  Run(zab::ClientConnected{connection, {}});
  ClientEnd* const client = FindClient(connection);
  if (client == nullptr || client->session == 0) return;
  client->outstanding = true;
  const zab::Operation operation = RequestOf(is_write, number);
  Tell(NodeOf(*client),
       {.probe = Probe::kInvoked,
        .peer = self_,
        .client = client->session,
        .number = 1,
        .code = static_cast<int32_t>(operation.type),
        .tree = zab::Hash64Of(operation.path)},
       operation);
  Run(zab::ClientRequest{connection, 1, operation});
}

void Stepper::Disk(bool fails) {
  while (!server_.queue.empty() && server_.peer) {
    const zab::FileOp file = std::move(server_.queue.front());
    server_.queue.pop_front();
    zab::FileDone done{.operation = file.operation};
    const bool changes = ChangesDisk(file.kind);
    if (changes && server_.disk_failed) {
      done.error = zab::FileError::kAborted;
    } else if (std::exchange(fails, false)) {
      if (file.kind == zab::FileKind::kFsync) server_.files.DropUnsynced(file.path);
      done.error = changes ? zab::FileError::kIo : zab::FileError::kUnreadable;
      server_.disk_failed = changes;
      Tell({.probe = Probe::kDiskFailed,
            .kind = file.kind == zab::FileKind::kFsync ? Kind::kFsync
                    : changes                          ? Kind::kWrite
                                                       : Kind::kRead});
    } else {
      sim::FileAnswer answer = sim::Perform(file, server_.files);
      done.error = answer.error;
      done.bytes = std::move(answer.bytes);
      done.names = std::move(answer.names);
    }
    if (Run(std::move(done)) || setting_.disk == Grain::kFine) return;
  }
}

void Stepper::Crash(bool power, uint32_t done) {
  for (uint32_t i = 0; i < done; ++i) {
    if (!server_.disk_failed || !ChangesDisk(server_.queue.front().kind)) {
      sim::Perform(server_.queue.front(), server_.files);
    }
    server_.queue.pop_front();
  }
  if (power) server_.files.LoseUnsynced();
  Tell({.probe = Probe::kCrashed, .kind = power ? Kind::kPower : Kind::kKill});
  Die();
}

void Stepper::Die() {
  for (ClientEnd& client : server_.clients) {
    if (client.outstanding) Return(client, {.kind = Kind::kIndeterminate});
  }
  server_ = {.files = std::move(server_.files), .lives = server_.lives};
  inputs_.clear();
  outcome_.actions.push_back({.kind = NetAction::Kind::kDie});
}

// ---- Effects ------------------------------------------------------------------------------------

bool Stepper::Run(zab::Input input) {
  const size_t told_before = outcome_.story.size();
  bool acted = false;
  inputs_.push_back(std::move(input));
  zab::Effects effects;
  while (!inputs_.empty() && server_.peer) {
    const zab::Input next = std::move(inputs_.front());
    inputs_.pop_front();
    const zab::Instant now{kNow, {server_.lives * kLife}};
    server_.peer->Step(now, next, effects);
    server_.peer->CheckInvariants();
    acted = acted || !effects.empty();
    for (const zab::Effect& effect : effects) {
      if (server_.peer) Do(effect);
    }
    effects.clear();
  }
  return acted || outcome_.story.size() > told_before;
}

void Stepper::Do(const zab::Effect& effect) {
  std::visit(
      zab::Overloaded{
          [&](const zab::SetTimer& e) {
            const auto at = std::ranges::lower_bound(server_.timers, e.timer);
            const bool is_set = at != server_.timers.end() && *at == e.timer;
            if (IsTracked(e.timer.name) && !is_set) server_.timers.insert(at, e.timer);
          },
          [&](const zab::CancelTimer& e) { std::erase(server_.timers, e.timer); },
          [&](const zab::Listen& e) {
            server_.listening |= static_cast<uint8_t>(1U << static_cast<int>(e.port));
          },
          [&](const zab::Unlisten& e) {
            server_.listening &= static_cast<uint8_t>(~(1U << static_cast<int>(e.port)));
          },
          [&](const zab::Connect& e) {
            const auto other = static_cast<uint8_t>(e.server.value);
            const End end{{e.port, other, FreeSlot(e.port, other)}, e.connection};
            const auto at = std::ranges::upper_bound(server_.ends, end.number, {}, &End::number);
            server_.ends.insert(at, end);
            outcome_.actions.push_back({.kind = NetAction::Kind::kConnect, .end = end.name});
          },
          [&](const zab::Send& e) { Send(e); }, [&](const zab::Close& e) { Close(e.connection); },
          [&](const zab::FileOp& e) { server_.queue.push_back(e); },
          [&](const zab::ClientAccepted& e) {
            if (ClientEnd* client = FindClient(e.connection)) client->session = e.client_id;
          },
          [&](const zab::ClientReply& e) { OnReply(e); },
          [&](const zab::Later& e) { inputs_.emplace_back(zab::Resume{e.task}); },
          [&](const zab::Trace& e) {
            Tell(RecordOf(sim::Record{.columns = ColumnsOf(e.event)}).event);
          },
          [&](const zab::Halt& e) {
            Tell({.probe = Probe::kHalted, .reason = e.reason});
            Die();
          }},
      effect);
}

void Stepper::Send(const zab::Send& send) {
  const auto end = std::ranges::find(server_.ends, send.connection, &End::number);
  if (end == server_.ends.end()) return;
  outcome_.actions.push_back(
      {.kind = NetAction::Kind::kSend, .end = end->name, .bytes = send.bytes});
  if (send.wants_done) inputs_.emplace_back(zab::SendDone{send.connection});
}

void Stepper::Close(ConnectionId number) {
  if (ClientEnd* client = FindClient(number)) {
    if (client->outstanding) Return(*client, {.kind = Kind::kIndeterminate});
    std::erase_if(server_.clients, [&](const ClientEnd& c) { return c.number == number; });
    return;
  }
  const auto end = std::ranges::find(server_.ends, number, &End::number);
  if (end == server_.ends.end()) return;
  outcome_.actions.push_back({.kind = NetAction::Kind::kClose, .end = end->name});
  Erase(number);
}

void Stepper::OnReply(const zab::ClientReply& reply) {
  ClientEnd* const client = FindClient(reply.connection);
  if (client == nullptr || !client->outstanding) return;
  Return(*client, {.kind = reply.result.error == zab::Error::kOk ? Kind::kOk : Kind::kError,
                   .zxid = reply.zxid,
                   .code = static_cast<int32_t>(reply.result.error),
                   .txn = AnswerOf(reply.result).Digest()});
}

void Stepper::Return(ClientEnd& client, TraceEvent event) {
  client.outstanding = false;
  event.probe = Probe::kReturned;
  event.peer = self_;
  event.client = client.session;
  event.number = 1;
  Tell(NodeOf(client), event);
}

// ---- Connections --------------------------------------------------------------------------------

// Connections of different servers have numbers whose order does not depend on who came first,
// those of one server in the order in which they came.
ConnectionId Stepper::Open(const EndName& end) {
  const size_t index = size_t{end.other} * 3 + static_cast<size_t>(end.port);
  if (server_.accepted.size() <= index) server_.accepted.resize(index + 1);
  const uint64_t nth = server_.accepted[index]++;
  const ConnectionId number{ConnectionId::kFirstAccepted + (uint64_t{index} << 32) + nth};
  const auto at = std::ranges::upper_bound(server_.ends, number, {}, &End::number);
  server_.ends.insert(at, {end, number});
  outcome_.actions.push_back({.kind = NetAction::Kind::kAccept, .end = end});
  return number;
}

ConnectionId Stepper::NumberOfEnd(const EndName& name) const {
  const auto end = std::ranges::find(server_.ends, name, &End::name);
  return end == server_.ends.end() ? ConnectionId{} : end->number;
}

ClientEnd* Stepper::FindClient(ConnectionId number) {
  const auto client = std::ranges::find(server_.clients, number, &ClientEnd::number);
  return client == server_.clients.end() ? nullptr : &*client;
}

void Stepper::Erase(ConnectionId number) {
  std::erase_if(server_.ends, [&](const End& end) { return end.number == number; });
  std::erase_if(server_.timers,
                [&](const zab::TimerId& timer) { return timer.connection == number; });
}

uint8_t Stepper::FreeSlot(zab::Port port, uint8_t other) const {
  uint8_t slot = 0;
  while (std::ranges::find(server_.ends, EndName{port, other, slot}, &End::name) !=
         server_.ends.end()) {
    ++slot;
  }
  return slot;
}

// ---- What is told -------------------------------------------------------------------------------

void Stepper::Tell(NodeId node, TraceEvent event, std::optional<zab::Operation> request) {
  const bool of_server = node.value <= setting_.configs.size();
  if (of_server && !setting_.is_heard(event)) return;
  event.connection = 0;
  Told told{.record = {.time = kNow, .node = node, .event = event}, .request = std::move(request)};
  if (of_server && setting_.looks_at_disk(event.probe)) {
    told.disk = std::make_shared<const sim::FileStore>(server_.files);
  }
  outcome_.story.push_back(std::move(told));
}

/// Whether the states of the servers differ by this field of the core.
bool Differs(absl::string_view name) {
  // The same in all lives of the server; the draws (MildestDraws); the time, which stands still;
  // and the counters of ids, which only tell new ones from old ones.  Tasks are over between two
  // steps.
  return name != "config" && name != "chooser" && name != "entity" && name != "ids" &&
         name != "now" && name != "own_notifications" && name != "role_serial";
}

}  // namespace

bool Server::HasTimer(TimerName name) const {
  return std::ranges::find(timers, name, &zab::TimerId::name) != timers.end();
}

zab::Hash128 HashOf(const Server& server, absl::string_view without) {
  StateHasher::Names names;
  for (const End& end : server.ends) names.connections.emplace_back(end.number, NumberOf(end.name));
  for (const ClientEnd& client : server.clients) {
    names.connections.emplace_back(client.number,
                                   NumberOf({zab::Port::kClient, client.request, 0}));
  }
  std::ranges::sort(names.connections);
  if (server.peer) names.last_operation = {server.peer->core().ids.operation};
  if (!server.queue.empty()) names.first_pending = server.queue.front().operation;
  StateHasher hasher(std::move(names));
  hasher.AddNumber(server.peer.has_value() ? 1 : 0);
  if (server.peer) {
    server.peer->core().Fields([&](absl::string_view name, const auto& field) {
      if (Differs(name) && name != without) hasher.Add(field);
    });
    hasher.Add(server.peer->role());
  }
  // A member that is not named here does not compile.
  const auto& [peer, files, queue, disk_failed, timers, listening, lives, ends, clients, accepted] =
      server;
  hasher.Add(files);
  hasher.AddNumber(queue.size());
  for (const auto& [operation, kind, path, to, offset, bytes] : queue) {
    hasher.Add(operation);
    hasher.Add(kind);
    hasher.Add(path);
    hasher.Add(to);
    hasher.Add(offset);
    hasher.Add(bytes);
  }
  hasher.Add(disk_failed);
  for (const auto& [name, connection] : timers) {
    hasher.Add(name);
    hasher.Add(connection);
  }
  hasher.Add(listening);
  hasher.Add(lives);
  hasher.AddNumber(ends.size());
  for (const End& end : ends) hasher.AddNumber(NumberOf(end.name));
  hasher.AddNumber(clients.size());
  for (const ClientEnd& client : clients) {
    hasher.Add(client.request);
    hasher.Add(client.session);
    hasher.Add(client.outstanding);
  }
  return hasher.Hash();
}

zab::Operation RequestOf(bool is_write, uint32_t number) {
  if (!is_write) return {.type = zab::OpType::kGetData, .path = "/w1"};
  return {.type = zab::OpType::kCreate, .path = absl::StrCat("/w", number + 1), .data = "x"};
}

Outcome Step(const Setting& setting, zab::ServerId self, const ServerInput& input,
             const zab::Payload& bytes, Server& server) {
  Outcome outcome;
  Stepper(setting, self, server, outcome).Perform(input, bytes);
  return outcome;
}

}  // namespace scenario::explore
