// The engine's effects on the world: firing events, and the quiet phase.
#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "protocol/boundary/quorum.h"
#include "scenarios/runner/engine/engine.h"
#include "scenarios/runner/faults/atlas.h"
#include "scenarios/runner/workload/client_process.h"

namespace scenario {
namespace {

/// A record of an action: number is the event, code the position in its `do`.  A kNote of kind
/// kNone is a note; of kind kError, an action without effect.
TraceEvent NoteOf(EventIndex index, size_t action, Kind kind) {
  return {.probe = Probe::kNote,
          .kind = kind,
          .number = static_cast<int64_t>(index.value),
          .code = static_cast<int32_t>(action)};
}

}  // namespace

// ---- Events -------------------------------------------------------------------------------------

void Engine::Fire(sim::World& world, EventIndex index, std::optional<NodeId> self) {
  EventState& state = facts_.events[index.value];
  if (state.fired++ == 0) state.first_fired = world.now();
  state.targets.clear();
  world.Emit(NodeId{}, ColumnsOf({.probe = Probe::kFired,
                                  .peer = zab::ServerId{self.value_or(NodeId{}).value},
                                  .number = static_cast<int64_t>(index.value)}));
  if (state.fired == 1) StartDeadlines(world, index);
  const Event& event = scenario().events[index.value];
  for (size_t i = 0; i < event.actions.size() && !world.guard().stopped(); ++i) {
    world.guard().CountAction(world.now());
    PerformAction(world, index, i, self);
  }
  for (size_t i = 0; i < scenario().events.size(); ++i) {
    const auto* after = std::get_if<AfterEvent>(&scenario().events[i].trigger);
    if (after == nullptr || after->event != index) continue;
    SetAlarm(world, world.now() + after->delay, AlarmKind::kEvent, i, 1);
  }
  lesson_.OnFired(index, world.trace().count(), scenario());
}

void Engine::PerformAction(sim::World& world, EventIndex index, size_t action,
                           std::optional<NodeId> self) {
  const Action& what = scenario().events[index.value].actions[action];
  if (std::holds_alternative<Note>(what)) {
    return world.Emit(NodeId{}, ColumnsOf(NoteOf(index, action, Kind::kNone)));
  }
  ActionEffect effect{.why = "it comes after quiet, which nothing may disturb"};
  const size_t armed = world.armed_faults().count();
  if (!IsSuppressed(what)) {
    effect = Perform(what, ContextIn(world, self), zab::Entity{index.value}, world);
  }
  const size_t position = first_action_[index.value] + action;
  actions_[position].Add(
      {.performed = 1, .effective = effect.effective ? 1u : 0u, .why = effect.why});
  const std::optional<FaultKind> fault = FaultOf(what);
  if (fault) faults_.Count(*fault, effect.effective, armed, world, position);
  EventState& state = facts_.events[index.value];
  for (const NodeId node : effect.targets) {
    if (std::ranges::find(state.targets, node) == state.targets.end()) {
      state.targets.push_back(node);
    }
  }
  state.cuts.insert(state.cuts.end(), effect.cuts.begin(), effect.cuts.end());
  if (!effect.effective) world.Emit(NodeId{}, ColumnsOf(NoteOf(index, action, Kind::kError)));
}

void Engine::SettleArmedFaults(const sim::World& world) {
  for (const ArmedTogether& together : std::exchange(faults_.armed, {})) {
    bool struck = false;
    for (size_t i = together.first; i < together.end; ++i) {
      struck = struck || world.armed_faults().HasStruck({i});
    }
    if (struck) continue;
    faults_.tally.TakeBack(together.kind);
    if (together.action) actions_[*together.action].TakeBack("what it waits for never came");
  }
}

bool Engine::IsSuppressed(const Action& action) const {
  // Deadlines rely on the quiet phase, so no action disturbs it, and servers that stay down are not
  // restarted.
  return quiet_ && !std::holds_alternative<ForceSnapshot>(action);
}

// ---- Quiet --------------------------------------------------------------------------------------

void Engine::Quiet(sim::World& world) {
  quiet_ = true;
  for (NemesisRunner& nemesis : nemeses_) nemesis.Stop();
  StopLoops(world);
  world.HealAll();
  world.ReleaseAll();
  RestorePhysics(world);
  SettleServers(world);
  world.Emit(NodeId{}, ColumnsOf({.probe = Probe::kQuiet}));
  StartDeadlines(world, std::nullopt);
}

void Engine::QuietNow(sim::World& world) {
  Quiet(world);
  world.Signal(*setup_.liveness_client, kLivenessSignal);
}

void Engine::RestorePhysics(sim::World& world) {
  for (const NodeId from : world.nodes()) {
    for (const NodeId to : world.nodes()) {
      if (from != to) world.SetLink({from, to}, scenario().LinkOf(from, to));
    }
  }
  for (const zab::ServerId sid : scenario().ServerIds()) {
    const NodeId node = NodeOf(sid);
    world.SetDisk(node, scenario().DiskOf(sid));
    world.SetDrift(node, scenario().DriftOf(sid));
    world.ForgetIoFaults(node);
  }
}

void Engine::SettleServers(sim::World& world) {
  for (const zab::ServerId sid : scenario().ServerIds()) {
    const NodeId node = NodeOf(sid);
    if (std::ranges::find(setup_.healed, node) == setup_.healed.end()) {
      if (world.running(node)) world.Crash(node, sim::CrashKind::kPower);
    } else {
      world.Resume(node);
      world.Restart(node);
    }
  }
}

std::string Engine::WhyItMayStop(sim::World& world) const {
  if (scenario().disk.atlas) return "";
  const std::vector<zab::ServerId> unusable = UnusableCopies(ContextIn(world), world);
  if (unusable.empty() || setup_.healed.empty()) return "";
  size_t sound = 0;
  for (const NodeId node : setup_.healed) {
    if (std::ranges::find(unusable, SidOf(node)) == unusable.end()) ++sound;
  }
  if (zab::IsMajority(sound, scenario().ServerCount())) return "";
  const auto name = [&](std::string* out, zab::ServerId server) {
    out->append(scenario().NameOf(server));
  };
  return absl::StrCat("no quorum can elect: the copies of ", absl::StrJoin(unusable, ", ", name),
                      " are corrupted");
}

void Engine::StopLoops(sim::World& world) {
  if (std::exchange(loops_stopped_, true)) return;
  for (size_t i = 0; i < scenario().clients.size(); ++i) {
    const Block& block = scenario().workload[scenario().clients[i].block];
    if (!std::holds_alternative<Closed>(block.kind)) continue;
    world.Signal(scenario().NodeOf(ClientIndex{i}), kStopSignal);
  }
}

void Engine::StartDeadlines(sim::World& world, std::optional<EventIndex> from) {
  if (deadlines_.Start(from, world.now(), ContextIn(world))) {
    world.AfterStep(self_, kBeginDeadlines);
  }
}

void Engine::BeginDeadlines(sim::World& world) {
  for (const Deadlines::Alarm& alarm : deadlines_.Begin(world.now(), ContextIn(world))) {
    SetAlarm(world, alarm.at, AlarmKind::kDeadline, alarm.index);
  }
}

}  // namespace scenario
