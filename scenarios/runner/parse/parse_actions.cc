// The actions of events.
#include <algorithm>

#include "absl/container/btree_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/sections.h"
#include "sim/clock.h"

namespace scenario {
namespace {

// ---- crash --------------------------------------------------------------------------------------

struct OnlyTo {
  Selector nodes;
};

}  // namespace

template <class V, Is<OnlyTo> S>
void Fields(V& v, S& only) {
  v.Required("only_to", only.nodes, NodeSelector{});
}

namespace {

// "keep", "drop" or {"only_to": selector}: two members of Crash.
struct InFlightCodec {
  void Read(ReadContext& in, const Place& at, Crash& out) const {
    if (at.value.Is(Value::Type::kObject)) {
      OnlyTo only;
      Object().Read(in, at, only);
      out.in_flight = InFlight::kOnlyTo;
      out.only_to = std::move(only.nodes);
    } else if (at.value.Is(Value::Type::kString) && at.value.text == "drop") {
      out.in_flight = InFlight::kDrop;
    } else if (at.value.Is(Value::Type::kString) && at.value.text == "keep") {
      out.in_flight = InFlight::kKeep;
    } else {
      Wrong(in, at, "wanted \"keep\", \"drop\" or {\"only_to\": [...]}");
    }
  }
  Value Write(const Scenario& s, const Crash& value) const {
    if (value.in_flight == InFlight::kOnlyTo) return Object().Write(s, OnlyTo{value.only_to});
    return Value::String(value.in_flight == InFlight::kDrop ? "drop" : "keep");
  }
};

}  // namespace

template <class V, Is<Crash> S>
void Fields(V& v, S& crash) {
  v.Required("target", crash.target);
  v("kind", crash.kind, KindWords({Kind::kPower, Kind::kKill}));
  v("in_flight", crash, InFlightCodec{});
}

// ---- partition ----------------------------------------------------------------------------------

namespace {

// Adds the nodes that the selector names if they are known before the run; otherwise returns false.
bool AddNodes(const Selector& selector, std::vector<NodeId>& out) {
  if (const auto* node = std::get_if<Selector::Node>(&selector.form)) {
    out.push_back(node->node);
    return true;
  }
  const auto* list = std::get_if<Selector::List>(&selector.form);
  return list != nullptr && std::all_of(list->parts.begin(), list->parts.end(),
                                        [&](const Selector& part) { return AddNodes(part, out); });
}

// The problem with the groups; empty if there is none.  The bridge may be in a group or in none.
std::string ProblemOf(const Partition& partition, const std::vector<std::string>& servers) {
  std::vector<NodeId> named;
  bool fixed = true;
  for (const Selector& group : partition.groups) fixed &= AddNodes(group, named);
  std::sort(named.begin(), named.end());
  const auto name_of = [&](NodeId node) { return servers[node.value - size_t{1}]; };
  const auto twice = std::adjacent_find(named.begin(), named.end());
  if (twice != named.end() && twice->value <= servers.size()) {
    return absl::StrCat("\"", name_of(*twice), "\" is in two groups");
  }
  if (partition.rest.has_value()) return "";
  if (!fixed)
    return "wanted a group \"rest\", since the other groups depend on the run; found none";
  if (partition.bridge.has_value()) AddNodes(*partition.bridge, named);
  std::vector<std::string> missing;
  for (size_t i = 0; i < servers.size(); ++i) {
    const NodeId node{static_cast<uint16_t>(i + 1)};
    if (std::find(named.begin(), named.end(), node) == named.end()) missing.push_back(servers[i]);
  }
  if (missing.empty()) return "";
  return absl::StrCat("wanted groups that together name every server; missing: ",
                      absl::StrJoin(missing, ", "), " (one group may be \"rest\")");
}

// The list of groups, one of which may be "rest": two members of Partition.
struct GroupsCodec {
  void Read(ReadContext& in, const Place& at, Partition& out) const {
    if (!HasType(in, at, Value::Type::kArray, "wanted a list of groups")) return;
    if (at.value.children.size() < 2) Wrong(in, at, "wanted at least two groups");
    for (const Value& group : at.value.children) {
      const Place place{group, &at};
      Selector& selector = out.groups.emplace_back();
      if (!group.Is(Value::Type::kString) || group.text != "rest") {
        NodeSelector().Read(in, place, selector);
      } else if (out.rest.has_value()) {
        in.problems.Add(place, "wanted \"rest\" once");
      } else {
        out.rest = out.groups.size() - 1;
      }
    }
  }
  Value Write(const Scenario& s, const Partition& value) const {
    Value out = Value::Array();
    for (size_t i = 0; i < value.groups.size(); ++i) {
      out.children.push_back(i == value.rest ? Value::String("rest")
                                             : WriteValue(s, value.groups[i]));
    }
    return out;
  }
};

}  // namespace

// `from` and `to` of an action that affects one direction.
template <class V, class S>
void DirectionKeys(V& v, S& direction) {
  v.Required("from", direction.from, NodeSelector{});
  v.Required("to", direction.to, NodeSelector{});
}

template <class V, Is<Partition::Oneway> S>
void Fields(V& v, S& oneway) {
  DirectionKeys(v, oneway);
}

template <class V, Is<Partition> S>
void Fields(V& v, S& partition) {
  if (V::kReads || !partition.groups.empty()) v("groups", partition, GroupsCodec{});
  v("bridge", partition.bridge);
  v("oneway", partition.oneway, Object{});
  if constexpr (V::kReads) {
    if (v.GivesUp()) return;
    if (v.Has("groups") == v.Has("oneway")) {
      return v.Fail("", "wanted one of the keys groups, oneway, found both or none");
    }
    if (v.Has("oneway")) {
      if (v.Has("bridge")) v.Fail("bridge", "wanted `groups` beside `bridge`, found `oneway`");
      return;
    }
    const std::string wrong = ProblemOf(partition, v.in.names.servers.all());
    if (!wrong.empty()) v.Fail("groups", wrong);
  }
}

// ---- Other actions ------------------------------------------------------------------------------

template <class V, class S>
  requires Is<S, Clog> || Is<S, Release> || Is<S, BreakChannel>
void Fields(V& v, S& action) {
  DirectionKeys(v, action);
}

template <class V, Is<DelayNext> S>
void Fields(V& v, S& action) {
  DirectionKeys(v, action);
  v("kind", action.kind, KindWords(kMessageKinds));
  v.Required("by", action.by, DurationCodec{zab::Nanoseconds(1)});
}

template <class V, class S>
  requires Is<S, DropNext> || Is<S, DupNext>
void Fields(V& v, S& action) {
  DirectionKeys(v, action);
  v("kind", action.kind, KindWords(kMessageKinds));
  if constexpr (V::kReads) {
    if (!v.in.scenario.UsesDatagrams()) {
      v.Fail("",
             "wanted a profile with `transport` \"datagram\", found streams only, which lose and "
             "duplicate nothing; to delay a message use delay_next");
    }
  }
}

template <class V, Is<SetClock> S>
void Fields(V& v, S& action) {
  v.Required("target", action.target);
  v.Required("drift_ppm", action.drift_ppm, Integer{-sim::kMaxDrift, sim::kMaxDrift});
}

template <class V, Is<StepClock> S>
void Fields(V& v, S& action) {
  v.Required("target", action.target);
  v.Required("by", action.by, SignedDurationCodec{});
}

template <class V, Is<FailIo> S>
void Fields(V& v, S& action) {
  using enum sim::IoFault;
  v.Required("target", action.target);
  v.Required("op", action.op,
             Words<sim::IoFault>{
                 {{kRead, "read"}, {kWrite, "write"}, {kFsync, "fsync"}, {kFull, "full"}}});
  v("nth", action.nth, Integer{1});
}

template <class V, Is<Corrupt> S>
void Fields(V& v, S& action) {
  v.Required("target", action.target);
  v.Required("file", action.file,
             Words<HistoryFileKind>{
                 {{HistoryFileKind::kLog, "log"}, {HistoryFileKind::kSnapshot, "snapshot"}}});
  v("damage", action.damage, Words<Damage>{{{Damage::kRot, "rot"}, {Damage::kBlock, "block"}}});
}

namespace {

// Each `$name` in a note must be bound by this or an earlier event.
void CheckVariables(ReadContext& in, const Place& at, const std::string& text) {
  for (size_t i = text.find('$'); i != std::string::npos; i = text.find('$', i + 1)) {
    size_t end = i + 1;
    const auto is_part = [&](char c) {
      return absl::ascii_islower(static_cast<unsigned char>(c)) ||
             (end > i + 1 && (absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_'));
    };
    while (end < text.size() && is_part(text[end])) ++end;
    if (end == i + 1) continue;
    ReadVariable(
        in, at, text.substr(i, end - i),
        {Column::kBy, Column::kTo, Column::kFrom, Column::kZxid, Column::kEpoch, Column::kOp});
  }
}

template <class T>
concept HasTargetOnly =
    std::same_as<T, Restart> || std::same_as<T, Pause> || std::same_as<T, Resume> ||
    std::same_as<T, ForceSnapshot> || std::same_as<T, Wipe>;

struct ActionCodec {
  template <class T>
  void Read(ReadContext& in, const Place& at, T& out) const {
    Object().Read(in, at, out);
  }
  template <class T>
  Value Write(const Scenario& s, const T& value) const {
    return Object().Write(s, value);
  }

  template <HasTargetOnly T>
  void Read(ReadContext& in, const Place& at, T& out) const {
    ReadValue(in, at, out.target);
  }
  template <HasTargetOnly T>
  Value Write(const Scenario& s, const T& value) const {
    return WriteValue(s, value.target);
  }

  void Read(ReadContext& in, const Place& at, SetLink& out) const { ReadValue(in, at, out); }
  Value Write(const Scenario& s, const SetLink& value) const { return WriteValue(s, value); }
  void Read(ReadContext& in, const Place& at, SetDisk& out) const { ReadValue(in, at, out); }
  Value Write(const Scenario& s, const SetDisk& value) const { return WriteValue(s, value); }

  void Read(ReadContext& in, const Place& at, Heal& out) const {
    if (at.value.Is(Value::Type::kString) && at.value.text == "all") return;
    ReadValue(in, at, out.event.emplace());
    if (at.value.Is(Value::Type::kString) && in.names.events.Find(at.value.text).has_value() &&
        !in.names.cuts[out.event->value]) {
      Wrong(in, at, "wanted \"all\" or the id of an event with a `partition`");
    }
  }
  Value Write(const Scenario& s, const Heal& value) const {
    return value.event.has_value() ? WriteValue(s, *value.event) : Value::String("all");
  }

  void Read(ReadContext& in, const Place& at, Note& out) const {
    ReadValue(in, at, out.text);
    CheckVariables(in, at, out.text.en);
    CheckVariables(in, at, out.text.zh);
  }
  Value Write(const Scenario& s, const Note& value) const { return WriteValue(s, value.text); }
};

}  // namespace

template <class V, Is<Action> S>
void Fields(V& v, S& action) {
  v.OneOf({"crash",    "restart",  "pause",    "resume",        "force_snapshot", "partition",
           "heal",     "clog",     "release",  "break_channel", "delay_next",     "drop_next",
           "dup_next", "set_link", "set_disk", "set_clock",     "step_clock",     "fail_io",
           "corrupt",  "wipe",     "note"},
          action, ActionCodec{});
}

void ReadValue(ReadContext& in, const Place& at, std::vector<Action>& out) {
  ListOf<Object>().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const std::vector<Action>& value) {
  return ListOf<Object>().Write(s, value);
}

}  // namespace scenario
