// Every moment of a server is a point; the end of a step is a point only if the step had another.
#include "scenarios/runner/crash_sweep/crash_watch.h"

#include <algorithm>
#include <utility>

#include "scenarios/runner/engine/engine.h"
#include "scenarios/runner/invariants/checker.h"
#include "scenarios/runner/record/numbers.h"

namespace scenario {
namespace {

// A token of OnAlarm: kind, the number of crashes so far, an index.
constexpr int kAlarmShift = 32;
constexpr int kRoundShift = 16;
constexpr uint64_t kMask = 0xffff;

PointKind KindOf(sim::MomentKind kind) {
  switch (kind) {
    case sim::MomentKind::kFileCompletes:
    case sim::MomentKind::kFileTold: return PointKind::kFileCompleted;
    case sim::MomentKind::kDelivered: return PointKind::kDelivered;
    case sim::MomentKind::kFileIssued: return PointKind::kFileIssued;
    case sim::MomentKind::kSent: return PointKind::kSent;
    case sim::MomentKind::kTimer:
    case sim::MomentKind::kStepEnd: break;
  }
  return PointKind::kTimer;
}

bool IsPing(const TraceEvent& event) {
  return event.kind == Kind::kPingMessage &&
         (event.probe == Probe::kMsgSent || event.probe == Probe::kMsgDelivered);
}

bool IsFile(const CrashPoint& point) {
  return point.kind == PointKind::kFileIssued || point.kind == PointKind::kFileCompleted;
}

bool SendsOther(const CrashPoint& point) {
  return point.kind == PointKind::kSent && point.message != Kind::kPingMessage;
}

}  // namespace

CrashWatch::CrashWatch(std::shared_ptr<const Scenario> scenario, sim::ObserverId checker,
                       sim::ObserverId engine)
    : scenario_(std::move(scenario)), checker_(checker), engine_(engine) {}

void CrashWatch::Begin(sim::World& world, sim::ObserverId self) {
  self_ = self;
  world.WatchMoments(self);
}

// ---- Points -------------------------------------------------------------------------------------

void CrashWatch::OnMoment(sim::World& world, const sim::Moment& moment) {
  if (moment.node.value > scenario_->ServerCount()) return;
  const bool first = last_event_ != world.event_count();
  if (first && moment.kind == sim::MomentKind::kStepEnd) return;
  last_event_ = world.event_count();
  ++count_;
  if (recording_) Note(world, moment);
  CrashIfOrdered(world, moment.node);
}

void CrashWatch::Note(const sim::World& world, const sim::Moment& moment) {
  CrashPoint point{.number = count_,
                   .event = world.event_count(),
                   .node = moment.node,
                   .time = world.now(),
                   .kind = KindOf(moment.kind),
                   .file = moment.file,
                   .path = std::string(moment.path),
                   .message = MessageOf(moment.tag),
                   .unsynced_names = world.disk(moment.node).files().unsynced_names()};
  const bool end = moment.kind == sim::MomentKind::kStepEnd;
  const bool told = moment.kind == sim::MomentKind::kFileTold;
  if ((end || told) && !points_.empty()) {  // Of the last point of this step.
    const CrashPoint& last = points_.back();
    point.kind = last.kind;
    point.file = last.file;
    point.path = last.path;
    point.message = last.message;
  }
  if (told) point.edge = PointEdge::kUntold;
  if (end) point.edge = PointEdge::kAfter;
  points_.push_back(std::move(point));
}

std::vector<CrashPoint> CrashWatch::TakePoints() {
  const bool heartbeat = only_pings_ && std::ranges::none_of(points_, IsFile) &&
                         std::ranges::none_of(points_, SendsOther);
  for (CrashPoint& point : points_) point.heartbeat = heartbeat;
  only_pings_ = true;
  return std::exchange(points_, {});
}

void CrashWatch::OnTrace(sim::World& world, const sim::Record& traced) {
  const Record record = RecordOf(traced);
  if (recording_ && !IsPing(record.event)) only_pings_ = false;
  if (recording_ && record.event.probe == Probe::kMsgDelivered && !points_.empty() &&
      points_.front().kind == PointKind::kDelivered) {
    points_.front().message = record.event.kind;
  }
  if (!deadlines_) return;
  deadlines_->OnState(record, ContextIn(world));
  // All deadlines are from quiet, and the liveness client, whose replies alone count, only writes.
  const bool is_ok = record.event.probe == Probe::kReturned && record.event.kind == Kind::kOk;
  if (is_ok) deadlines_->OnWrite(record, ContextIn(world));
}

// ---- Crashes and recovery -----------------------------------------------------------------------

void CrashWatch::CrashIfOrdered(sim::World& world, NodeId node) {
  if (hits_.size() == orders_.size()) return;
  const CrashOrder& order = orders_[hits_.size()];
  if (count_ < order.number) return;
  hits_.push_back({.number = count_, .crash = order.crash, .node = node, .time = world.now()});
  deadlines_.reset();
  Crash(world, node, order.crash);
  SetAlarm(world, world.now() + kRestartAfter, AlarmKind::kRestart, node.value);
  SetAlarm(world, world.now() + kQuietAfter, AlarmKind::kQuiet, 0);
}

void CrashWatch::Crash(sim::World& world, NodeId node, const SweepCrash& crash) {
  const bool reorders = crash.kind == SweepCrash::Kind::kReorder;
  if (reorders && crash.lost <= world.disk(node).files().unsynced_names()) {
    world.disk(node).SyncNamesBut(crash.lost - 1);
  }
  const bool kills = crash.kind == SweepCrash::Kind::kKill;
  world.Crash(node, kills ? sim::CrashKind::kKill : sim::CrashKind::kPower);
}

void CrashWatch::SetAlarm(sim::World& world, zab::Time at, AlarmKind kind, size_t index) const {
  world.At(self_, at,
           (uint64_t{static_cast<uint8_t>(kind)} << kAlarmShift) |
               (uint64_t{hits_.size()} << kRoundShift) | index);
}

void CrashWatch::OnAlarm(sim::World& world, uint64_t token) {
  const auto kind = static_cast<AlarmKind>(token >> kAlarmShift);
  const auto index = static_cast<uint16_t>(token & kMask);
  if (kind == AlarmKind::kRestart) {
    world.Restart(NodeId{index});
    return;
  }
  if (((token >> kRoundShift) & kMask) != hits_.size()) return;  // Set before a later crash.
  if (kind == AlarmKind::kQuiet) return BringQuiet(world);
  deadlines_->OnAlarm(index);
}

void CrashWatch::BringQuiet(sim::World& world) {
  auto& engine = static_cast<Engine&>(world.observer(engine_));
  engine.QuietNow(world);
  deadlines_.emplace(*scenario_, engine.liveness_client());
  deadlines_->Start(std::nullopt, world.now(), ContextIn(world));
  for (const Deadlines::Alarm& alarm : deadlines_->Begin(world.now(), ContextIn(world))) {
    SetAlarm(world, alarm.at, AlarmKind::kDeadline, alarm.index);
  }
}

Context CrashWatch::ContextIn(sim::World& world) const {
  return {.scenario = *scenario_,
          .facts = static_cast<const Engine&>(world.observer(engine_)).facts(),
          .histories = HistoryView(&static_cast<const Checker&>(world.observer(checker_)).ghost()),
          .self = std::nullopt};
}

bool CrashWatch::IsOver() const {
  return deadlines_ && std::ranges::none_of(deadlines_->entries(), [](const Deadlines::Entry& e) {
           return e.status == DeadlineStatus::kRunning;
         });
}

std::vector<std::string> CrashWatch::Missed() const {
  std::vector<std::string> names;
  if (!deadlines_) return names;
  for (size_t i = 0; i < deadlines_->entries().size(); ++i) {
    if (deadlines_->entries()[i].status != DeadlineStatus::kMissed) continue;
    names.push_back(scenario_->expect.deadlines[i].name);
  }
  return names;
}

}  // namespace scenario
