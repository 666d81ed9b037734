// Events: triggers and actions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/names.h"
#include "scenarios/runner/language/physics.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// Names nodes at the moment it is evaluated.  Comments show the written forms.
struct Selector {
  struct Node {
    NodeId node;
  };  // n2
  struct Leader {
    std::optional<zab::Epoch> epoch;
  };  // leader, leader@2
  struct Followers {};  // followers
  struct Any {
    std::vector<Selector> of;
  };  // any(followers): a random one; 1 element
  struct Minority {};  // minority: random
  struct MajorityWithout {
    std::vector<Selector> of;
  };  // majority_without(leader); 1 element
  struct Self {};  // @self
  struct TargetOf {
    EventIndex event;
  };  // @ev.target
  struct AckedBy {
    VariableIndex zxid;
  };  // $z.acked_by
  struct Bound {
    VariableIndex node;
  };  // $n, bound to by, to or from
  struct List {
    std::vector<Selector> parts;
  };  // ["n1", "leader"]
  using Form = std::variant<List, Node, Leader, Followers, Any, Minority, MajorityWithout, Self,
                            TargetOf, AckedBy, Bound>;
  Form form;
};

template <class T>
struct AtLeast {
  T value{};
};
/// A value, `$name`, or {"at_least": value}.
template <class T>
using Bound = std::variant<T, VariableIndex, AtLeast<T>>;

/// Selects trace records: all filters that are set must match.
struct ProbeFilter {
  Probe on{};
  std::optional<Selector> by;
  std::optional<Selector> to;    // TraceEvent::peer.
  std::optional<Selector> from;  // TraceEvent::peer, of msg_delivered.
  std::optional<Kind> kind;
  std::optional<Bound<zab::Zxid>> zxid;
  std::optional<Bound<zab::Epoch>> epoch;
  std::optional<std::variant<OperationIndex, VariableIndex>> op;
};

/// A column of a record.
enum class Column : uint8_t { kBy, kTo, kFrom, kZxid, kEpoch, kOp };

/// A name that an event binds when it fires.  Names are unique in Scenario::variables.
struct Variable {
  std::string name;
  EventIndex event;
  Column column{};
};

enum class Edge : uint8_t { kAfter, kBefore };

/// Further conditions; all that are set must hold.
struct While {
  std::optional<EventIndex> fired;
  std::optional<std::variant<zab::Zxid, VariableIndex>> committed;
  std::optional<std::variant<zab::Zxid, VariableIndex>> not_committed;
  absl::btree_map<zab::ServerId, Kind> role;  // kLooking, kFollowing or kLeading.
};

struct Repeat {
  zab::Duration every;  // Above 0.
  uint64_t times = 0;   // Total number of firings, including the one at `at`.
};
struct AtTime {
  zab::Time at;
  std::optional<Repeat> repeat;
};
struct WhenProbe {
  ProbeFilter filter;
  uint64_t nth = 1;  // The first match that fires; later ones fire too, up to Event::max.
  Edge edge = Edge::kAfter;
  While condition;
  std::vector<VariableIndex> bind;  // The columns are in Scenario::variables.
};
struct AfterEvent {
  EventIndex event;
  zab::Duration delay;
};
using Trigger = std::variant<AtTime, WhenProbe, AfterEvent>;

enum class InFlight : uint8_t { kKeep, kDrop, kOnlyTo };

struct Crash {
  Selector target;
  Kind kind = Kind::kPower;  // Or kKill.
  InFlight in_flight = InFlight::kKeep;
  Selector only_to;  // Only with kOnlyTo: data in flight to other nodes are dropped.
};
struct Restart {
  Selector target;
};
struct Pause {
  Selector target;
};
struct Resume {
  Selector target;
};
struct ForceSnapshot {
  Selector target;
};

/// Either groups (nodes of different groups cannot reach each other) or oneway.
struct Partition {
  struct Oneway {
    Selector from;
    Selector to;
  };
  std::vector<Selector> groups;
  std::optional<size_t> rest;      // The group with all servers that no other group names.
  std::optional<Selector> bridge;  // Can reach all nodes, whatever its group.
  std::optional<Oneway> oneway;
};
struct Heal {
  std::optional<EventIndex> event;
};  // None: all.
struct Clog {
  Selector from;
  Selector to;
};
struct Release {
  Selector from;
  Selector to;
};
struct BreakChannel {
  Selector from;
  Selector to;
};
/// Delays the next message of this kind (nullopt: of any) on the links.
struct DelayNext {
  Selector from;
  Selector to;
  std::optional<Kind> kind;
  zab::Duration by;
};
/// The next datagram of this kind (nullopt: of any) on the links is lost, or (DupNext) arrives
/// twice.
struct DropNext {
  Selector from;
  Selector to;
  std::optional<Kind> kind;
};
struct DupNext {
  Selector from;
  Selector to;
  std::optional<Kind> kind;
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
  zab::Duration by;  // May be negative.
};
struct FailIo {
  Selector target;
  sim::IoFault op{};
  uint64_t nth = 1;  // 1: the next one.
};
enum class HistoryFileKind : uint8_t { kLog, kSnapshot };
/// kRot: one bit; kBlock: a sector overwritten by a misdirected write.
enum class Damage : uint8_t { kRot, kBlock };
struct Corrupt {
  Selector target;
  HistoryFileKind file{};
  Damage damage = Damage::kRot;
};
struct Wipe {
  Selector target;
};
struct Note {
  Text text;
};

using Action = std::variant<Crash, Restart, Pause, Resume, ForceSnapshot, Partition, Heal, Clog,
                            Release, BreakChannel, DelayNext, DropNext, DupNext, SetLink, SetDisk,
                            SetClock, StepClock, FailIo, Corrupt, Wipe, Note>;

/// What counts as a fault.  Repairs (restart, resume, heal, release), snapshots and notes do not.
enum class FaultKind : uint8_t {
  kCrash,
  kPause,
  kPartition,
  kClog,
  kBreakChannel,
  kDelayNext,
  kSetLink,
  kSetDisk,
  kFailIo,
  kCorrupt,
  kWipe,
  kSetClock,
  kStepClock,
  kDropNext,
  kDupNext
};
constexpr int kFaultKindCount = static_cast<int>(FaultKind::kDupNext) + 1;

struct Event {
  std::string id;
  Text doc;
  Trigger trigger;
  uint64_t max = 1;  // The maximal number of firings; for AtTime the `times` of repeat, or 1.
  std::vector<Action> actions;  // The key `do`.
};

}  // namespace scenario
