// The key `events`: triggers; their actions are in parse_actions.cc.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/parse_filter.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {
namespace {

// {"z": "zxid"}: declares variables.  All of them are added even if there are problems, since their
// positions are fixed by Names.
struct BindCodec {
  Probe probe;

  void Read(ReadContext& in, const Place& at, std::vector<VariableIndex>& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted an object such as {\"z\": \"zxid\"}"))
      return;
    Words<Column> columns{{{Column::kBy, "by"}}};
    for (const Column column : RowOf(probe).columns) {
      columns.words.emplace_back(column, Name(column));
    }
    for (const Value* member : InNaturalOrder(at.value)) {
      const Place place{*member, &at};
      const VariableIndex index{in.scenario.variables.size()};
      if (!IsVariableName(member->key)) {
        in.problems.Add(place, "wanted a name of a-z, 0-9 and _ that begins with a letter");
      }
      if (in.names.variables.Find(member->key) != index.value) {
        in.problems.Add(place, absl::StrCat("\"$", member->key, "\" is bound already"));
      }
      Variable variable{member->key, EventIndex{in.visible_events}};
      columns.Read(in, place, variable.column);
      in.scenario.variables.push_back(std::move(variable));
      out.push_back(index);
    }
  }
  Value Write(const Scenario& s, const std::vector<VariableIndex>& value) const {
    Value out = Value::Object();
    for (const VariableIndex index : value) {
      const Variable& variable = s.variables[index.value];
      out.Add(variable.name, Value::String(Name(variable.column)));
    }
    return out;
  }
};

bool IsEmpty(const While& condition) {
  return !condition.fired.has_value() && !condition.committed.has_value() &&
         !condition.not_committed.has_value() && condition.role.empty();
}

Words<Kind> RoleWords() {
  return KindWords({Kind::kLooking, Kind::kFollowing, Kind::kLeading});
}

}  // namespace

template <class V, Is<While> S>
void Fields(V& v, S& condition) {
  v("fired", condition.fired);
  v("committed", condition.committed, ValueOrVariable{});
  v("not_committed", condition.not_committed, ValueOrVariable{});
  v("role", condition.role, MapOf<ServerKey, Words<Kind>>{{}, RoleWords()});
}

template <class V, Is<WhenProbe> S>
void Fields(V& v, S& when) {
  FilterKeys(v, when.filter);
  if (v.GivesUp()) return;
  v("nth", when.nth, Integer{1});
  v("edge", when.edge, Words<Edge>{{{Edge::kAfter, "after"}, {Edge::kBefore, "before"}}});
  if (V::kReads || !IsEmpty(when.condition)) v("while", when.condition, Object{});
  v("bind", when.bind, BindCodec{when.filter.on});
}

template <class V, Is<AfterEvent> S>
void Fields(V& v, S& after) {
  v.Required("event", after.event);
  v("delay", after.delay);
}

template <class V, Is<Repeat> S>
void Fields(V& v, S& repeat) {
  v.Required("every", repeat.every, DurationCodec{zab::Nanoseconds(1)});
  v.Required("times", repeat.times, Integer{1, 1'000'000});
}

namespace {

struct TriggerCodec {
  void Read(ReadContext& in, const Place& at, AtTime& out) const { ReadValue(in, at, out.at); }
  Value Write(const Scenario& s, const AtTime& value) const { return WriteValue(s, value.at); }
  template <class T>
  void Read(ReadContext& in, const Place& at, T& out) const {
    Object().Read(in, at, out);
  }
  template <class T>
  Value Write(const Scenario& s, const T& value) const {
    return Object().Write(s, value);
  }
};

}  // namespace

template <class V, Is<Event> S>
void Fields(V& v, S& event) {
  v("id", event.id, Identifier());
  if (V::kReads || !event.doc.empty()) v("doc", event.doc);
  v.OneOf({"at", "when", "after"}, event.trigger, TriggerCodec{});
  auto* at = std::get_if<AtTime>(&event.trigger);
  std::optional<Repeat> repeat;
  if (at != nullptr) repeat = at->repeat;
  v("repeat", repeat, Object{});
  if (at == nullptr) {
    if (repeat.has_value()) v.Fail("repeat", "wanted `at` beside `repeat`, found another trigger");
    v("max", event.max, Integer{1});
  } else if constexpr (V::kReads) {
    at->repeat = repeat;
    event.max = repeat.has_value() ? repeat->times : 1;
    if (repeat.has_value() && repeat->times > 0 &&
        repeat->every > kLongestDuration / static_cast<int64_t>(repeat->times)) {
      v.Fail("repeat", "the last of these would be beyond 1000000000s");
    }
  }
  if constexpr (V::kReads) {
    ++v.in.visible_events;  // Actions may use the variables that their own event binds.
    v.in.self = std::holds_alternative<WhenProbe>(event.trigger);
  }
  v("do", event.actions);
  if constexpr (V::kReads) v.in.self = false;
}

void ReadValue(ReadContext& in, const Place& at, std::vector<Event>& out) {
  if (!HasType(in, at, Value::Type::kArray, "wanted a list")) return;
  for (size_t i = 0; i < at.value.children.size(); ++i) {
    const Place place{at.value.children[i], &at};
    in.visible_events = i;
    Event& event = out.emplace_back();
    event.id = IdOf(place.value, "e", i);
    Object().Read(in, place, event);
    if (in.names.events.Find(event.id) != i) {
      in.problems.Add(place, absl::StrCat("the id \"", event.id, "\" is there twice"));
    }
  }
  in.visible_events = out.size();
}
Value WriteValue(const Scenario& s, const std::vector<Event>& value) {
  return ListOf<Object>().Write(s, value);
}

}  // namespace scenario
