// Cheap tests come first.  The engine's tables have already matched the probe.
#include "scenarios/runner/matching/trigger.h"

#include <algorithm>
#include <optional>

#include "scenarios/runner/matching/selector.h"

namespace scenario {
namespace {

/// The value itself, or that of the variable; null if it is unbound or of another type.
template <class T>
const T* Resolve(const std::variant<T, VariableIndex>& value, const Context& context) {
  if (const auto* variable = std::get_if<VariableIndex>(&value)) {
    return std::get_if<T>(&context.facts.variables[variable->value]);
  }
  return &std::get<T>(value);
}

template <class T>
bool Within(const Bound<T>& bound, const T& value, const Context& context) {
  if (const auto* least = std::get_if<AtLeast<T>>(&bound)) return value >= least->value;
  if (const auto* variable = std::get_if<VariableIndex>(&bound)) {
    const T* const wanted = std::get_if<T>(&context.facts.variables[variable->value]);
    return wanted != nullptr && value == *wanted;
  }
  return value == std::get<T>(bound);
}

}  // namespace

bool Matches(const ProbeFilter& filter, const Record& record, const Context& context) {
  const TraceEvent& event = record.event;
  if (event.probe != filter.on) return false;
  if (filter.kind && event.kind != *filter.kind) return false;
  if (filter.zxid && !Within(*filter.zxid, event.zxid, context)) return false;
  if (filter.epoch && !Within(*filter.epoch, event.epoch, context)) return false;
  if (filter.op) {
    const std::optional<OperationIndex> found = context.facts.OperationOf(event);
    const OperationIndex* const wanted = Resolve(*filter.op, context);
    if (!found || wanted == nullptr || *found != *wanted) return false;
  }
  if (filter.by && !Contains(*filter.by, record.node, context)) return false;
  if (filter.to && !Contains(*filter.to, NodeOf(event.peer), context)) return false;
  return !filter.from || Contains(*filter.from, NodeOf(event.peer), context);
}

bool Holds(const While& condition, const Context& context) {
  if (condition.fired && context.facts.events[condition.fired->value].fired == 0) return false;
  if (condition.committed) {
    const zab::Zxid* const zxid = Resolve(*condition.committed, context);
    if (zxid == nullptr || !context.histories.IsCommitted(*zxid)) return false;
  }
  if (condition.not_committed) {
    const zab::Zxid* const zxid = Resolve(*condition.not_committed, context);
    if (zxid == nullptr || context.histories.IsCommitted(*zxid)) return false;
  }
  return std::ranges::all_of(condition.role, [&](const auto& entry) {
    return context.facts.cluster.RoleOf(entry.first) == entry.second;
  });
}

Bindable ColumnOf(Column column, const Record& record, const RunFacts& facts) {
  switch (column) {
    case Column::kBy: return record.node;
    case Column::kTo:
    case Column::kFrom: return NodeOf(record.event.peer);
    case Column::kZxid: return record.event.zxid;
    case Column::kEpoch: return record.event.epoch;
    case Column::kOp: break;
  }
  const std::optional<OperationIndex> operation = facts.OperationOf(record.event);
  return operation ? Bindable(*operation) : Bindable();
}

}  // namespace scenario
