// One overload of Do per action.  Effects come in the order of the nodes that the selectors return.
#include "scenarios/runner/faults/actions.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "protocol/base/overloaded.h"
#include "scenarios/runner/cluster/zab_process.h"
#include "scenarios/runner/faults/atlas.h"
#include "scenarios/runner/faults/corrupt.h"
#include "scenarios/runner/matching/selector.h"
#include "scenarios/runner/record/numbers.h"

namespace scenario {
namespace {

constexpr char kNoSpareCopy[] =
    "must keep its copy: `atlas` finds no quorum of other servers that hold all of it";

/// The surroundings in which an action is performed.
struct ActionContext {
  const Context& context;
  zab::Entity entity;
  sim::World& world;

  Nodes Find(const Selector& selector) const {
    return Evaluate(selector, context, entity, world.chooser());
  }
  /// Calls `hit` for each node; it returns whether it had an effect.  `otherwise` says in what
  /// state a node is on which it has none.
  template <class Hit>
  ActionEffect ToEach(const Selector& selector, absl::string_view otherwise, Hit hit) const {
    return ToEachOrWhy(selector, [&](NodeId node) {
      return hit(node) ? absl::OkStatus() : absl::FailedPreconditionError(otherwise);
    });
  }
  /// As ToEach; an error of `hit` says why it had no effect.
  template <class Hit>
  ActionEffect ToEachOrWhy(const Selector& selector, Hit hit) const {
    ActionEffect effect{.why = "its selector matches no server"};
    bool any = false;
    for (const NodeId node : Find(selector)) {
      const absl::Status status = hit(node);
      if (status.ok()) {
        effect.effective = true;
        effect.targets.push_back(node);
      } else if (!std::exchange(any, true)) {
        effect.why =
            absl::StrCat(context.scenario.NameOf(node), " ", std::string(status.message()));
      }
    }
    if (effect.effective) effect.why.clear();
    return effect;
  }
  template <class Hit>
  ActionEffect ToEachLink(const Selector& from, const Selector& to, absl::string_view otherwise,
                          Hit hit) const {
    const Nodes sources = Find(from);
    const Nodes targets = Find(to);
    const std::vector<sim::LinkId> links = LinksBetween(sources, targets);
    ActionEffect effect;
    for (const sim::LinkId link : links) {
      if (hit(link)) effect.effective = true;
    }
    if (!effect.effective) {
      effect.why = links.empty() ? "its selectors match no link" : std::string(otherwise);
    }
    return effect;
  }
};

sim::InFlight InFlightOf(const Crash& crash, const ActionContext& at) {
  switch (crash.in_flight) {
    case InFlight::kKeep: break;
    case InFlight::kDrop: return sim::InFlight::Drop();
    case InFlight::kOnlyTo: return sim::InFlight::OnlyTo(at.Find(crash.only_to));
  }
  return sim::InFlight::Keep();
}

ActionEffect Do(const Crash& action, const ActionContext& at) {
  const sim::CrashKind kind =
      action.kind == Kind::kKill ? sim::CrashKind::kKill : sim::CrashKind::kPower;
  // The targets and the receivers of data in flight are both determined before any server crashes.
  const sim::InFlight in_flight = InFlightOf(action, at);
  return at.ToEach(action.target, "is down already",
                   [&](NodeId node) { return at.world.Crash(node, kind, in_flight); });
}

ActionEffect Do(const Restart& action, const ActionContext& at) {
  return at.ToEach(action.target, "runs already",
                   [&](NodeId node) { return at.world.Restart(node); });
}

ActionEffect Do(const Pause& action, const ActionContext& at) {
  return at.ToEach(action.target, "is paused already, or down",
                   [&](NodeId node) { return at.world.Pause(node); });
}

ActionEffect Do(const Resume& action, const ActionContext& at) {
  return at.ToEach(action.target, "is not paused",
                   [&](NodeId node) { return at.world.Resume(node); });
}

ActionEffect Do(const ForceSnapshot& action, const ActionContext& at) {
  return at.ToEach(action.target, "is down",
                   [&](NodeId node) { return at.world.Signal(node, kSnapshotSignal); });
}

ActionEffect CutLinks(std::vector<sim::LinkId> links, sim::World& world) {
  if (links.empty()) return {.why = "it separates no two nodes"};
  const sim::World::CutResult cut = world.Cut(std::move(links));
  return {.effective = cut.effective,
          .why = cut.effective ? "" : "its links are cut already",
          .cuts = {cut.id}};
}

ActionEffect Do(const Partition& action, const ActionContext& at) {
  if (action.oneway) {
    const Nodes from = at.Find(action.oneway->from);
    const Nodes to = at.Find(action.oneway->to);
    return CutLinks(LinksBetween(from, to), at.world);
  }
  std::vector<Nodes> groups;
  Nodes named;
  for (const Selector& selector : action.groups) {
    Nodes& group = groups.emplace_back(at.Find(selector));
    // Groups that depend on the run may overlap; a node belongs to the first.
    std::erase_if(group, [&](NodeId node) { return Has(named, node); });
    named.insert(named.end(), group.begin(), group.end());
  }
  if (action.rest) {
    for (const NodeId node : AllServers(at.context)) {
      if (!Has(named, node)) groups[*action.rest].push_back(node);
    }
  }
  const Nodes bridge = action.bridge ? at.Find(*action.bridge) : Nodes{};
  return CutLinks(LinksAcross(groups, bridge), at.world);
}

ActionEffect Do(const Heal& action, const ActionContext& at) {
  constexpr char kNothing[] = "there is nothing to heal";
  ActionEffect effect;
  if (!action.event) {
    effect.effective = at.world.HealAll();
    if (!effect.effective) effect.why = kNothing;
    return effect;
  }
  for (const sim::CutId cut : at.context.facts.events[action.event->value].cuts) {
    if (at.world.Heal(cut)) effect.effective = true;
  }
  if (!effect.effective) effect.why = kNothing;
  return effect;
}

ActionEffect Do(const Clog& action, const ActionContext& at) {
  return at.ToEachLink(action.from, action.to, "the links are clogged already",
                       [&](sim::LinkId link) { return at.world.Clog(link); });
}

ActionEffect Do(const Release& action, const ActionContext& at) {
  return at.ToEachLink(action.from, action.to, "the links are not clogged",
                       [&](sim::LinkId link) { return at.world.Release(link); });
}

ActionEffect Do(const BreakChannel& action, const ActionContext& at) {
  return at.ToEachLink(action.from, action.to, "there is no connection",
                       [&](sim::LinkId link) { return at.world.BreakChannel(link); });
}

ActionEffect Do(const DelayNext& action, const ActionContext& at) {
  return at.ToEachLink(action.from, action.to, "nothing is delayed", [&](sim::LinkId link) {
    return at.world.DelayNext(link, TagOf(action.kind), action.by);
  });
}

ActionEffect Do(const DropNext& action, const ActionContext& at) {
  return at.ToEachLink(
      action.from, action.to, "the links carry no datagrams",
      [&](sim::LinkId link) { return at.world.DropNext(link, TagOf(action.kind)); });
}

ActionEffect Do(const DupNext& action, const ActionContext& at) {
  return at.ToEachLink(
      action.from, action.to, "the links carry no datagrams",
      [&](sim::LinkId link) { return at.world.DupNext(link, TagOf(action.kind)); });
}

ActionEffect Do(const SetLink& action, const ActionContext& at) {
  return at.ToEachLink(action.from, action.to, "the links are so already", [&](sim::LinkId link) {
    LinkProfile profile = at.world.network().profile(link);
    Apply(action.change, profile);
    return at.world.SetLink(link, profile);
  });
}

ActionEffect Do(const SetDisk& action, const ActionContext& at) {
  return at.ToEach(action.target, "has such a disk already", [&](NodeId node) {
    DiskProfile profile = at.world.disk(node).profile();
    Apply(action.change, profile);
    return at.world.SetDisk(node, profile);
  });
}

ActionEffect Do(const SetClock& action, const ActionContext& at) {
  return at.ToEach(action.target, "has such a clock already",
                   [&](NodeId node) { return at.world.SetDrift(node, action.drift_ppm); });
}

ActionEffect Do(const StepClock& action, const ActionContext& at) {
  return at.ToEach(action.target, "has a clock that this does not change",
                   [&](NodeId node) { return at.world.StepClock(node, action.by); });
}

ActionEffect Do(const FailIo& action, const ActionContext& at) {
  return at.ToEachOrWhy(action.target, [&](NodeId node) {
    // A history that cannot be read is one copy less.
    if (action.op == sim::IoFault::kRead &&
        !MayCorrupt(node, Loss::kDetectable, at.context, at.world)) {
      return absl::FailedPreconditionError(kNoSpareCopy);
    }
    if (at.world.FailIo(node, action.op, action.nth)) return absl::OkStatus();
    return absl::FailedPreconditionError("has such a fault to come already");
  });
}

ActionEffect Do(const Corrupt& action, const ActionContext& at) {
  return at.ToEachOrWhy(action.target, [&](NodeId node) {
    return CorruptCopy(node, action.file, action.damage, at.context, at.entity, at.world);
  });
}

ActionEffect Do(const Wipe& action, const ActionContext& at) {
  return at.ToEachOrWhy(action.target, [&](NodeId node) {
    if (!MayCorrupt(node, Loss::kForgotten, at.context, at.world)) {
      return absl::FailedPreconditionError(kNoSpareCopy);
    }
    if (at.world.Wipe(node)) return absl::OkStatus();
    return absl::FailedPreconditionError("runs, or has an empty disk");
  });
}

ActionEffect Do(const Note& /*action*/, const ActionContext& /*at*/) {
  return {.effective = true};
}

}  // namespace

absl::string_view Name(FaultKind kind) {
  switch (kind) {
    case FaultKind::kCrash: return "crash";
    case FaultKind::kPause: return "pause";
    case FaultKind::kPartition: return "partition";
    case FaultKind::kClog: return "clog";
    case FaultKind::kBreakChannel: return "break_channel";
    case FaultKind::kDelayNext: return "delay_next";
    case FaultKind::kDropNext: return "drop_next";
    case FaultKind::kDupNext: return "dup_next";
    case FaultKind::kSetLink: return "set_link";
    case FaultKind::kSetDisk: return "set_disk";
    case FaultKind::kSetClock: return "set_clock";
    case FaultKind::kStepClock: return "step_clock";
    case FaultKind::kFailIo: return "fail_io";
    case FaultKind::kCorrupt: return "corrupt";
    case FaultKind::kWipe: return "wipe";
  }
  return "";
}

absl::string_view Name(const Action& action) {
  if (const std::optional<FaultKind> fault = FaultOf(action)) return Name(*fault);
  if (std::holds_alternative<Restart>(action)) return "restart";
  if (std::holds_alternative<Resume>(action)) return "resume";
  if (std::holds_alternative<ForceSnapshot>(action)) return "force_snapshot";
  if (std::holds_alternative<Heal>(action)) return "heal";
  if (std::holds_alternative<Release>(action)) return "release";
  return "note";
}

std::optional<FaultKind> FaultOf(const Action& action) {
  using Fault = std::optional<FaultKind>;
  return std::visit(zab::Overloaded{
                        [](const Crash&) -> Fault { return FaultKind::kCrash; },
                        [](const Pause&) -> Fault { return FaultKind::kPause; },
                        [](const Partition&) -> Fault { return FaultKind::kPartition; },
                        [](const Clog&) -> Fault { return FaultKind::kClog; },
                        [](const BreakChannel&) -> Fault { return FaultKind::kBreakChannel; },
                        [](const DelayNext&) -> Fault { return FaultKind::kDelayNext; },
                        [](const DropNext&) -> Fault { return FaultKind::kDropNext; },
                        [](const DupNext&) -> Fault { return FaultKind::kDupNext; },
                        [](const SetLink&) -> Fault { return FaultKind::kSetLink; },
                        [](const SetDisk&) -> Fault { return FaultKind::kSetDisk; },
                        [](const SetClock&) -> Fault { return FaultKind::kSetClock; },
                        [](const StepClock&) -> Fault { return FaultKind::kStepClock; },
                        [](const FailIo&) -> Fault { return FaultKind::kFailIo; },
                        [](const Corrupt&) -> Fault { return FaultKind::kCorrupt; },
                        [](const Wipe&) -> Fault { return FaultKind::kWipe; },
                        [](const Restart&) -> Fault { return std::nullopt; },
                        [](const Resume&) -> Fault { return std::nullopt; },
                        [](const ForceSnapshot&) -> Fault { return std::nullopt; },
                        [](const Heal&) -> Fault { return std::nullopt; },
                        [](const Release&) -> Fault { return std::nullopt; },
                        [](const Note&) -> Fault { return std::nullopt; },
                    },
                    action);
}

absl::string_view RepairOf(FaultKind fault) {
  switch (fault) {
    case FaultKind::kCrash: return "restart";
    case FaultKind::kPause: return "resume";
    case FaultKind::kPartition: return "heal";
    case FaultKind::kClog: return "release";
    case FaultKind::kBreakChannel:
    case FaultKind::kDelayNext:
    case FaultKind::kSetLink:
    case FaultKind::kSetDisk:
    case FaultKind::kFailIo:
    case FaultKind::kCorrupt:
    case FaultKind::kWipe:
    case FaultKind::kSetClock:
    case FaultKind::kStepClock:
    case FaultKind::kDropNext:
    case FaultKind::kDupNext: return "";
  }
  return "";
}

absl::string_view EventWordOf(const Action& action) {
  using Word = absl::string_view;
  return std::visit(zab::Overloaded{
                        [](const Crash&) -> Word { return "crash"; },
                        [](const Restart&) -> Word { return "restart"; },
                        [](const Pause&) -> Word { return "pause"; },
                        [](const Resume&) -> Word { return "resume"; },
                        [](const Partition&) -> Word { return "cut"; },
                        [](const Heal&) -> Word { return "heal"; },
                        [](const Clog&) -> Word { return "clog"; },
                        [](const Release&) -> Word { return "release"; },
                        [](const Wipe&) -> Word { return "wipe"; },
                        [](const Corrupt&) -> Word { return "corrupt"; },
                        [](const ForceSnapshot&) -> Word { return "disk"; },
                        [](const BreakChannel&) -> Word { return "disk"; },
                        [](const DelayNext&) -> Word { return "disk"; },
                        [](const DropNext&) -> Word { return "disk"; },
                        [](const DupNext&) -> Word { return "disk"; },
                        [](const SetLink&) -> Word { return "disk"; },
                        [](const SetDisk&) -> Word { return "disk"; },
                        [](const SetClock&) -> Word { return "disk"; },
                        [](const StepClock&) -> Word { return "disk"; },
                        [](const FailIo&) -> Word { return "disk"; },
                        [](const Note&) -> Word { return "disk"; },
                    },
                    action);
}

absl::Status CorruptCopy(NodeId node, HistoryFileKind file, Damage damage, const Context& context,
                         zab::Entity entity, sim::World& world) {
  if (!MayCorrupt(node, Loss::kDetectable, context, world)) {
    return absl::FailedPreconditionError(kNoSpareCopy);
  }
  const absl::StatusOr<CorruptedBytes> corrupted =
      DrawCorruptedBytes(world.disk(node).files(), file, damage, entity, world.chooser());
  if (!corrupted.ok()) return corrupted.status();
  world.Corrupt(node, damage == Damage::kRot ? sim::WorldKind::kRot : sim::WorldKind::kBlock,
                corrupted->file, corrupted->offset, corrupted->bytes);
  return absl::OkStatus();
}

ActionEffect CutOff(const Partition& partition, const Context& context, zab::Entity entity,
                    sim::World& world) {
  return Do(partition, ActionContext{context, entity, world});
}

ActionEffect Perform(const Action& action, const Context& context, zab::Entity entity,
                     sim::World& world) {
  const ActionContext at{context, entity, world};
  return std::visit([&](const auto& form) { return Do(form, at); }, action);
}

std::vector<sim::LinkId> LinksBetween(const std::vector<NodeId>& from,
                                      const std::vector<NodeId>& to) {
  std::vector<sim::LinkId> links;
  for (const NodeId a : from) {
    for (const NodeId b : to) {
      if (a != b) links.push_back({a, b});
    }
  }
  return links;
}

std::vector<sim::LinkId> LinksAcross(const std::vector<std::vector<NodeId>>& groups,
                                     const std::vector<NodeId>& bridge) {
  std::vector<sim::LinkId> links;
  for (size_t i = 0; i < groups.size(); ++i) {
    for (size_t j = 0; j < groups.size(); ++j) {
      if (i == j) continue;
      for (const sim::LinkId link : LinksBetween(groups[i], groups[j])) {
        if (!Has(bridge, link.from) && !Has(bridge, link.to)) links.push_back(link);
      }
    }
  }
  return links;
}

}  // namespace scenario
