// The facts of a run that the parts of the engine share: fired events, bound variables, and the
// operations of requests.  Plain values, cloned with the engine.
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
#include "scenarios/runner/state/cluster_state.h"
#include "sim/world.h"

namespace scenario {

class Ghost;

/// `node` must be a server.
inline zab::ServerId SidOf(NodeId node) {
  return {node.value};
}
inline NodeId NodeOf(zab::ServerId server) {
  return {server.value};
}

/// The value of a variable; monostate until its event fires.
using Bindable = std::variant<std::monostate, zab::Zxid, zab::Epoch, OperationIndex, NodeId>;

struct EventState {
  uint64_t matches = 0;    // Records that matched filter and condition.
  uint64_t triggered = 0;  // Firings begun; with edge `after` they complete at the end of the step.
  uint64_t fired = 0;
  zab::Time first_fired;         // Valid if fired > 0.
  std::vector<NodeId> targets;   // The targets of the latest firing.
  std::vector<sim::CutId> cuts;  // Of all firings.
  /// The first leader established after the first firing.
  std::optional<zab::ServerId> leader_after;
};

/// Queries about histories, answered from the ghost variables.  Valid during one call.
class HistoryView {
 public:
  /// `ghost` may be null in a world without checkers; then nothing is committed or held.
  explicit HistoryView(const Ghost* ghost) : ghost_(ghost) {}

  /// Whether it is committed: a quorum had it on disk, or it is in the initial history of an
  /// established leader.
  bool IsCommitted(zab::Zxid zxid) const;
  /// Whether the server has applied it.
  bool HasDelivered(zab::ServerId server, zab::Zxid zxid) const;
  /// Whether it is in the history on the server's disk.
  bool HasSynced(zab::ServerId server, zab::Zxid zxid) const;

 private:
  const Ghost* ghost_;
};

struct RunFacts {
  std::vector<EventState> events;   // By EventIndex.
  std::vector<Bindable> variables;  // By VariableIndex.
  /// Requests of scripts: from client id and cxid to the operation.
  absl::btree_map<std::pair<int64_t, int64_t>, OperationIndex> requests;
  ClusterState cluster;
  /// Servers that found their history damaged or unreadable and have not joined a leader with a new
  /// history since.
  absl::btree_set<zab::ServerId> damaged;
  /// How each server was last synchronised, by sid - 1: kDiff, kTrunc or kSnap; kNone: never.
  std::vector<Kind> last_sync;

  explicit RunFacts(const Scenario& scenario)
      : events(scenario.events.size()),
        variables(scenario.variables.size()),
        cluster(scenario.ServerCount()),
        last_sync(scenario.ServerCount(), Kind::kNone) {}

  std::optional<OperationIndex> OperationOf(const TraceEvent& event) const {
    const auto found = requests.find({event.client, event.number});
    if (found == requests.end()) return std::nullopt;
    return found->second;
  }
};

/// Everything that selectors, filters and conditions are evaluated with.  Valid during one call.
struct Context {
  const Scenario& scenario;
  const RunFacts& facts;
  HistoryView histories;
  std::optional<NodeId> self;  // The `by` of the probe that fired.
};

}  // namespace scenario
