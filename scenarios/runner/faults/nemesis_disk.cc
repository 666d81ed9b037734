// Disks that are slow, that fail, and that lose data.
#include "protocol/base/check.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/faults/atlas.h"
#include "scenarios/runner/faults/nemesis.h"

namespace scenario {
namespace {

constexpr zab::Stream kShapeStream("nemesis/shape");
constexpr zab::Stream kFileStream("nemesis/file");

sim::IoFault IoFaultOf(Shape shape) {
  switch (shape) {
    case Shape::kRead: return sim::IoFault::kRead;
    case Shape::kWrite: return sim::IoFault::kWrite;
    case Shape::kFsync: return sim::IoFault::kFsync;
    case Shape::kFull: return sim::IoFault::kFull;
    case Shape::kHalves:
    case Shape::kOne:
    case Shape::kLeaderMinority:
    case Shape::kBridge:
    case Shape::kOneway:
    case Shape::kRot:
    case Shape::kBlock:
    case Shape::kReordered:
    case Shape::kWipe:
    case Shape::kPause:
    case Shape::kCut:
    case Shape::kKill:
    case Shape::kDrift:
    case Shape::kStep: break;
  }
  ZAB_CHECK(false) << "no shape of disk_error";
  return {};
}

}  // namespace

FaultKind FaultOf(Shape loss) {
  if (loss == Shape::kRead) return FaultKind::kFailIo;
  return loss == Shape::kWipe ? FaultKind::kWipe : FaultKind::kCorrupt;
}

Shape NemesisRunner::DrawShape(const Context& context, sim::World& world) const {
  const std::vector<Shape>& shapes = Spec(context).shapes;
  return shapes[world.chooser().Below(kShapeStream, entity(), shapes.size())];
}

void NemesisRunner::SlowDown(const Context& context, sim::World& world, Active& active,
                             FaultLog& log) const {
  for (const NodeId node : DrawTargets(context, world)) {
    DiskProfile profile = world.disk(node).profile();
    profile.fsync = context.scenario.DiskOf(SidOf(node)).fsync * Spec(context).factor;
    const bool effective = world.SetDisk(node, profile);
    if (effective) {
      active.slowed.push_back(node);
      log.Log(world, scenario::SetDisk{TheNode(node), {.fsync = profile.fsync}});
    }
    log.tally.Add(FaultKind::kSetDisk, effective);
  }
}

// A server whose disk fails halts.  A failing read of the history needs a restart to take effect.
void NemesisRunner::FailSome(const Context& context, sim::World& world, Active& active,
                             FaultLog& log) const {
  const Shape shape = DrawShape(context, world);
  for (const NodeId node : DrawTargets(context, world)) {
    if (shape == Shape::kRead) {
      active.loss = shape;
      Crash(node, sim::CrashKind::kPower, world, context, active, log);
      continue;
    }
    const bool allowed = world.running(node) && MayGoDown(context, world);
    const size_t armed = world.armed_faults().count();
    const bool effective = allowed && world.FailIo(node, IoFaultOf(shape));
    if (effective) {
      active.failing.push_back(node);
      active.crashed.emplace_back(node, world.incarnation(node));
      log.Log(world, FailIo{.target = TheNode(node), .op = IoFaultOf(shape)});
    }
    log.Count(FaultKind::kFailIo, effective, armed, world);
  }
}

void NemesisRunner::LoseSome(const Context& context, sim::World& world, Active& active,
                             FaultLog& log) const {
  const Shape shape = DrawShape(context, world);
  for (const NodeId node : DrawTargets(context, world)) {
    if (shape == Shape::kReordered) {
      CrashReordered(node, context, world, active, log);
    } else {
      active.loss = shape;
      Crash(node, sim::CrashKind::kPower, world, context, active, log);
    }
  }
}

// Unsynced data survive out of order, which a restart cannot distinguish from damage.
void NemesisRunner::CrashReordered(NodeId node, const Context& context, sim::World& world,
                                   Active& active, FaultLog& log) const {
  const DiskProfile before = world.disk(node).profile();
  const bool allowed = MayCorrupt(node, Loss::kDetectable, context, world);
  DiskProfile profile = before;
  profile.on_crash = sim::OnCrash::kReordered;
  if (allowed) {
    world.SetDisk(node, profile);
    log.Log(world, scenario::SetDisk{TheNode(node), {.on_crash = profile.on_crash}});
  }
  const uint64_t version = world.disk(node).files().version(sim::Image::kDurable);
  Crash(node, sim::CrashKind::kPower, world, context, active, log);
  const bool crashed = version != world.disk(node).files().version(sim::Image::kDurable);
  world.SetDisk(node, before);
  if (allowed) log.Log(world, scenario::SetDisk{TheNode(node), {.on_crash = before.on_crash}});
  log.tally.Add(FaultKind::kCorrupt, allowed && crashed);
}

// Makes the read of a history file fail.  The epoch files are spared: they hold the server's
// promises, and without them it halts for good.
bool NemesisRunner::FailToRead(NodeId node, sim::World& world, FaultLog& log) const {
  constexpr size_t kBefore = 3;  // The directory listing, acceptedEpoch, currentEpoch.
  const size_t files = world.disk(node).files().Names(sim::Image::kVisible).size();
  if (files < kBefore) return false;
  const uint64_t drawn = world.chooser().Below(kFileStream, entity(), files - 2);
  const uint64_t nth = kBefore + 1 + drawn;
  const bool effective = world.FailIo(node, sim::IoFault::kRead, nth);
  if (effective) {
    log.Log(world, FailIo{.target = TheNode(node), .op = sim::IoFault::kRead, .nth = nth});
  }
  return effective;
}

// Called just before the server restarts, so that the others had time to receive what it holds.
bool NemesisRunner::Lose(NodeId node, Shape loss, const Context& context, sim::World& world,
                         FaultLog& log) const {
  if (loss == Shape::kWipe) {
    const bool wiped = MayCorrupt(node, Loss::kForgotten, context, world) && world.Wipe(node);
    if (wiped) log.Log(world, Wipe{TheNode(node)});
    return wiped;
  }
  if (loss == Shape::kRead) {
    return MayCorrupt(node, Loss::kDetectable, context, world) && FailToRead(node, world, log);
  }
  const bool in_log = world.chooser().Chance(kFileStream, entity(), {1, 2});
  const Corrupt corrupt{.target = TheNode(node),
                        .file = in_log ? HistoryFileKind::kLog : HistoryFileKind::kSnapshot,
                        .damage = loss == Shape::kRot ? Damage::kRot : Damage::kBlock};
  const bool corrupted =
      CorruptCopy(node, corrupt.file, corrupt.damage, context, ActionEntity(), world).ok();
  if (corrupted) log.Log(world, corrupt);
  return corrupted;
}

}  // namespace scenario
