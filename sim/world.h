// A world: machines with their processes and disks, the network between them, time, randomness and
// the trace.  It owns everything, and several worlds can exist at the same time.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/file_op.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "sim/clock.h"
#include "sim/clone_ptr.h"
#include "sim/disk.h"
#include "sim/guard.h"
#include "sim/held_inputs.h"
#include "sim/input.h"
#include "sim/kernel.h"
#include "sim/machine.h"
#include "sim/moment.h"
#include "sim/network.h"
#include "sim/node_id.h"
#include "sim/observer.h"
#include "sim/process.h"
#include "sim/timers.h"
#include "sim/trace.h"
#include "sim/vocabulary.h"

namespace sim {

constexpr zab::Time kEndOfTime{std::numeric_limits<int64_t>::max()};

/// kPower: connections go silent and unsynced data are treated as the disk's on_crash says.  kKill:
/// connections are reset, the page cache survives.
enum class CrashKind : uint8_t { kPower, kKill };

/// Identifies a cut of World::Cut.  From 1, never reused.
struct CutId {
  uint64_t value = 0;
  friend constexpr auto operator<=>(const CutId&, const CutId&) = default;
};

/// Copied only by Clone().  Not thread-safe.  Faults return whether they had an effect; those that
/// had are in the trace.
class World {
 public:
  /// `link` is the initial profile of every link; `vocabulary` gives the numbers of the world's own
  /// records.
  explicit World(zab::Chooser chooser, const LinkProfile& link = {},
                 const Vocabulary& vocabulary = {});
  World& operator=(const World&) = delete;
  ~World();

  /// An independent deep copy, without the trace's sink, that continues with the same trace.  Must
  /// not be called while an event is being handled.
  std::unique_ptr<World> Clone() const;

  // ---- Set-up -----------------------------------------------------------------------------------
  /// Adds a node, without starting it.  Servers first, then clients; all before the first event.
  NodeId AddNode(std::string name, ProcessFactory factory, const DiskProfile& disk = {});
  /// What processes of that node take time for, and what its links share, from now on.
  void SetMachine(NodeId node, const MachineProfile& machine) { NodeAt(node).machine = machine; }
  void SetBandwidth(NodeId node, const NodeBandwidth& bandwidth) {
    network_.SetBandwidth(node, bandwidth);
  }
  /// Observers see each record in the order in which they were added: add checkers first, then
  /// observers that act.
  ObserverId AddObserver(std::unique_ptr<Observer> observer);
  /// Starts the first process of a node, without a record; use Restart for later ones.
  void Start(NodeId node);

  // ---- Running ----------------------------------------------------------------------------------
  /// Handles the next event, if there is one at or before `limit` and the guard allows it; returns
  /// whether one was handled.
  bool RunNext(zab::Time limit = kEndOfTime);
  /// Handles all events up to `time` and advances the time to it.
  void RunUntil(zab::Time time);

  zab::Time now() const { return kernel_.now; }
  /// The number of events handled, without stale ones (such as timers that were set again).
  uint64_t event_count() const { return event_count_; }
  uint64_t seed() const { return kernel_.chooser.seed(); }
  /// Once the guard has stopped the world nothing more happens in it, and the rest of the event
  /// under way is abandoned.
  Guard& guard() { return guard_; }
  const Guard& guard() const { return guard_; }
  /// For draws of observers and scenarios, in streams of their own.
  zab::Chooser& chooser() { return kernel_.chooser; }

