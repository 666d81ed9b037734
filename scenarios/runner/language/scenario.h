// A parsed scenario: plain structs, complete (every default filled in) and checked (every name is
// known).  What the runner executes, and what a shrinker edits and writes back (canonical.h).  The
// meaning of each field is in scenarios/README.md; here stands what that does not say.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "protocol/wire/ids.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/boundary/trace.h"
#include "protocol/boundary/config.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/language/physics.h"
#include "scenarios/runner/language/runs.h"

namespace scenario {

// ---- Names --------------------------------------------------------------------------------------

/// Text in two languages.
struct Text {
  std::string en;
  std::string zh;  // Empty: falls back to `en`.
  bool empty() const { return en.empty() && zh.empty(); }
  friend bool operator==(const Text&, const Text&) = default;
};

/// Positions in Scenario::clients, ::events, ::operations and ::variables.
struct ClientIndex {
  size_t value = 0;
  friend constexpr auto operator<=>(const ClientIndex&, const ClientIndex&) = default;
};
struct EventIndex {
  size_t value = 0;
  friend constexpr auto operator<=>(const EventIndex&, const EventIndex&) = default;
};
struct OperationIndex {
  size_t value = 0;
  friend constexpr auto operator<=>(const OperationIndex&, const OperationIndex&) = default;
};
struct VariableIndex {
  size_t value = 0;
  friend constexpr auto operator<=>(const VariableIndex&, const VariableIndex&) = default;
};

// ---- Cluster ------------------------------------------------------------------------------------

/// Zxids from first to last, both included, of one epoch.
struct ZxidRange {
  zab::Zxid first;
  zab::Zxid last;
};

/// What a server finds on its disk at the start.
struct InitialState {
  std::vector<ZxidRange> log;         // Ascending; each follows the one before it.
  std::optional<zab::Zxid> snapshot;
  zab::Epoch current_epoch;           // At least the epoch of the last zxid.
  zab::Epoch accepted_epoch;          // At least current_epoch.
};

struct Cluster {
  std::vector<std::string> voters;  // The sid is the position, from 1.
  absl::btree_map<std::string, std::vector<zab::ServerId>> zones;
  zab::Limits server;
  absl::btree_map<zab::ServerId, InitialState> initial;  // Who is missing starts empty.
};

// ---- Selectors ----------------------------------------------------------------------------------

/// Names nodes at the moment it is evaluated.  The texts in comments are how it is written.
struct Selector {
  struct Node { NodeId node; };                             // n2
  struct Leader { std::optional<zab::Epoch> epoch; };       // leader, leader@2
  struct Followers {};                                      // followers
  struct Any { std::vector<Selector> of; };                 // any(followers): one, drawn; 1 element
  struct Minority {};                                       // minority: drawn
  struct MajorityWithout { std::vector<Selector> of; };     // majority_without(leader); 1 element
  struct Self {};                                           // @self
  struct TargetOf { EventIndex event; };                    // @ev.target
  struct AckedBy { VariableIndex zxid; };                   // $z.acked_by
  struct Bound { VariableIndex node; };                     // $n, bound to by, to or from
  struct List { std::vector<Selector> parts; };             // ["n1", "leader"]
  using Form = std::variant<List, Node, Leader, Followers, Any, Minority, MajorityWithout, Self,
                            TargetOf, AckedBy, Bound>;
  Form form;
};

// ---- Events -------------------------------------------------------------------------------------

template <class T>
struct AtLeast {
  T value{};
};
/// A value, `$name`, or {"at_least": value}.
template <class T>
using Bound = std::variant<T, VariableIndex, AtLeast<T>>;

/// Which trace events: all filters that are there must hold.
struct ProbeFilter {
  zab::Probe on{};
  std::optional<Selector> by;
  std::optional<Selector> to;    // TraceEvent::peer.
  std::optional<Selector> from;  // TraceEvent::peer, of msg_delivered.
  std::optional<zab::Kind> kind;
  std::optional<Bound<zab::Zxid>> zxid;
  std::optional<Bound<zab::Epoch>> epoch;
  std::optional<std::variant<OperationIndex, VariableIndex>> op;
};

/// A column that `bind` may read.
enum class Column : uint8_t { kBy, kTo, kFrom, kZxid, kEpoch, kOp };

/// A name that an event binds when it fires.  Scenario::variables has each name once.
struct Variable {
  std::string name;
  EventIndex event;
  Column column{};
};

enum class Edge : uint8_t { kAfter, kBefore };

/// The state that must hold besides; all that are there.
struct While {
  std::optional<EventIndex> fired;
  std::optional<std::variant<zab::Zxid, VariableIndex>> committed;
  std::optional<std::variant<zab::Zxid, VariableIndex>> not_committed;
  absl::btree_map<zab::ServerId, zab::Kind> role;  // kLooking, kFollowing or kLeading.
};

struct Repeat {
  zab::Duration every;   // Above 0.
  uint64_t times = 0;    // Firings in all, the one at `at` included.
};
struct AtTime {
  zab::Time at;
  std::optional<Repeat> repeat;
};
struct WhenProbe {
  ProbeFilter filter;
  uint64_t nth = 1;  // The first match that counts; later ones count too, up to Event::max.
  Edge edge = Edge::kAfter;
  While condition;
  std::vector<VariableIndex> bind;  // Scenario::variables says which column.
};
struct AfterEvent {
  EventIndex event;
  zab::Duration delay;
};
using Trigger = std::variant<AtTime, WhenProbe, AfterEvent>;

enum class InFlight : uint8_t { kKeep, kDrop, kOnlyTo };

struct Crash {
  Selector target;
  zab::Kind kind = zab::Kind::kPower;  // Or kKill.
  InFlight in_flight = InFlight::kKeep;
  Selector only_to;  // Only with kOnlyTo: everything under way to others is dropped.
};
struct Restart { Selector target; };
struct Pause { Selector target; };
struct Resume { Selector target; };
struct ForceSnapshot { Selector target; };

/// Either groups (nodes of different ones do not reach each other) or oneway.
struct Partition {
  struct Oneway { Selector from; Selector to; };
  std::vector<Selector> groups;
  std::optional<size_t> rest;      // The group of every server that no other group names.
  std::optional<Selector> bridge;  // Reaches all, whatever its group.
  std::optional<Oneway> oneway;
};
struct Heal { std::optional<EventIndex> event; };  // None: all.
struct Clog { Selector from; Selector to; };
struct Release { Selector from; Selector to; };
struct BreakChannel { Selector from; Selector to; };
/// The next message of that kind (none: of any) on that link comes so much later.
struct DelayNext {
  Selector from;
  Selector to;
  std::optional<zab::Kind> kind;
  zab::Duration by;
};
/// The next datagram of that kind (none: of any) on that link gets lost, or arrives twice.
struct DropNext {
  Selector from;
  Selector to;
  std::optional<zab::Kind> kind;
};
struct DupNext {
  Selector from;
  Selector to;
  std::optional<zab::Kind> kind;
};
struct SetLink {
  Selector from;
  Selector to;
  LinkChange change;
};
struct SetDisk {
  Selector target;
  DiskChange change;
};
struct SetClock {
  Selector target;
  int32_t drift_ppm = 0;
};
struct StepClock {
  Selector target;
  zab::Duration by;  // May be below 0.
};
struct FailIo {
  Selector target;
  sim::IoFault op{};
  uint64_t nth = 1;  // 1: the next one.
};
enum class HistoryFileKind : uint8_t { kLog, kSnapshot };
/// kRot: a bit; kBlock: a sector, overwritten by a write that was meant for another.
enum class Damage : uint8_t { kRot, kBlock };
struct Corrupt {
  Selector target;
  HistoryFileKind file{};
  Damage damage = Damage::kRot;
};
struct Wipe { Selector target; };
struct Note { Text text; };

using Action = std::variant<Crash, Restart, Pause, Resume, ForceSnapshot, Partition, Heal, Clog,
                            Release, BreakChannel, DelayNext, DropNext, DupNext, SetLink, SetDisk,
                            SetClock, StepClock, FailIo, Corrupt, Wipe, Note>;

struct Event {
  std::string id;
  Text doc;
  Trigger trigger;
  uint64_t max = 1;  // Firings; of AtTime it is repeat's `times`, or 1.
  std::vector<Action> actions;  // The key `do`.
};

// ---- Workload -----------------------------------------------------------------------------------

struct AnyServer {
  friend bool operator==(const AnyServer&, const AnyServer&) = default;
};
struct TheLeader {
  friend bool operator==(const TheLeader&, const TheLeader&) = default;
};
using Attachment = std::variant<AnyServer, TheLeader, zab::ServerId>;

struct Client {
  std::string name;
  size_t block = 0;      // In Scenario::workload.
  Attachment server;
};

/// An operation of a script block.
struct ScriptOperation {
  std::string id;
  size_t block = 0;  // In Scenario::workload.
  zab::Time at;
  ClientIndex client;
  zab::Operation operation;
};

enum class ReadFrom : uint8_t { kAny, kLeader };

/// An operation that a mix may draw.
struct MixEntry {
  zab::OpType type{};
  bool sync_first = false;  // "sync+getData".
  uint64_t weight = 0;  // Above 0.
};

/// What is left of a script block: its operations are in Scenario::operations.
struct Script {
  zab::Time from;  // Its clients connect.
};
struct Closed {
  std::vector<MixEntry> mix = {{zab::OpType::kSetData, false, 1},
                               {zab::OpType::kGetData, false, 1}};
  uint64_t keys = 16;
  uint64_t value_size = 64;   // Bytes.
  ReadFrom read_from = ReadFrom::kAny;
  zab::Duration think;
  zab::Time from;
  std::optional<zab::Time> until;  // None: quiet, or the end where there is no quiet.
};

struct Block {
  std::string id;
  Attachment server;  // Of its clients that name none.
  std::vector<ClientIndex> clients;
  std::variant<Script, Closed> kind;
};

// ---- Random faults ------------------------------------------------------------------------------

enum class NemesisKind : uint8_t {
  kPartition, kClog, kCrashRestart, kRollingRestart, kPause, kSlowFsync, kDiskError, kDiskLoss,
  kSwizzleClog, kFlapLeader, kGrayLink, kClock
};
enum class Shape : uint8_t {
  kHalves, kOne, kLeaderMinority, kBridge, kOneway,  // Of kPartition.
  kRead, kWrite, kFsync, kFull,                      // Of kDiskError.
  kRot, kBlock, kReordered, kWipe,                   // Of kDiskLoss.
  kPause, kCut, kKill,                               // Of kFlapLeader.
  kDrift, kStep                                      // Of kClock.
};

/// How many servers may be down at once.
enum class MostDown : uint8_t { kMinority, kAll };

struct Nemesis {
  NemesisKind kind{};
  zab::Duration interval = zab::Seconds(10);  // Mean from start to start; above 0.
  zab::Duration duration = zab::Seconds(3);   // Above 0.
  std::vector<Selector> targets;   // One is drawn each time.  Not of those that choose themselves.
  std::vector<Shape> shapes;       // One is drawn each time.
  uint64_t factor = 20;            // Only of kSlowFsync and kGrayLink; above 1.
  zab::Time from;
  std::optional<zab::Time> until;  // None: quiet, or the end where there is no quiet.
  MostDown limit{};                // Of those that take servers down; the key `limit.down`.
};

// ---- End and expectations -----------------------------------------------------------------------

struct HealAll {};
struct HealCore {};  // A drawn quorum.
using HealWhom = std::variant<HealAll, HealCore, std::vector<zab::ServerId>>;

struct Quiet {
  zab::Time at;
  HealWhom heal;
};

struct End {
  zab::Time at;  // The key `virtual`.
  std::optional<uint64_t> txns;
  uint64_t events = 50'000'000;
  std::optional<Quiet> quiet;
};

enum class Verdict : uint8_t { kPass, kViolation };

struct LeaderAfter {
  EventIndex event;
  std::vector<zab::ServerId> servers;  // The key `in`.
};
struct TxnOutcome {
  std::variant<zab::Zxid, VariableIndex> txn;
  bool delivered = true;  // Else absent.
  std::vector<zab::ServerId> on;
};
struct OperationOutcome {
  OperationIndex op;
  zab::Kind is{};  // kOk, kError (written "failed") or kIndeterminate.
  std::optional<std::string> value;  // Only with kOk.
  std::optional<zab::Error> err;     // Only with kError.
};
struct RecoveredBy {
  zab::ServerId node;
  std::vector<zab::Kind> ways;  // kDiff, kTrunc, kSnap.
};
using Outcome = std::variant<LeaderAfter, TxnOutcome, OperationOutcome, RecoveredBy>;

enum class State : uint8_t { kHasLeader, kWriteOk, kAllEqual };

struct Deadline {
  std::string name;
  std::optional<EventIndex> from;  // None: quiet.
  std::variant<State, ProbeFilter> until;
  zab::Duration within;
};

/// What a run may show.
struct Reachability {
  std::variant<ProbeFilter, EventIndex> what;
  std::optional<zab::Ratio> share;  // Of the runs.  None: of one.  Not in `never`.
};

/// What a result has under `metrics`.
constexpr std::array<absl::string_view, 4> kMetrics = {"writes_acknowledged", "faults_effective",
                                                       "elections", "committed"};

/// Bounds of the median over the runs; one of the two at least.
struct MetricBounds {
  std::optional<uint64_t> at_least;
  std::optional<uint64_t> at_most;
};

struct Expect {
  Verdict verdict = Verdict::kPass;
  std::vector<std::string> violates;  // Names of invariants.
  std::vector<Outcome> outcome;
  std::vector<Deadline> deadlines;
  std::vector<Reachability> sometimes;
  std::vector<Reachability> never;
  absl::btree_map<std::string, MetricBounds> metrics;
};

/// The bug that a story is of: what a run with it must show.  Expect speaks of the run without it.
struct KnownBug {
  std::string id;
  std::vector<std::string> violates;  // Invariants, or kMissedDeadline alone (bugs.h).
};

// ---- Lesson -------------------------------------------------------------------------------------

/// A moment of the run at which the student is asked something.
struct LessonStop {
  std::variant<ProbeFilter, EventIndex> when;
  uint64_t nth = 1;  // Which match of the filter, or firing of the event.
  Text ask;
  std::vector<Text> choices;  // Two at least.
  uint64_t answer = 0;        // In choices.
  Text explain;
};

struct Lesson {
  uint64_t order = 0;  // Its place among the lessons.
  std::vector<LessonStop> stops;
};

// ---- The whole ----------------------------------------------------------------------------------

struct Scenario {
  std::string id;
  Text title;
  Text doc;
  std::vector<std::string> tags;
  Cluster cluster;
  zab::Timing timing;
  absl::btree_map<zab::ServerId, ServerClock> clocks;  // The key `timing.clock`; others are true.
  std::optional<KnownBug> known_bug;
  Network network;
  Disks disk;
  std::vector<Block> workload;
  std::vector<Event> events;
  std::vector<Nemesis> nemesis;
  End end;
  Expect expect;
  Run run;
  std::optional<Lesson> lesson;

