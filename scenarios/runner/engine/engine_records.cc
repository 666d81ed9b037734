// The facts that the engine collects from records.
#include <utility>
#include <variant>

#include "protocol/wire/operation.h"
#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/engine/engine.h"
#include "scenarios/runner/workload/client_process.h"

namespace scenario {

void Engine::CollectFacts(sim::World& world, const Record& record, const Context& context) {
  const TraceEvent& event = record.event;
  if (event.probe == Probe::kCommitted) return CountCommit(world);
  if (event.probe == Probe::kInvoked) return RememberRequest(world, record);
  if (event.probe == Probe::kReturned) return OnReturned(record, context);
  if (event.probe == Probe::kSyncDecided) {
    facts_.last_sync[event.peer.value - size_t{1}] = event.kind;
    return;
  }
  if (event.probe == Probe::kRecovered) {
    if (event.kind == Kind::kDamaged) facts_.damaged.insert(SidOf(record.node));
    if (event.kind != Kind::kDamaged) facts_.damaged.erase(SidOf(record.node));
    return;
  }
  // Until it has recovered, it is unknown what it could still read.
  if (event.probe == Probe::kDiskFailed && event.kind == Kind::kRead) {
    facts_.damaged.insert(SidOf(record.node));
  }
  if (event.probe == Probe::kNewLeaderAcked) facts_.damaged.erase(SidOf(record.node));
  if (event.probe != Probe::kEstablished) return;
  for (EventState& event_state : facts_.events) {
    const bool first = event_state.fired > 0 && !event_state.leader_after;
    if (first) event_state.leader_after = SidOf(record.node);
  }
}

void Engine::OnReturned(const Record& record, const Context& context) {
  const bool is_write = pending_writes_.erase({record.event.client, record.event.number}) > 0;
  if (!is_write || record.event.kind != Kind::kOk) return;
  deadlines_.OnWrite(record, context);
}

void Engine::RememberRequest(sim::World& world, const Record& record) {
  const auto& client = static_cast<const ClientProcess&>(*world.process(record.node));
  const Job& job = *client.last_sent();
  const std::pair key{record.event.client, record.event.number};
  if (job.script) facts_.requests[key] = *job.script;
  if (zab::IsWrite(job.operation.type)) pending_writes_.insert(key);
  if (record.node == setup_.liveness_client) return;
  const size_t number = record.node.value - scenario().ServerCount() - 1;
  ++requests_[scenario().clients[number].block];
}

void Engine::CountCommit(sim::World& world) {
  ++committed_;
  const std::optional<uint64_t>& txns = scenario().end.txns;
  if (txns && committed_ >= *txns) StopLoops(world);
}

void Engine::SignalLeader(sim::World& world) {
  const std::optional<zab::ServerId> leader = facts_.cluster.Leader();
  if (leader == signalled_leader_) return;
  signalled_leader_ = leader;
  const int signal = kNoLeaderSignal + (leader ? leader->value : 0);
  for (size_t i = 0; i < scenario().clients.size(); ++i) {
    if (!std::holds_alternative<TheLeader>(AttachmentOf(scenario(), ClientIndex{i}))) continue;
    world.Signal(scenario().NodeOf(ClientIndex{i}), signal);
  }
}

}  // namespace scenario
