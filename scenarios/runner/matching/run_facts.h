// What the parts of the engine know of a run: which events have fired and what they bound, which
// request is which operation.  Plain values, cloned with the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/cluster_view.h"
#include "sim/world.h"

namespace scenario {

class Ghost;

/// Only of a server's node.
inline zab::ServerId SidOf(NodeId node) {
  return {node.value};
}
inline NodeId NodeOf(zab::ServerId server) {
  return {server.value};
}

/// What a name of `bind` stands for; monostate until its event fires.
using Bindable = std::variant<std::monostate, zab::Zxid, zab::Epoch, OperationIndex, NodeId>;

struct EventState {
  uint64_t matches = 0;    // Probes that met filter and condition.
  uint64_t triggered = 0;  // Firings begun; those with edge `after` happen at the end of the step.
  uint64_t fired = 0;
  zab::Time first_fired;         // Only if fired > 0.
  std::vector<NodeId> targets;   // Whom the latest firing has hit.
  std::vector<sim::CutId> cuts;  // Of all firings.
  /// The first leader established after the first firing.
  std::optional<zab::ServerId> leader_after;
};

/// Questions about histories, answered by what the checkers know.  Valid during one call.
class HistoryView {
 public:
  /// Null: of a world without checkers, in which nothing is committed or held by anybody.
  explicit HistoryView(const Ghost* ghost) : ghost_(ghost) {}

  /// For good: some quorum had it on disk, or it is in the history that an established leader began
  /// with.
  bool IsCommitted(zab::Zxid zxid) const;
  /// The server has applied it.
  bool HasDelivered(zab::ServerId server, zab::Zxid zxid) const;
  /// It is in the history on the server's disk.
  bool HasSynced(zab::ServerId server, zab::Zxid zxid) const;

 private:
  const Ghost* ghost_;
};

struct RunFacts {
  std::vector<EventState> events;   // By EventIndex.
  std::vector<Bindable> variables;  // By VariableIndex.
  /// Requests of scripts: client id and cxid to operation.
  absl::btree_map<std::pair<int64_t, int64_t>, OperationIndex> requests;
  ClusterView view;
  /// Who has found its history damaged, or could not read some of it, and has not joined a leader
  /// with another since.
  absl::btree_set<zab::ServerId> damaged;
  /// kDiff, kTrunc or kSnap: how a leader last decided to synchronise it; kNone: never.  By sid
  /// - 1.
  std::vector<Kind> last_sync;

  explicit RunFacts(const Scenario& scenario)
      : events(scenario.events.size()),
        variables(scenario.variables.size()),
        view(scenario.ServerCount()),
        last_sync(scenario.ServerCount(), Kind::kNone) {}

  std::optional<OperationIndex> OperationOf(const TraceEvent& event) const {
    const auto found = requests.find({event.client, event.number});
    if (found == requests.end()) return std::nullopt;
    return found->second;
  }
};

/// All that a selector, filter or condition is evaluated against.  Valid during one call.
struct Context {
  const Scenario& scenario;
  const RunFacts& facts;
  HistoryView histories;
  std::optional<NodeId> self;  // The `by` of the probe that fired.
};

}  // namespace scenario
