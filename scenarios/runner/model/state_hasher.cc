// What the numbers of a path stand for.
#include "scenarios/runner/model/state_hasher.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace scenario {

// By its transactions, which are few: explored worlds are small.
void StateHasher::AddHistory(HistoryId history) {
  ZAB_CHECK(names_.histories != nullptr);
  AddNumber(names_.histories->size(history));
  for (HistoryId at = history; at != kEmptyHistory; at = names_.histories->parent(at)) {
    AddNumber(names_.histories->last(at).zxid.ToWire());
    AddNumber(names_.histories->last(at).hash);
  }
}

void StateHasher::AddOperation(zab::OperationId operation) {
  const zab::OperationId first = names_.first_pending;
  if (operation.value == 0) return AddNumber(UINT64_MAX);
  const bool done = first.value == 0 || operation < first;
  AddNumber(done ? UINT64_MAX - 1 : names_.last_operation.value - operation.value);
}

void StateHasher::AddConnection(zab::ConnectionId connection) {
  const auto found = std::ranges::lower_bound(names_.connections, connection, {},
                                              &std::pair<zab::ConnectionId, uint64_t>::first);
  const bool known = found != names_.connections.end() && found->first == connection;
  AddNumber(known ? found->second : UINT64_MAX);  // Dead: it has no effect any more.
}

void StateHasher::AddTraceEvent(const zab::TraceEvent& event) {
  event.Fields([this](absl::string_view name, const auto& field) {
    if (name != "connection") Add(field);
  });
}

}  // namespace scenario
