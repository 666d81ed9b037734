// Dispatches records and alarms.  Events are indexed by probe, so a record costs only those that
// wait for its probe.
#include "scenarios/runner/engine/engine.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "scenarios/runner/invariants/checker.h"
#include "scenarios/runner/matching/trigger.h"
#include "scenarios/runner/workload/client_process.h"

namespace scenario {
namespace {

// A token of OnAlarm: kind in the top byte, index in the next two, number in the rest.
constexpr int kKindShift = 56;
constexpr int kIndexShift = 40;
constexpr uint64_t kIndexMask = 0xffff;
constexpr uint64_t kNumberMask = (uint64_t{1} << kIndexShift) - 1;
// The number of a nemesis alarm: Alarm::number, then the step in the low bits.
constexpr int kStepBits = 2;

// A token of OnAfterStep: the event, and the node of the record that triggered it; or
// kBeginDeadlines.
constexpr int kNodeBits = 16;

size_t At(Probe probe) {
  return static_cast<size_t>(probe);
}

/// Most records, of which nothing follows by itself.
bool IsTraffic(Probe probe) {
  return probe == Probe::kMsgSent || probe == Probe::kMsgDelivered;
}

}  // namespace

Engine::Engine(EngineSetup setup)
    : setup_(std::move(setup)),
      facts_(scenario()),
      deadlines_(scenario(), setup_.liveness_client),
      lesson_(scenario()) {
  requests_.resize(scenario().workload.size());
  for (size_t i = 0; i < scenario().events.size(); ++i) {
    first_action_.push_back(actions_.size());
    actions_.resize(actions_.size() + scenario().events[i].actions.size());
    const auto* when = std::get_if<WhenProbe>(&scenario().events[i].trigger);
    if (when != nullptr) triggers_[At(when->filter.on)].push_back(EventIndex{i});
  }
  for (size_t i = 0; i < scenario().nemesis.size(); ++i) nemeses_.emplace_back(i);
  const size_t count = scenario().expect.sometimes.size() + scenario().expect.never.size();
  seen_.resize(count);
  for (ReachabilityIndex i = 0; i < count; ++i) {
    const auto* filter = std::get_if<ProbeFilter>(&ReachabilityAt(i).what);
    if (filter != nullptr) reachabilities_[At(filter->on)].push_back(i);
  }
  reads_traffic_ = WaitsForTraffic();
}

bool Engine::WaitsForTraffic() const {
  const auto waits = [](const auto& deadline) {
    const auto* filter = std::get_if<ProbeFilter>(&deadline.until);
    return filter != nullptr && IsTraffic(filter->on);
  };
  for (const Probe probe : {Probe::kMsgSent, Probe::kMsgDelivered}) {
    if (!triggers_[At(probe)].empty() || !reachabilities_[At(probe)].empty()) return true;
  }
  return scenario().lesson || std::ranges::any_of(scenario().expect.deadlines, waits);
}

void Engine::Begin(sim::World& world, sim::ObserverId self) {
  self_ = self;
  for (size_t i = 0; i < scenario().events.size(); ++i) {
    const auto* at = std::get_if<AtTime>(&scenario().events[i].trigger);
    if (at != nullptr) SetAlarm(world, at->at, AlarmKind::kEvent, i, 1);
  }
  for (size_t i = 0; i < nemeses_.size(); ++i) {
    SetAlarms(world, i, {nemeses_[i].Begin(ContextIn(world), world)});
  }
  for (const auto& [server, clock] : scenario().clocks) {
    for (size_t i = 0; i < clock.steps.size(); ++i) {
      SetAlarm(world, clock.steps[i].at, AlarmKind::kClock, server.value, i);
    }
  }
  if (scenario().end.quiet) SetAlarm(world, scenario().end.quiet->at, AlarmKind::kQuiet, 0);
}

Context Engine::ContextIn(sim::World& world, std::optional<NodeId> self) const {
  const Ghost* ghost = nullptr;
  if (setup_.checker) {
    ghost = &static_cast<const Checker&>(world.observer(*setup_.checker)).ghost();
  }
  return {.scenario = scenario(), .facts = facts_, .histories = HistoryView(ghost), .self = self};
}

zab::Time Engine::EndOfRun() const {
  const End& end = scenario().end;
  const std::optional<zab::Time> met = deadlines_.AllMet();
  return end.settle && met ? std::min(end.at, *met + *end.settle) : end.at;
}

// ---- Alarms -------------------------------------------------------------------------------------

void Engine::SetAlarm(sim::World& world, zab::Time at, AlarmKind kind, size_t index,
                      uint64_t number) const {
  world.At(self_, at,
           (uint64_t{static_cast<uint8_t>(kind)} << kKindShift) | (uint64_t{index} << kIndexShift) |
               number);
}

void Engine::SetAlarms(sim::World& world, size_t nemesis,
                       const std::vector<NemesisRunner::Alarm>& alarms) const {
  for (const NemesisRunner::Alarm& alarm : alarms) {
    SetAlarm(world, alarm.at, AlarmKind::kNemesis, nemesis,
             (alarm.number << kStepBits) | static_cast<uint64_t>(alarm.step));
  }
}

void Engine::OnAlarm(sim::World& world, uint64_t token) {
  const size_t index = (token >> kIndexShift) & kIndexMask;
  const uint64_t number = token & kNumberMask;
  switch (static_cast<AlarmKind>(token >> kKindShift)) {
    case AlarmKind::kEvent: return OnTime(world, EventIndex{index}, number);
    case AlarmKind::kQuiet: return Quiet(world);
    case AlarmKind::kDeadline: return deadlines_.OnAlarm(index);
    case AlarmKind::kClock: {
      const zab::ServerId server{static_cast<uint16_t>(index)};
      world.StepClock(NodeOf(server), scenario().clocks.at(server).steps[number].by);
      return;
    }
    case AlarmKind::kNemesis: break;
  }
  const auto step = static_cast<NemesisRunner::Step>(number & ((1U << kStepBits) - 1));
  SetAlarms(world, index,
            nemeses_[index].OnAlarm(step, number >> kStepBits, ContextIn(world), world, faults_));
}

void Engine::OnTime(sim::World& world, EventIndex index, uint64_t round) {
  const Event& event = scenario().events[index.value];
  EventState& state = facts_.events[index.value];
  const auto* at = std::get_if<AtTime>(&event.trigger);
  if (at != nullptr && at->repeat && round < at->repeat->times) {
    SetAlarm(world, world.now() + at->repeat->every, AlarmKind::kEvent, index.value, round + 1);
  }
  if (at == nullptr && state.triggered >= event.max) return;
  ++state.triggered;
  Fire(world, index, std::nullopt);
}

// ---- Records ------------------------------------------------------------------------------------

void Engine::OnTrace(sim::World& world, const sim::Record& traced) {
  const auto probe = static_cast<Probe>(traced.columns.probe);
  ++probes_[At(probe)];
  if (IsTraffic(probe) && !reads_traffic_) return;
  const Record record = RecordOf(traced);
  CollectFacts(world, record, ContextIn(world));
  // A leader that crashes is still the leader in selectors that this record triggers.
  const bool ends_role = ClusterState::EndsRole(probe);
  if (!ends_role) facts_.cluster.OnRecord(record);
  const Context context = ContextIn(world, record.node);
  for (const ReachabilityIndex index : reachabilities_[At(probe)]) {
    if (seen_[index]) continue;
    seen_[index] = Matches(std::get<ProbeFilter>(ReachabilityAt(index).what), record, context);
  }
  leader_clients_.OnRecord(record, facts_.cluster);
  deadlines_.OnProbe(record, context);
  lesson_.OnTrace(record, context);
  Trigger(world, record, context);
  if (ends_role) facts_.cluster.OnRecord(record);
  deadlines_.OnState(record, context);
  if (ends_role || probe == Probe::kElected || probe == Probe::kEstablished) {
    SignalLeader(world);
  }
}

void Engine::Trigger(sim::World& world, const Record& record, const Context& context) {
  for (const EventIndex index : triggers_[At(record.event.probe)]) {
    const Event& event = scenario().events[index.value];
    EventState& state = facts_.events[index.value];
    const auto& when = std::get<WhenProbe>(event.trigger);
    if (state.triggered >= event.max || !Matches(when.filter, record, context)) continue;
    if (!Holds(when.condition, context) || ++state.matches < when.nth) continue;
    ++state.triggered;
    for (const VariableIndex variable : when.bind) {
      facts_.variables[variable.value] =
          ColumnOf(scenario().variables[variable.value].column, record, facts_);
    }
    if (when.edge == Edge::kBefore) {
      Fire(world, index, record.node);
    } else {
      world.AfterStep(self_, (uint64_t{index.value} << kNodeBits) | record.node.value);
    }
  }
}

void Engine::OnAfterStep(sim::World& world, uint64_t token) {
  if (token == kBeginDeadlines) return BeginDeadlines(world);
  const NodeId self{static_cast<uint16_t>(token)};
  Fire(world, EventIndex{token >> kNodeBits}, self);
}

// ---- Reachability -------------------------------------------------------------------------------

const Reachability& Engine::ReachabilityAt(ReachabilityIndex index) const {
  const std::vector<Reachability>& sometimes = scenario().expect.sometimes;
  if (index < sometimes.size()) return sometimes[index];
  return scenario().expect.never[index - sometimes.size()];
}

bool Engine::Seen(const Reachability& reachability, ReachabilityIndex index) const {
  const auto* event = std::get_if<EventIndex>(&reachability.what);
  return event != nullptr ? facts_.events[event->value].fired > 0 : seen_[index];
}

std::vector<bool> Engine::Sometimes() const {
  std::vector<bool> seen(scenario().expect.sometimes.size());
  for (ReachabilityIndex i = 0; i < seen.size(); ++i) seen[i] = Seen(ReachabilityAt(i), i);
  return seen;
}

std::vector<bool> Engine::Never() const {
  std::vector<bool> seen;
  const auto first = static_cast<ReachabilityIndex>(scenario().expect.sometimes.size());
  for (ReachabilityIndex i = first; i < seen_.size(); ++i)
    seen.push_back(Seen(ReachabilityAt(i), i));
  return seen;
}

}  // namespace scenario