  // ---- Inspection -------------------------------------------------------------------------------
  size_t node_count() const { return nodes_.size(); }
  auto nodes() const { return IdsUpTo<NodeId>(nodes_.size()); }
  const std::string& name(NodeId node) const { return NodeAt(node).name; }
  /// Whether a process runs there, paused or not.
  bool running(NodeId node) const { return static_cast<bool>(NodeAt(node).process); }
  bool paused(NodeId node) const { return NodeAt(node).paused; }
  /// The inputs that have waited for its processes so far, while paused or at work.
  QueueUse InputQueue(NodeId node) const { return NodeAt(node).held.UseUntil(kernel_.now); }
  /// The number of processes of the node so far; 0 before the first.
  uint64_t incarnation(NodeId node) const { return NodeAt(node).incarnation; }
  /// The process of the node; null while none runs.
  Process* process(NodeId node) const { return NodeAt(node).process.get(); }
  Disk& disk(NodeId node) { return NodeAt(node).disk; }
  const Disk& disk(NodeId node) const { return NodeAt(node).disk; }
  const Network& network() const { return network_; }
  const Trace& trace() const { return trace_; }
  /// The faults of DelayNext, DropNext, DupNext and FailIo, and which have struck.
  const ArmedFaults& armed_faults() const { return kernel_.armed; }
  Observer& observer(ObserverId id) { return *observers_[id.value]; }
  /// `sink` gets every record from now on.  See Trace::SetSink.
  void SetSink(Trace::Sink sink) { trace_.SetSink(std::move(sink)); }

  // ---- For observers and scenarios --------------------------------------------------------------
  /// Adds a record of a node or (0) of the world.  All observers have seen it when this returns,
  /// unless it is called by an observer during OnTrace; then they will see it afterwards, in order.
  void Emit(NodeId node, const Columns& columns);
  /// Calls Observer::OnAfterStep after the current event, including all its sends, and before the
  /// next; outside of events, before the next.
  void AfterStep(ObserverId observer, uint64_t token);
  /// Calls Observer::OnMoment from now on, for all nodes.  Only for one observer.
  void WatchMoments(ObserverId observer) { moment_watcher_ = observer; }
  /// Calls Observer::OnFileEnd from now on, for all nodes.  Only for one observer.
  void WatchFiles(ObserverId observer) { file_watcher_ = observer; }
  /// Calls Observer::OnAlarm at this time (now or later).
  void At(ObserverId observer, zab::Time time, uint64_t token);
  /// Schedules Process::OnSignal as an event at the current time.  False if no process runs.
  bool Signal(NodeId node, int signal);

  // ---- Faults -----------------------------------------------------------------------------------
  /// Ends the process immediately: remaining effects of a current step do not happen.  A power loss
  /// can hit a machine whose process has already ended.
  bool Crash(NodeId node, CrashKind kind, const InFlight& in_flight = {});
  /// Starts a new process with the current disk.  False if one is running.
  bool Restart(NodeId node);
  /// The process gets no inputs from now on (a current step is finished); inputs wait and are
  /// delivered in order at the resume.  Its machine continues: bytes are received and sent, the
  /// disk works.
  bool Pause(NodeId node);
  bool Resume(NodeId node);

  struct CutResult {
    CutId id;
    bool effective = false;  // Whether some link was open before.
  };
  /// Cuts these links, each in one direction.  Cuts may overlap: a link is open when all its cuts
  /// are healed.
  CutResult Cut(std::vector<LinkId> links);
  /// Returns whether this opens a link; false if it was already healed.
  bool Heal(CutId cut);
  bool HealAll();

  bool Clog(LinkId link);
  bool Release(LinkId link);
  /// Releases all links, and cancels pending DelayNext, DropNext and DupNext.
  bool ReleaseAll();
  /// Breaks all connections between the two nodes, in both directions; false if there are none.
  bool BreakChannel(LinkId link);
  /// Delays the next packet with this tag, or the next one if nullopt.  Always effective.
  bool DelayNext(LinkId link, std::optional<Tag> tag, zab::Duration by);
  /// Loses (duplicates) the next datagram with this tag, or the next one if nullopt.  False if the
  /// link carries streams.
  bool DropNext(LinkId link, std::optional<Tag> tag);
  bool DupNext(LinkId link, std::optional<Tag> tag);
  bool SetLink(LinkId link, const LinkProfile& profile);
  bool SetDisk(NodeId node, const DiskProfile& profile);
  /// From now on its clocks run fast or (if negative) slow by this many parts per million; this
  /// affects their times and all its timers, including pending ones.
  bool SetDrift(NodeId node, int32_t drift_ppm);
  /// Makes its wall clock jump; nothing else changes.
  bool StepClock(NodeId node, zab::Duration by);
  /// Makes the `nth` operation of this kind fail (1: the next).  False if one was already going to
  /// fail.
  bool FailIo(NodeId node, IoFault fault, uint64_t nth = 1);
  /// Cancels failures that have not happened.
  void ForgetIoFaults(NodeId node);
  /// Overwrites durable bytes of a file; `kind` is kRot or kBlock, for the trace.
  void Corrupt(NodeId node, WorldKind kind, absl::string_view name, uint64_t offset,
               absl::string_view bytes);
  /// Erases the disk.  False while a process runs, or if it was empty.
  bool Wipe(NodeId node);

