// Intervals are exponential, so that starts are independent of everything else.  Each kind of draw
// has its own stream, with the position of the nemesis as its entity.
#include "scenarios/runner/faults/nemesis.h"

#include <algorithm>
#include <optional>

#include "protocol/base/check.h"
#include "protocol/boundary/quorum.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/matching/selector.h"
#include "sim/distribution.h"

namespace scenario {
namespace {

constexpr zab::Stream kIntervalStream("nemesis/interval");
constexpr zab::Stream kTargetStream("nemesis/target");
constexpr zab::Stream kCrashKindStream("nemesis/crash_kind");

using Nodes = std::vector<NodeId>;

bool WillHalt(const sim::Disk& disk) {
  using enum sim::IoFault;
  return disk.WillFail(kWrite) || disk.WillFail(kFsync) || disk.WillFail(kFull);
}

}  // namespace

NemesisRunner::Alarm NemesisRunner::NextStart(const Context& context, sim::World& world) const {
  const uint64_t bits = world.chooser().Bits(kIntervalStream, entity());
  const zab::Time after = std::max(world.now(), Spec(context).from);
  return {.at = after + sim::ExponentialOf(bits, Spec(context).interval), .step = Step::kStart};
}

NemesisRunner::Alarm NemesisRunner::Begin(const Context& context, sim::World& world) const {
  return NextStart(context, world);
}

bool NemesisRunner::Ended(const Context& context, const sim::World& world) const {
  return stopped_ || (Spec(context).until && world.now() >= *Spec(context).until);
}

std::vector<NemesisRunner::Alarm> NemesisRunner::OnAlarm(Step step, uint64_t number,
                                                         const Context& context, sim::World& world,
                                                         FaultLog& log) {
  const zab::Duration duration = Spec(context).duration;
  switch (step) {
    case Step::kEnd: {
      const auto found = std::ranges::find(active_, number, &Active::number);
      if (found == active_.end()) return {};
      const Active ended = std::move(*found);
      active_.erase(found);
      Undo(ended, context, world, log);
      return {};
    }
    case Step::kRoll: return Roll(number, context, world, log);
    case Step::kSwizzle: return Swizzle(number, context, world, log);
    case Step::kStart: break;
  }
  if (Ended(context, world)) return {};
  std::vector<Alarm> alarms{NextStart(context, world)};
  if (Spec(context).kind == NemesisKind::kRollingRestart) {
    if (rolling_) return alarms;  // The previous round is not over.
    const std::vector<Alarm> round = Roll(1, context, world, log);
    alarms.insert(alarms.end(), round.begin(), round.end());
    return alarms;
  }
  Active active = Strike(context, world, log);
  active.number = ++last_number_;
  alarms.push_back({.at = world.now() + duration, .step = Step::kEnd, .number = active.number});
  if (!active.swizzle.empty()) {
    alarms.push_back({.at = world.now(), .step = Step::kSwizzle, .number = active.number});
  }
  active_.push_back(std::move(active));
  return alarms;
}

NemesisRunner::Active NemesisRunner::Strike(const Context& context, sim::World& world,
                                            FaultLog& log) {
  Active active;
  switch (Spec(context).kind) {
    case NemesisKind::kPartition:
      CutSome(DrawPartition(context, world), context, world, active, log);
      break;
    case NemesisKind::kClog:
      active.clogs = ClogSome(context, world, log);
      log.tally.Add(FaultKind::kClog, !active.clogs.empty());
      break;
    case NemesisKind::kCrashRestart: {
      const bool power = world.chooser().Chance(kCrashKindStream, entity(), {1, 2});
      const Nodes targets = DrawTargets(context, world);
      if (targets.empty()) log.tally.Add(FaultKind::kCrash, false);
      for (const NodeId node : targets) {
        Crash(node, power ? sim::CrashKind::kPower : sim::CrashKind::kKill, world, context, active,
              log);
      }
      break;
    }
    case NemesisKind::kPause: {
      const Nodes targets = DrawTargets(context, world);
      if (targets.empty()) log.tally.Add(FaultKind::kPause, false);
      for (const NodeId node : targets) PauseOne(node, context, world, active, log);
      break;
    }
    case NemesisKind::kSlowFsync: SlowDown(context, world, active, log); break;
    case NemesisKind::kDiskError: FailSome(context, world, active, log); break;
    case NemesisKind::kDiskLoss: LoseSome(context, world, active, log); break;
    case NemesisKind::kFlapLeader: HitLeader(context, world, active, log); break;
    case NemesisKind::kGrayLink: SlowLinks(context, world, active, log); break;
    case NemesisKind::kClock: MoveClocks(context, world, active, log); break;
    case NemesisKind::kSwizzleClog: active.swizzle = DrawSwizzle(context, world); break;
    case NemesisKind::kRollingRestart: ZAB_CHECK(false) << "rolls, does not strike"; break;
  }
  return active;
}

bool NemesisRunner::MayGoDown(const Context& context, const sim::World& world) const {
  if (Spec(context).limit == MostDown::kAll) return true;
  size_t down = 0;
  for (const NodeId node : AllServers(context)) {
    if (!world.running(node) || world.paused(node) || WillHalt(world.disk(node))) ++down;
  }
  return down + 1 <= zab::LargestMinority(context.scenario.ServerCount());
}

void NemesisRunner::PauseOne(NodeId node, const Context& context, sim::World& world, Active& active,
                             FaultLog& log) const {
  const bool allowed = MayGoDown(context, world);
  const bool effective = allowed && world.Pause(node);
  if (effective) {
    active.paused.push_back(node);
    log.Log(world, Pause{TheNode(node)});
  }
  log.tally.Add(FaultKind::kPause, effective);
}

// Hits the current leader; if there is none, counts a crash without effect.
void NemesisRunner::HitLeader(const Context& context, sim::World& world, Active& active,
                              FaultLog& log) const {
  const Shape shape = DrawShape(context, world);
  const std::optional<zab::ServerId> leader = context.facts.cluster.Leader();
  if (!leader) return log.tally.Add(FaultKind::kCrash, false);
  const NodeId node = NodeOf(*leader);
  if (shape == Shape::kKill) return Crash(node, sim::CrashKind::kKill, world, context, active, log);
  if (shape == Shape::kPause) return PauseOne(node, context, world, active, log);
  const Partition partition{.groups = {TheNode(node), TheNodes(Without({node}, context))}};
  CutSome(partition, context, world, active, log);
}

void NemesisRunner::Crash(NodeId node, sim::CrashKind kind, sim::World& world,
                          const Context& context, Active& active, FaultLog& log) const {
  const bool allowed = world.running(node) && MayGoDown(context, world);
  const uint64_t incarnation = world.incarnation(node);
  const bool effective = allowed && world.Crash(node, kind);
  if (effective) {
    active.crashed.emplace_back(node, incarnation);
    const bool power = kind == sim::CrashKind::kPower;
    log.Log(world,
            scenario::Crash{.target = TheNode(node), .kind = power ? Kind::kPower : Kind::kKill});
  }
  log.tally.Add(FaultKind::kCrash, effective);
}

std::vector<NemesisRunner::Alarm> NemesisRunner::Roll(uint64_t sid, const Context& context,
                                                      sim::World& world, FaultLog& log) {
  rolling_ = !Ended(context, world) && sid <= context.scenario.ServerCount();
  if (!rolling_) return {};
  const zab::Duration duration = Spec(context).duration;
  Active active{.number = ++last_number_};
  Crash({static_cast<uint16_t>(sid)}, sim::CrashKind::kKill, world, context, active, log);
  const Alarm end{.at = world.now() + duration, .step = Step::kEnd, .number = active.number};
  active_.push_back(std::move(active));
  // The same time again to come back before the next server goes down.
  return {end, {.at = world.now() + duration * 2, .step = Step::kRoll, .number = sid + 1}};
}

std::vector<NodeId> NemesisRunner::DrawTargets(const Context& context, sim::World& world) const {
  const std::vector<Selector>& targets = Spec(context).targets;
  if (targets.empty()) {
    const Nodes servers = AllServers(context);
    return {servers[world.chooser().Below(kTargetStream, entity(), servers.size())]};
  }
  const uint64_t chosen = world.chooser().Below(kTargetStream, entity(), targets.size());
  return Evaluate(targets[chosen], context, ActionEntity(), world.chooser());
}

void NemesisRunner::Undo(const Active& active, const Context& context, sim::World& world,
                         FaultLog& log) const {
  for (const sim::CutId cut : active.cuts) {
    world.Heal(cut);  // Logged even if other cuts keep all of its links closed.
    log.Log(world, Heal{}, cut);
  }
  for (const sim::LinkId link : active.clogs) {
    if (world.Release(link)) log.Log(world, Release{TheNode(link.from), TheNode(link.to)});
  }
  for (const NodeId node : active.paused) {
    if (world.Resume(node)) log.Log(world, Resume{TheNode(node)});
  }
  for (const auto& [node, incarnation] : active.crashed) {
    if (world.incarnation(node) != incarnation || world.running(node)) continue;
    if (active.loss) {
      const size_t armed = world.armed_faults().count();
      const bool effective = Lose(node, *active.loss, context, world, log);
      log.Count(FaultOf(*active.loss), effective, armed, world);
    }
    world.Restart(node);
    log.Log(world, Restart{TheNode(node)});
  }
  for (const sim::LinkId link : active.slow_links) {
    const LinkProfile& profile = context.scenario.LinkOf(link.from, link.to);
    world.SetLink(link, profile);
    log.Log(world, SetLink{TheNode(link.from), TheNode(link.to), {.latency = profile.latency}});
  }
  for (const NodeId node : active.failing) world.ForgetIoFaults(node);
  for (const NodeId node : active.drifting) {
    const int32_t drift = context.scenario.DriftOf(SidOf(node));
    world.SetDrift(node, drift);
    log.Log(world, SetClock{TheNode(node), drift});
  }
  for (const NodeId node : active.slowed) {
    const DiskProfile& profile = context.scenario.DiskOf(SidOf(node));
    world.SetDisk(node, profile);
    log.Log(world, SetDisk{TheNode(node), {.fsync = profile.fsync}});
  }
}

}  // namespace scenario
