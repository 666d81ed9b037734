// Inputs of processes, and the services of Host.
#include <algorithm>
#include <utility>
#include <variant>

#include "protocol/base/check.h"
#include "protocol/base/overloaded.h"
#include "sim/world.h"

namespace sim {
namespace {

constexpr zab::Stream kHandOver("machine/hand-over");
constexpr zab::Stream kWork("machine/work");

using zab::Overloaded;

// Calls the handler of the input.
void Call(const Input& input, Process& process, Host& host) {
  std::visit(
      Overloaded{
          [&](const input::Start&) { process.Start(host); },
          [&](const input::TimerFired& i) { process.OnTimer(i.key, host); },
          [&](const input::Accepted& i) { process.OnAccepted(i.connection, i.port, i.from, host); },
          [&](const input::Connected& i) { process.OnConnected(i.connection, host); },
          [&](const input::ConnectFailed& i) { process.OnConnectFailed(i.connection, host); },
          [&](const input::Received& i) { process.OnReceived(i.connection, i.bytes, host); },
          [&](const input::SendDone& i) { process.OnSendDone(i.connection, host); },
          [&](const input::Closed& i) { process.OnClosed(i.connection, host); },
          [&](const input::FileDone& i) {
            process.OnFileDone(i.operation, i.error, i.bytes, i.names, host);
          },
          [&](const input::Task& i) { process.OnTask(i.kind, i.number, host); },
          [&](const input::Worked&) { process.OnWorked(host); },
          [&](const input::Signal& i) { process.OnSignal(i.signal, host); }},
      input);
}

}  // namespace

bool World::IsAlive(NodeId node, uint64_t incarnation) const {
  const Node& n = NodeAt(node);
  return n.process && n.incarnation == incarnation;
}

// Delivers now, or after earlier inputs once the process is no longer paused or at work.
void World::Deliver(Delivery delivery) {
  Node& node = NodeAt(delivery.node);
  if (node.paused || node.working || !node.held.empty()) {
    node.held.PushBack(std::move(delivery.input), delivery.cause, kernel_.now);
    return;
  }
  kernel_.causes = {.inherited = delivery.cause};
  Feed(delivery.node, delivery.input);
}

bool World::On(const event::Drain& drain, const Popped& /*popped*/) {
  Node& node = NodeAt(drain.node);
  const bool waits = node.paused || node.working;
  if (waits || node.held.empty() || drain.incarnation != node.incarnation) return false;
  const HeldInputs::Held held = node.held.PopFront(kernel_.now);
  if (!node.held.empty()) {
    kernel_.queue.Push(kernel_.now, Event{event::Drain{drain.node, drain.incarnation}});
  }
  kernel_.causes = {.inherited = held.cause};
  Feed(drain.node, held.input);
  return true;
}

bool World::On(const event::Worked& worked, const Popped& /*popped*/) {
  if (!IsAlive(worked.node, worked.incarnation)) return false;
  EndWork(worked.node, input::Worked{});
  return true;
}

// The work that ends with this input, which comes before all that wait, is done.
void World::EndWork(NodeId id, Input input) {
  Node& node = NodeAt(id);
  const uint64_t incarnation = node.incarnation;
  node.working = false;
  if (node.paused) {
    node.held.PushFront(std::move(input), kernel_.causes.inherited, kernel_.now);
    return;
  }
  Feed(id, input);
  if (!IsAlive(id, incarnation) || node.held.empty()) return;
  kernel_.queue.Push(kernel_.now, Event{event::Drain{id, incarnation}});
}

void World::Feed(NodeId node, const Input& input) {
  if (!IsStillValid(node, input) || !NotifyInput(node, input)) return;
  const Node& n = NodeAt(node);
  Host host(*this, node, n.incarnation);
  current_node_ = node;
  current_process_ = n.process.get();
  Call(input, *n.process, host);
  current_node_ = {};
  current_process_ = nullptr;
  dying_ = {};
  if (host.alive() && !host.working()) NotifyMoment({.node = node, .kind = MomentKind::kStepEnd});
}

bool World::NotifyMoment(const Moment& moment) {
  if (!moment_watcher_) return true;
  const uint64_t incarnation = NodeAt(moment.node).incarnation;
  observers_[moment_watcher_->value]->OnMoment(*this, moment);
  return IsAlive(moment.node, incarnation);
}

bool World::NotifyInput(NodeId node, const Input& input) {
  if (std::holds_alternative<input::FileDone>(input)) {
    return NotifyMoment({.node = node, .kind = MomentKind::kFileTold});
  }
  if (std::holds_alternative<input::Received>(input)) {
    return NotifyMoment({.node = node, .kind = MomentKind::kDelivered});
  }
  if (std::holds_alternative<input::TimerFired>(input)) {
    return NotifyMoment({.node = node, .kind = MomentKind::kTimer});
  }
  return true;
}

// Whether the input is still valid: the process may have set the timer again or closed the
// connection since.  The end of a connection is delivered only once.
bool World::IsStillValid(NodeId node, const Input& input) {
  const auto knows = [&](zab::ConnectionId connection) { return network_.Knows(node, connection); };
  const auto ends = [&](zab::ConnectionId connection) {
    if (!knows(connection)) return false;
    network_.Forget(node, connection);
    return true;
  };
  return std::visit(
      Overloaded{
          [&](const input::TimerFired& i) { return NodeAt(node).timers.Take(i.key, i.seq); },
          [&](const input::Connected& i) { return knows(i.connection); },
          [&](const input::Received& i) { return knows(i.connection); },
          [&](const input::SendDone& i) { return knows(i.connection); },
          [&](const input::ConnectFailed& i) { return ends(i.connection); },
          [&](const input::Closed& i) { return ends(i.connection); },
          [](const input::Start&) { return true; }, [](const input::Accepted&) { return true; },
          [](const input::FileDone&) { return true; }, [](const input::Task&) { return true; },
          [](const input::Worked&) { return true; }, [](const input::Signal&) { return true; }},
      input);
}

// ---- Host ---------------------------------------------------------------------------------------

zab::Instant Host::now() const {
  return world_.NodeAt(node_).clock.At(world_.kernel_.now);
}

bool Host::alive() const {
  return world_.IsAlive(node_, incarnation_);
}

void Host::SetTimer(TimerKey key, zab::Duration after) {
  if (!alive()) return;
  World::Node& node = world_.NodeAt(node_);
  Kernel& kernel = world_.kernel_;
  node.timers.Set(node_, key, node.clock.Span(after, kernel.now), kernel);
}

void Host::CancelTimer(TimerKey key) {
  if (alive()) world_.NodeAt(node_).timers.Cancel(key);
}

void Host::Listen(PortNumber port) {
  if (alive()) world_.network_.Listen(node_, port);
}

void Host::Unlisten(PortNumber port) {
  if (alive()) world_.network_.Unlisten(node_, port);
}

void Host::Connect(zab::ConnectionId connection, NodeId to, PortNumber port) {
  if (alive()) world_.network_.Connect(node_, connection, to, port, world_.kernel_);
}

void Host::Send(zab::ConnectionId connection, zab::Payload bytes, bool wants_done, Tag tag) {
  if (!alive()) return;
  if (!world_.NotifyMoment({.node = node_, .kind = MomentKind::kSent, .tag = tag})) return;
  world_.network_.Send(node_, connection, std::move(bytes), wants_done, tag, world_.kernel_);
}

void Host::Close(zab::ConnectionId connection) {
  if (alive()) world_.network_.Close(node_, connection, world_.kernel_);
}

void Host::Submit(const zab::FileOp& file) {
  if (!alive()) return;
  const Moment moment{node_, MomentKind::kFileIssued, file.kind, file.path};
  if (world_.NotifyMoment(moment)) world_.NodeAt(node_).disk.Submit(file, world_.kernel_);
}

void Host::HandOver(TaskKind kind, uint64_t number) {
  if (!alive()) return;
  ZAB_CHECK(kind < kTaskKindCount) << "no kind of task " << int{kind};
  World::Node& node = world_.NodeAt(node_);
  Kernel& kernel = world_.kernel_;
  // An entity for each kind, so that a longer queue of one does not shift the draws of another.
  const zab::Entity entity{uint64_t{node_.value} * kTaskKindCount + kind};
  const zab::Duration after = node.machine.hand_over[kind].Next(kHandOver, entity, kernel.chooser);
  zab::Time& last = node.tasks[kind];
  last = std::max(last, kernel.now + after);
  kernel.Schedule(last, event::Task{node_, kind, number, incarnation_});
}

zab::Duration Host::CostOf(WorkNumber work) {
  if (!alive()) return {};
  ZAB_CHECK(work < kWorkCount) << "no work " << int{work};
  const zab::Entity entity{uint64_t{node_.value} * kWorkCount + work};
  return world_.NodeAt(node_).machine.work[work].Next(kWork, entity, world_.kernel_.chooser);
}

void Host::Work(zab::Duration time) {
  if (!alive()) return;
  ZAB_CHECK(time > zab::Duration{} && !working()) << "work within work, or none";
  world_.NodeAt(node_).working = true;
  world_.kernel_.Schedule(world_.kernel_.now + time, event::Worked{node_, incarnation_});
}

bool Host::working() const {
  return alive() && world_.NodeAt(node_).working;
}

void Host::Emit(const Columns& columns) {
  if (alive()) world_.Emit(node_, columns);
}

void Host::Halt(ReasonNumber reason) {
  if (!alive()) return;
  Columns columns = world_.ColumnsOf(WorldProbe::kHalted);
  columns.reason = reason;
  world_.Note(node_, columns);
  world_.EndLife(node_, /*power=*/false, InFlight::Keep());
  world_.ShowUnseen();
}

}  // namespace sim