 private:
  friend class Host;

  struct Node {
    std::string name;
    ProcessFactory factory;
    Disk disk;
    ClonePtr<Process> process;
    uint64_t incarnation = 0;
    MachineProfile machine;
    bool paused = false;
    bool working = false;  // Until event::Worked, or event::Start if a start takes time.
    HeldInputs held;
    std::array<zab::Time, kTaskKindCount> tasks{};  // When the last one of each kind comes.
    Timers timers;
    Clock clock;
  };
  struct ActiveCut {
    CutId id;
    std::vector<LinkId> links;
  };
  struct AfterStepCall {
    ObserverId observer;
    uint64_t token = 0;
    uint64_t cause = 0;
  };

  using Popped = EventQueue<Event>::Popped;

  World(const World&) = default;  // For Clone().

  Node& NodeAt(NodeId node) { return nodes_[node.value - size_t{1}]; }
  const Node& NodeAt(NodeId node) const { return nodes_[node.value - size_t{1}]; }
  bool IsAlive(NodeId node, uint64_t incarnation) const;

  // world.cc: the run.  On() returns false if the event was stale.
  bool On(const event::Start& start, const Popped& popped);
  bool On(const event::Timer& timer, const Popped& popped);
  bool On(const event::Task& task, const Popped& popped);
  bool On(const event::Signal& signal, const Popped& popped);
  bool On(const event::Drain& drain, const Popped& popped);
  bool On(const event::Worked& worked, const Popped& popped);
  bool On(const event::SendDone& done, const Popped& popped);
  bool On(const event::Disk& disk, const Popped& popped);
  bool On(const event::Alarm& alarm, const Popped& popped);
  /// The events of the network.
  template <class NetworkEvent>
  bool On(const NetworkEvent& event, const Popped& popped);
  void RunAfterSteps();
  /// The two halves of Emit(); in between a fault takes effect, with the record as its cause.
  void Note(NodeId node, const Columns& columns);
  Columns ColumnsOf(WorldProbe probe, WorldKind kind = WorldKind::kNone) const;
  void ShowUnseen();
  static std::string DeathReport();

  // world_inputs.cc: inputs of processes.
  void Deliver(Delivery delivery);
  void Feed(NodeId node, const Input& input);
  void EndWork(NodeId node, Input input);
  bool IsStillValid(NodeId node, const Input& input);
  /// Notifies the observer of moments; false if the process has ended afterwards.
  bool NotifyMoment(const Moment& moment);
  bool NotifyInput(NodeId node, const Input& input);

  // world_faults.cc.
  void BeginLife(NodeId node);
  void LosePageCache(NodeId node);
  void EndLife(NodeId node, bool power, const InFlight& in_flight);
  void NoteLink(WorldProbe probe, LinkId link, int64_t number);
  void EmitClock(NodeId node, zab::Duration jump);

  Kernel kernel_;
  Network network_;
  LinkProfile link_;  // The initial profile of links.
  Vocabulary vocabulary_;
  std::vector<Node> nodes_;
  Trace trace_;
  std::vector<ClonePtr<Observer>> observers_;
  std::optional<ObserverId> moment_watcher_;
  std::optional<ObserverId> file_watcher_;
  std::vector<ActiveCut> cuts_;
  uint64_t last_cut_ = 0;
  uint64_t event_count_ = 0;
  Guard guard_;
  std::vector<AfterStepCall> after_steps_;
  std::vector<Record> unseen_;                // Records that some observer has not seen yet.
  bool observing_ = false;                    // Whether observers are being called.
  bool handling_ = false;                     // Whether an event is being handled.
  NodeId current_node_;                       // The node whose process is being called; 0: none.
  const Process* current_process_ = nullptr;  // The process that is being called.
  ClonePtr<Process> dying_;                   // The same, if it has ended during the call.
};

}  // namespace sim
