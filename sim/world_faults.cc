// Starting and ending processes, and faults of links and disks.
#include <algorithm>
#include <utility>

#include "protocol/base/check.h"
#include "sim/world.h"

namespace sim {
namespace {

constexpr zab::Stream kStart("machine/start");

}  // namespace

// ---- Processes ----------------------------------------------------------------------------------

void World::Start(NodeId node) {
  ZAB_CHECK(NodeAt(node).incarnation == 0) << name(node) << " was started before";
  BeginLife(node);
}

void World::BeginLife(NodeId node) {
  Node& n = NodeAt(node);
  ++n.incarnation;
  n.process = n.factory(node, n.incarnation);
  network_.ProcessStarted(node, n.incarnation);
  const zab::Duration start = n.machine.start.Next(kStart, {node.value}, kernel_.chooser);
  n.working = start > zab::Duration{};
  kernel_.Schedule(kernel_.now + start, event::Start{node, n.incarnation});
}

void World::EndLife(NodeId node, bool power, const InFlight& in_flight) {
  Node& n = NodeAt(node);
  ClonePtr<Process> process = std::exchange(n.process, ClonePtr<Process>());
  // It may be running right now; then it is destroyed after its call has returned.
  if (process && process.get() == current_process_) dying_ = std::move(process);
  n.paused = false;
  n.working = false;
  n.held.Clear(kernel_.now);
  n.tasks = {};
  n.timers.Clear();
  n.disk.OnKill();
  network_.ProcessGone(node, power, in_flight, n.machine.reset, kernel_);
}

// Traced before the crash, so that checkers find the reason for the state of the disk.
void World::LosePageCache(NodeId node) {
  if (!NodeAt(node).disk.OnPowerLoss(kernel_)) return;
  Note(node, ColumnsOf(WorldProbe::kDiskCorrupted, WorldKind::kReordered));
}

bool World::Crash(NodeId node, CrashKind kind, const InFlight& in_flight) {
  const bool power = kind == CrashKind::kPower;
  if (!running(node) && !(power && network_.powered(node))) return false;
  if (power) LosePageCache(node);
  Note(node, ColumnsOf(WorldProbe::kCrashed, power ? WorldKind::kPower : WorldKind::kKill));
  EndLife(node, power, in_flight);
  ShowUnseen();
  return true;
}

bool World::Restart(NodeId node) {
  if (running(node)) return false;
  Note(node, ColumnsOf(WorldProbe::kRestarted));
  BeginLife(node);
  ShowUnseen();
  return true;
}

bool World::Pause(NodeId node) {
  if (!running(node) || paused(node)) return false;
  NodeAt(node).paused = true;
  Emit(node, ColumnsOf(WorldProbe::kPaused));
  return true;
}

bool World::Resume(NodeId node) {
  Node& n = NodeAt(node);
  if (!n.paused) return false;
  n.paused = false;
  if (!n.held.empty()) {
    kernel_.queue.Push(kernel_.now, Event{event::Drain{node, n.incarnation}});
  }
  Emit(node, ColumnsOf(WorldProbe::kResumed));
  return true;
}

bool World::Signal(NodeId node, int signal) {
  if (!running(node)) return false;
  kernel_.Schedule(kernel_.now, event::Signal{node, signal, NodeAt(node).incarnation});
  return true;
}

// ---- Links --------------------------------------------------------------------------------------

void World::NoteLink(WorldProbe probe, LinkId link, int64_t number) {
  Columns columns = ColumnsOf(probe);
  columns.peer = link.to;
  columns.number = number;
  Note(link.from, columns);
}

World::CutResult World::Cut(std::vector<LinkId> links) {
  CutResult result{.id = CutId{++last_cut_}};
  for (const LinkId link : links) {
    NoteLink(WorldProbe::kCut, link, static_cast<int64_t>(result.id.value));
    if (network_.Cut(link, kernel_)) result.effective = true;
  }
  cuts_.push_back({result.id, std::move(links)});
  ShowUnseen();
  return result;
}

bool World::Heal(CutId cut) {
  const auto found = std::find_if(cuts_.begin(), cuts_.end(),
                                  [&](const ActiveCut& active) { return active.id == cut; });
  if (found == cuts_.end()) return false;
  const std::vector<LinkId> links = std::move(found->links);
  cuts_.erase(found);
  bool effective = false;
  for (const LinkId link : links) {
    NoteLink(WorldProbe::kHealed, link, static_cast<int64_t>(cut.value));
    if (network_.Uncut(link)) effective = true;
  }
  ShowUnseen();
  return effective;
}

bool World::HealAll() {
  bool effective = false;
  while (!cuts_.empty()) {
    if (Heal(cuts_.front().id)) effective = true;
  }
  return effective;
}

bool World::Clog(LinkId link) {
  if (!network_.Clog(link)) return false;
  NoteLink(WorldProbe::kClogged, link, 0);
  ShowUnseen();
  return true;
}

bool World::Release(LinkId link) {
  if (!network_.IsClogged(link)) return false;
  NoteLink(WorldProbe::kReleased, link, 0);
  network_.Release(link, kernel_);
  ShowUnseen();
  return true;
}

bool World::ReleaseAll() {
  bool effective = false;
  for (const NodeId from : nodes()) {
    for (const NodeId to : nodes()) {
      if (from == to) continue;
      const LinkId link{from, to};
      if (Release(link)) effective = true;
      if (network_.ForgetFates(link)) effective = true;
    }
  }
  return effective;
}

bool World::BreakChannel(LinkId link) {
  return network_.Break(link, kernel_);
}

bool World::DelayNext(LinkId link, std::optional<Tag> tag, zab::Duration by) {
  network_.DelayNext(link, tag, by, kernel_);
  return true;
}

bool World::DropNext(LinkId link, std::optional<Tag> tag) {
  return network_.DropNext(link, tag, kernel_);
}

bool World::DupNext(LinkId link, std::optional<Tag> tag) {
  return network_.DupNext(link, tag, kernel_);
}

bool World::SetLink(LinkId link, const LinkProfile& profile) {
  if (network_.profile(link) == profile) return false;
  Columns columns = ColumnsOf(WorldProbe::kLinkSet);
  columns.peer = link.to;
  columns.number = profile.latency.Mean().nanoseconds;
  columns.code = static_cast<int32_t>(PartOf(1'000'000, profile.loss));
  columns.item = static_cast<uint64_t>(profile.bandwidth.value_or(0));
  Note(link.from, columns);
  network_.SetProfile(link, profile, kernel_);
  ShowUnseen();
  return true;
}

bool World::SetDisk(NodeId node, const DiskProfile& profile) {
  Disk& disk = NodeAt(node).disk;
  if (disk.profile() == profile) return false;
  disk.SetProfile(profile);
  Columns columns = ColumnsOf(WorldProbe::kDiskSet);
  columns.number = profile.fsync.Mean().nanoseconds;
  columns.item = profile.capacity.value_or(0);
  Emit(node, columns);
  return true;
}

void World::EmitClock(NodeId node, zab::Duration jump) {
  Columns columns = ColumnsOf(WorldProbe::kClockSet);
  columns.number = jump.nanoseconds;
  columns.code = NodeAt(node).clock.drift_ppm();
  Emit(node, columns);
}

bool World::SetDrift(NodeId node, int32_t drift_ppm) {
  Node& n = NodeAt(node);
  if (n.clock.drift_ppm() == drift_ppm) return false;
  const Clock before = n.clock;
  n.clock.SetDrift(drift_ppm, kernel_.now);
  n.timers.Reset(node, kernel_,
                 [&](zab::Time due) { return n.clock.When(before.At(due).monotonic); });
  EmitClock(node, {});
  return true;
}

bool World::StepClock(NodeId node, zab::Duration by) {
  if (by == zab::Duration{}) return false;
  NodeAt(node).clock.Step(by);
  EmitClock(node, by);
  return true;
}

bool World::FailIo(NodeId node, IoFault fault, uint64_t nth) {
  return NodeAt(node).disk.Fail(fault, nth, kernel_);
}

void World::ForgetIoFaults(NodeId node) {
  NodeAt(node).disk.ForgetFaults();
}

void World::Corrupt(NodeId node, WorldKind kind, absl::string_view name, uint64_t offset,
                    absl::string_view bytes) {
  NodeAt(node).disk.Corrupt(name, offset, bytes);
  Emit(node, ColumnsOf(WorldProbe::kDiskCorrupted, kind));
}

bool World::Wipe(NodeId node) {
  Disk& disk = NodeAt(node).disk;
  if (running(node) || disk.files().Names(Image::kVisible).empty()) return false;
  disk.Wipe();
  Emit(node, ColumnsOf(WorldProbe::kDiskCorrupted, WorldKind::kWiped));
  return true;
}

}  // namespace sim