  std::vector<Client> clients;              // Of all blocks, in their order.
  std::vector<ScriptOperation> operations;  // Of all script blocks, in their order.
  std::vector<Variable> variables;          // All that `bind` names, in the order of events.

  size_t ServerCount() const { return cluster.voters.size(); }
  NodeId NodeOf(ClientIndex client) const {
    return NodeId{static_cast<uint16_t>(ServerCount() + client.value + 1)};
  }
  static NodeId NodeOf(zab::ServerId server) { return NodeId{server.value}; }
  /// "n2", "c1"; empty for a number that nobody has.
  std::string NameOf(NodeId node) const;
  std::string NameOf(zab::ServerId server) const { return NameOf(NodeOf(server)); }
  /// "w/second".
  std::string NameOf(OperationIndex operation) const;
  /// What holds on the link at the start: an entry of `links`, else the pair of zones, else the
  /// default.  Clients have streams whatever it says.
  LinkProfile LinkOf(NodeId from, NodeId to) const;
  /// Whether a profile has transport datagram: a what-if, which may break what ZAB promises.
  bool UsesDatagrams() const;
  DiskProfile DiskOf(zab::ServerId server) const;
  /// At the start and, again, from quiet on.
  int32_t DriftOf(zab::ServerId server) const;
};

}  // namespace scenario
