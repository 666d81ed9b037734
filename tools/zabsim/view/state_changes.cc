#include "tools/zabsim/view/state_changes.h"

#include <algorithm>
#include <array>

#include "absl/strings/string_view.h"
#include "scenarios/runner/state/cluster_state.h"
#include "tools/zabsim/view/varint.h"

namespace zabsim {
namespace {

using scenario::ServerState;

zab::Zxid OnDisk(const ServerState& server) {
  return server.history.on_disk().value_or(zab::Zxid{});
}

struct Field {
  absl::string_view name;
  int64_t (*value)(const ServerState& server);
};

constexpr Field kFields[] = {
    {"role", [](const ServerState& s) { return static_cast<int64_t>(s.role); }},
    {"paused", [](const ServerState& s) { return int64_t{s.paused}; }},
    {"damaged", [](const ServerState& s) { return int64_t{s.damaged}; }},
    {"current", [](const ServerState& s) { return int64_t{s.current.value}; }},
    {"base.epoch", [](const ServerState& s) { return int64_t{s.history.base().epoch.value}; }},
    {"base.counter", [](const ServerState& s) { return int64_t{s.history.base().counter}; }},
    {"synced.epoch", [](const ServerState& s) { return int64_t{s.history.synced().epoch.value}; }},
    {"synced.counter", [](const ServerState& s) { return int64_t{s.history.synced().counter}; }},
    {"seen", [](const ServerState& s) { return int64_t{s.history.on_disk().has_value()}; }},
    {"disk.epoch", [](const ServerState& s) { return int64_t{OnDisk(s).epoch.value}; }},
    {"disk.counter", [](const ServerState& s) { return int64_t{OnDisk(s).counter}; }},
    {"doubt", [](const ServerState& s) { return int64_t{s.history.in_doubt()}; }},
    {"applied.epoch", [](const ServerState& s) { return int64_t{s.applied().epoch.value}; }},
    {"applied.counter", [](const ServerState& s) { return int64_t{s.applied().counter}; }},
    {"ranges", [](const ServerState& s) { return static_cast<int64_t>(s.history.log().size()); }},
};
constexpr size_t kFieldCount = std::size(kFields);

/// The cells, and which of them are others than when Take was last called.
class StateRow {
 public:
  struct Change {
    size_t cell = 0;
    int64_t by = 0;
  };

  explicit StateRow(size_t servers) : servers_(servers) {}

  /// Looks at what a record of that node, maybe of a link to that peer, can have changed.
  void Look(const scenario::ClusterState& state, size_t node, size_t peer) {
    if (node == 0 || node > servers_) return;
    LookAtServer(state.servers()[node - 1], node - 1);
    if (peer == 0 || peer > servers_) return;
    const auto link =
        state.links().find({static_cast<uint16_t>(node), static_cast<uint16_t>(peer)});
    if (link == state.links().end()) return;
    const size_t at = servers_ * kFieldCount + 2 * ((node - 1) * servers_ + peer - 1);
    Set(at, link->second.cuts);
    Set(at + 1, link->second.clogged ? 1 : 0);
  }

  std::vector<Change> Take() {
    std::ranges::sort(touched_);
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    std::vector<Change> changes;
    for (const size_t cell : touched_) {
      if (now_[cell] != taken_[cell]) changes.push_back({cell, now_[cell] - taken_[cell]});
      taken_[cell] = now_[cell];
    }
    touched_.clear();
    return changes;
  }

 private:
  void LookAtServer(const ServerState& server, size_t index) {
    for (size_t i = 0; i < kFieldCount; ++i) {
      Set(index * kFieldCount + i, kFields[i].value(server));
    }
    const std::vector<scenario::ZxidRange>& log = server.history.log();
    for (size_t i = 0; i < log.size(); ++i) {
      const size_t at = servers_ * (kFieldCount + 2 * servers_) + 3 * (i * servers_ + index);
      Set(at, log[i].first.epoch.value);
      Set(at + 1, log[i].first.counter);
      Set(at + 2, log[i].last.counter);
    }
  }

  void Set(size_t cell, int64_t value) {
    if (cell >= now_.size()) now_.resize(cell + 1), taken_.resize(cell + 1);
    if (now_[cell] == value) return;
    now_[cell] = value;
    touched_.push_back(cell);
  }

  size_t servers_;
  std::vector<int64_t> now_, taken_;
  std::vector<size_t> touched_;
};

}  // namespace

std::vector<std::string> StateFields() {
  std::vector<std::string> names;
  for (const Field& field : kFields) names.emplace_back(field.name);
  return names;
}

std::string StateChanges(const RecordedRun& run, const std::vector<scenario::Record>& kept) {
  scenario::ClusterState state(run.scenario.ServerCount());
  StateRow cells(run.scenario.ServerCount());
  std::string counts, places, differences;
  auto next = kept.begin();
  for (const scenario::Record& record : run.records) {
    run.Apply(record, state);
    cells.Look(state, record.node.value, record.event.peer.value);
    if (next == kept.end() || next->id != record.id) continue;
    ++next;
    const std::vector<StateRow::Change> changes = cells.Take();
    AppendVarint(changes.size(), counts);
    for (const StateRow::Change& change : changes) {
      AppendVarint(change.cell, places);
      AppendSignedVarint(change.by, differences);
    }
  }
  return counts + places + differences;
}

}  // namespace zabsim
