// The run: events in order, the trace, and observers.
#include "sim/world.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"

namespace sim {
namespace {

// The world whose event this thread handles; only used in the report of a failed check.
thread_local const World* running_world = nullptr;

// Sets a world as the running one during its lifetime.
class Running {
 public:
  Running(const World* world, zab::DeathReport report)
      : world_(std::exchange(running_world, world)), report_(zab::SetDeathReport(report)) {}
  ~Running() {
    running_world = world_;
    zab::SetDeathReport(report_);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  const World* world_;
  zab::DeathReport report_;
};

WorldKind KindOf(IoFault fault) {
  switch (fault) {
    case IoFault::kRead: return WorldKind::kRead;
    case IoFault::kWrite: return WorldKind::kWrite;
    case IoFault::kFsync: return WorldKind::kFsync;
    case IoFault::kFull: return WorldKind::kFull;
  }
  return WorldKind::kNone;
}

}  // namespace

std::string World::DeathReport() {
  if (running_world == nullptr) return "";
  const World& world = *running_world;
  std::string report =
      absl::StrCat("seed ", world.seed(), ", virtual time ", zab::ToString(world.now()), ", event ",
                   world.event_count(), ", node ", world.current_node_.value);
  if (world.current_node_.value != 0) {
    absl::StrAppend(&report, " (", world.name(world.current_node_), ")");
  }
  absl::StrAppend(&report, "\n");
  const auto text_of = world.vocabulary_.text_of;
  for (const Record& record : world.trace_.Tail()) {
    absl::StrAppend(&report, "  ", text_of ? text_of(record) : ToString(record), "\n");
  }
  return report;
}

World::World(zab::Chooser chooser, const LinkProfile& link, const Vocabulary& vocabulary)
    : link_(link), vocabulary_(vocabulary) {
  kernel_.chooser = std::move(chooser);
}

World::~World() = default;

std::unique_ptr<World> World::Clone() const {
  ZAB_CHECK(!handling_ && !observing_) << "clone within a step";
  std::unique_ptr<World> clone(new World(*this));
  clone->SetSink(nullptr);
  return clone;
}

// ---- Set-up -------------------------------------------------------------------------------------

NodeId World::AddNode(std::string name, ProcessFactory factory, const DiskProfile& disk) {
  ZAB_CHECK(event_count_ == 0 && !handling_) << "node added to a running world";
  const NodeId node{static_cast<uint16_t>(nodes_.size() + 1)};
  network_.AddNode(link_);
  nodes_.push_back({.name = std::move(name), .factory = std::move(factory), .disk = Disk(node)});
  nodes_.back().disk.SetProfile(disk);
  return node;
}

ObserverId World::AddObserver(std::unique_ptr<Observer> observer) {
  observers_.emplace_back(std::move(observer));
  return {static_cast<uint32_t>(observers_.size() - 1)};
}

// ---- Running ------------------------------------------------------------------------------------

bool World::RunNext(zab::Time limit) {
  ZAB_CHECK(!handling_ && !observing_) << "RunNext within a step";
  const Running running(this, &World::DeathReport);
  handling_ = true;
  RunAfterSteps();
  bool handled = false;
  while (!handled && guard_.MayContinue() && !kernel_.queue.empty() &&
         kernel_.queue.front().time <= limit) {
    const Popped popped = kernel_.queue.Pop();
    const zab::Time before = std::exchange(kernel_.now, popped.order.time);
    kernel_.causes = {.inherited = popped.event.cause};
    handled = std::visit([&](const auto& event) { return On(event, popped); }, popped.event.body);
    if (!handled) kernel_.now = before;
  }
  if (handled) {
    ++event_count_;
    guard_.CountEvent(kernel_.now);
    RunAfterSteps();
  }
  kernel_.causes = {};
  handling_ = false;
  return handled;
}

void World::RunUntil(zab::Time time) {
  while (RunNext(time)) {
  }
  if (kernel_.now < time) kernel_.now = time;
}

bool World::On(const event::Start& start, const Popped& /*popped*/) {
  if (!IsAlive(start.node, start.incarnation)) return false;
  if (NodeAt(start.node).working) {
    EndWork(start.node, input::Start{});
  } else {
    Deliver({start.node, kernel_.causes.inherited, input::Start{}});
  }
  return true;
}

bool World::On(const event::Timer& timer, const Popped& popped) {
  const auto due = NodeAt(timer.node).timers.OnEvent(timer.node, timer.key, popped.order, kernel_);
  if (!due) return false;
  Deliver({timer.node, due->cause, input::TimerFired{timer.key, due->seq}});
  return true;
}

bool World::On(const event::Task& task, const Popped& /*popped*/) {
  if (!IsAlive(task.node, task.incarnation)) return false;
  Deliver({task.node, kernel_.causes.inherited, input::Task{task.kind, task.number}});
  return true;
}

bool World::On(const event::Signal& signal, const Popped& /*popped*/) {
  if (!IsAlive(signal.node, signal.incarnation)) return false;
  Deliver({signal.node, kernel_.causes.inherited, input::Signal{signal.signal}});
  return true;
}

bool World::On(const event::SendDone& done, const Popped& /*popped*/) {
  if (!IsAlive(done.node, done.incarnation)) return false;
  Deliver({done.node, kernel_.causes.inherited, input::SendDone{done.connection}});
  return true;
}

bool World::On(const event::Disk& disk, const Popped& popped) {
  Disk& device = NodeAt(disk.node).disk;
  if (const QueuedFileOp* due = device.Due(popped.order.seq); due != nullptr) {
    const Moment moment{disk.node, MomentKind::kFileCompletes, due->file.kind, due->file.path};
    if (!NotifyMoment(moment)) return true;
    if (file_watcher_) {
      observers_[file_watcher_->value]->OnFileEnd(
          *this, {disk.node, due->file.kind, due->submitted, kernel_.now, due->ahead});
    }
  }
  std::optional<Delivery> done = device.OnEvent(popped.order.seq, kernel_);
  if (!done) return false;
  if (const std::optional<IoFault> fault = device.TakeFailure()) {
    const uint64_t incarnation = NodeAt(disk.node).incarnation;
    Emit(disk.node, ColumnsOf(WorldProbe::kDiskFailed, KindOf(*fault)));
    if (!IsAlive(disk.node, incarnation)) return true;  // An observer has ended it.
  }
  Deliver(std::move(*done));
  return true;
}

bool World::On(const event::Alarm& alarm, const Popped& /*popped*/) {
  observers_[alarm.observer.value]->OnAlarm(*this, alarm.token);
  return true;
}

template <class NetworkEvent>
bool World::On(const NetworkEvent& event, const Popped& popped) {
  Network::Outcome outcome = network_.On(event, popped.order.seq, kernel_);
  if (outcome.delivery) Deliver(std::move(*outcome.delivery));
  return !outcome.stale;
}

void World::RunAfterSteps() {
  // Calls may add further ones.
  for (size_t i = 0; i < after_steps_.size() && !guard_.stopped(); ++i) {
    const AfterStepCall call = after_steps_[i];
    kernel_.causes = {.inherited = call.cause};
    observers_[call.observer.value]->OnAfterStep(*this, call.token);
  }
  after_steps_.clear();
}

// ---- For observers ------------------------------------------------------------------------------

void World::Emit(NodeId node, const Columns& columns) {
  Note(node, columns);
  ShowUnseen();
}

Columns World::ColumnsOf(WorldProbe probe, WorldKind kind) const {
  return {.probe = vocabulary_.number_of_probe(probe), .kind = vocabulary_.number_of_kind(kind)};
}

void World::Note(NodeId node, const Columns& columns) {
  const Record& record = trace_.Add(
      {.time = kernel_.now, .node = node, .cause = kernel_.causes.OfRecord(), .columns = columns});
  kernel_.causes.Emitted(record.id);
  guard_.CountRecord(kernel_.now);
  if (!observers_.empty()) unseen_.push_back(record);
}

void World::ShowUnseen() {
  if (observing_ || unseen_.empty()) return;
  observing_ = true;
  const Causes causes = kernel_.causes;
  // Observers may emit further records, which follow.
  for (size_t i = 0; i < unseen_.size() && !guard_.stopped(); ++i) {
    const Record record = unseen_[i];
    for (const ClonePtr<Observer>& observer : observers_) {
      kernel_.causes = {.inherited = record.id};
      observer->OnTrace(*this, record);
    }
  }
  unseen_.clear();
  kernel_.causes = causes;
  observing_ = false;
}

void World::AfterStep(ObserverId observer, uint64_t token) {
  after_steps_.push_back({observer, token, kernel_.causes.OfEffect()});
}

void World::At(ObserverId observer, zab::Time time, uint64_t token) {
  ZAB_CHECK(time >= kernel_.now) << "alarm in the past: " << zab::ToString(time);
  kernel_.Schedule(time, event::Alarm{observer, token});
}

}  // namespace sim
