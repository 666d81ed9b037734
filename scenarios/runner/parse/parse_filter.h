// Field lists of probe filters, shared by triggers, deadlines, `sometimes` and `never`.
#pragma once

#include <string>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/parse/codecs.h"

namespace scenario {

/// The name of a probe that triggers may use.
struct ProbeName {
  void Read(ReadContext& in, const Place& at, Probe& out) const;
  Value Write(const Scenario&, Probe probe) const { return Value::String(Name(probe)); }
};

/// The columns to which `$name` may be bound when it is used as a T.
inline std::vector<Column> ColumnsOf(const zab::Zxid&) {
  return {Column::kZxid};
}
inline std::vector<Column> ColumnsOf(const zab::Epoch&) {
  return {Column::kEpoch};
}
inline std::vector<Column> ColumnsOf(const OperationIndex&) {
  return {Column::kOp};
}

template <class T>
struct AtLeastKey {
  T& value;
};
template <class V, class T>
void Fields(V& v, AtLeastKey<T>& bound) {
  v.Required("at_least", bound.value);
}
template <class V, class T>
void Fields(V& v, const AtLeastKey<T>& bound) {
  v.Required("at_least", bound.value);
}

/// A value or `$name`, or {"at_least": value} if the variant has that alternative.
struct ValueOrVariable {
  template <class T, class... Ts>
  void Read(ReadContext& in, const Place& at, std::variant<T, VariableIndex, Ts...>& out) const {
    if (at.value.Is(Value::Type::kString) && absl::StartsWith(at.value.text, "$")) {
      const auto variable = ReadVariable(in, at, at.value.text, ColumnsOf(T{}));
      if (variable.has_value()) out = *variable;
      return;
    }
    if constexpr (sizeof...(Ts) > 0) {
      if (at.value.Is(Value::Type::kObject)) {
        AtLeastKey<T> key{out.template emplace<AtLeast<T>>().value};
        return Object().Read(in, at, key);
      }
    }
    ReadValue(in, at, out.template emplace<T>());
  }
  template <class T, class... Ts>
  Value Write(const Scenario& s, const std::variant<T, VariableIndex, Ts...>& value) const {
    if (const auto* variable = std::get_if<VariableIndex>(&value)) {
      return Value::String(absl::StrCat("$", s.variables[variable->value].name));
    }
    if constexpr (sizeof...(Ts) > 0) {
      if (const auto* bound = std::get_if<AtLeast<T>>(&value)) {
        return Object().Write(s, AtLeastKey<const T>{bound->value});
      }
    }
    return WriteValue(s, std::get<T>(value));
  }
};

/// The keys of a filter.  A key for a column that the probe does not have is an unknown key.
template <class V, class S>
void FilterKeys(V& v, S& filter) {
  v.Required("on", filter.on, ProbeName{});
  if (v.GivesUp()) return;
  v("by", filter.by);
  const ProbeRow& probe = RowOf(filter.on);
  if (!probe.kinds.empty()) v("kind", filter.kind, KindWords(probe.kinds));
  for (const Column column : probe.columns) {
    switch (column) {
      case Column::kBy: break;
      case Column::kTo: v("to", filter.to); break;
      case Column::kFrom: v("from", filter.from); break;
      case Column::kZxid: v("zxid", filter.zxid, ValueOrVariable{}); break;
      case Column::kEpoch: v("epoch", filter.epoch, ValueOrVariable{}); break;
      case Column::kOp: v("op", filter.op, ValueOrVariable{}); break;
    }
  }
}

/// The keys of an occurrence: either `event` with an event's id, or the keys of a filter.
template <class V, class S>
void HappeningKeys(V& v, S& what) {
  if constexpr (V::kReads) {
    if (v.Has("event")) {
      v("event", what.template emplace<EventIndex>());
    } else {
      FilterKeys(v, what.template emplace<ProbeFilter>());
    }
  } else if (const auto* event = std::get_if<EventIndex>(&what)) {
    v("event", *event);
  } else {
    FilterKeys(v, std::get<ProbeFilter>(what));
  }
}

}  // namespace scenario
