#include "tools/zabsim/view/state_changes.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/string_view.h"
#include "scenarios/runner/state/client_states.h"
#include "scenarios/runner/state/cluster_state.h"
#include "scenarios/runner/state/log_pieces.h"
#include "tools/zabsim/view/varint.h"

namespace zabsim {
namespace {

using scenario::ClientState;
using scenario::LinkState;
using scenario::LogPiece;
using scenario::ServerState;

/// A cell that tells one thing of a `T`.
template <class T>
struct Field {
  absl::string_view name;
  int64_t (*value)(const T& of);
};

constexpr Field<ServerState> kServerFields[] = {
    {"role", [](const ServerState& s) { return static_cast<int64_t>(s.role); }},
    {"leads", [](const ServerState& s) { return int64_t{s.established}; }},
    {"epoch", [](const ServerState& s) { return int64_t{s.epoch.value}; }},
    {"paused", [](const ServerState& s) { return int64_t{s.paused}; }},
    {"damaged", [](const ServerState& s) { return int64_t{s.damaged}; }},
    {"current", [](const ServerState& s) { return int64_t{s.current.value}; }},
};
constexpr Field<ClientState> kClientFields[] = {
    {"server", [](const ClientState& c) { return int64_t{c.server.value}; }},
    {"status", [](const ClientState& c) { return static_cast<int64_t>(c.status); }},
    {"operation", [](const ClientState& c) { return int64_t{c.operation}; }},
    {"zxid.epoch", [](const ClientState& c) { return int64_t{c.zxid.epoch.value}; }},
    {"zxid.counter", [](const ClientState& c) { return int64_t{c.zxid.counter}; }},
};
constexpr Field<LinkState> kLinkFields[] = {
    {"cuts", [](const LinkState& l) { return int64_t{l.cuts}; }},
    {"clogged", [](const LinkState& l) { return int64_t{l.clogged}; }},
    {"set", [](const LinkState& l) { return int64_t{l.quality.has_value()}; }},
    {"latency", [](const LinkState& l) { return l.quality ? l.quality->latency.nanoseconds : 0; }},
    {"loss", [](const LinkState& l) { return int64_t{l.quality ? l.quality->loss : 0}; }},
};
constexpr Field<LogPiece> kPieceFields[] = {
    {"epoch", [](const LogPiece& p) { return int64_t{p.zxids.last.epoch.value}; }},
    {"from", [](const LogPiece& p) { return int64_t{p.zxids.first.counter}; }},
    {"to", [](const LogPiece& p) { return int64_t{p.zxids.last.counter}; }},
    {"entry", [](const LogPiece& p) { return static_cast<int64_t>(p.entry); }},
    {"based", [](const LogPiece& p) { return int64_t{p.based}; }},
    {"committed", [](const LogPiece& p) { return int64_t{p.committed}; }},
    {"applied", [](const LogPiece& p) { return int64_t{p.applied}; }},
    {"counted", [](const LogPiece& p) { return int64_t{p.counted}; }},
};
/// Behind its fields a server has the number of its pieces.
constexpr size_t kServerCells = std::size(kServerFields) + 1;

template <class T, size_t N>
std::vector<std::string> NamesOf(const Field<T> (&fields)[N]) {
  std::vector<std::string> names;
  for (const Field<T>& field : fields) names.emplace_back(field.name);
  return names;
}

/// The cells, and which of them are others than when Take was last called.
class StateRow {
 public:
  struct Change {
    size_t cell = 0;
    int64_t by = 0;
  };

  StateRow(size_t servers, size_t clients) : servers_(servers), clients_(clients) {}

  void Look(const scenario::ClusterState& state, const scenario::ClientStates& clients) {
    for (size_t i = 0; i < servers_; ++i) LookAtServer(state, i);
    for (const auto& [node, client] : clients.clients()) {
      const size_t index = node.value - servers_ - 1;
      SetAll(ClientsAt() + index * std::size(kClientFields), kClientFields, client);
    }
    for (const auto& [ends, link] : state.links()) {
      if (ends.first > servers_ || ends.second > servers_) continue;
      const size_t index = (ends.first - size_t{1}) * servers_ + ends.second - 1;
      SetAll(LinksAt() + index * std::size(kLinkFields), kLinkFields, link);
    }
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
  size_t ClientsAt() const { return servers_ * kServerCells; }
  size_t LinksAt() const { return ClientsAt() + clients_ * std::size(kClientFields); }
  size_t PiecesAt() const { return LinksAt() + servers_ * servers_ * std::size(kLinkFields); }

  void LookAtServer(const scenario::ClusterState& state, size_t index) {
    const ServerState& server = state.servers()[index];
    const std::vector<LogPiece> pieces = LogPieces(server, state);
    SetAll(index * kServerCells, kServerFields, server);
    Set((index + 1) * kServerCells - 1, static_cast<int64_t>(pieces.size()));
    for (size_t i = 0; i < pieces.size(); ++i) {
      SetAll(PiecesAt() + (i * servers_ + index) * std::size(kPieceFields), kPieceFields,
             pieces[i]);
    }
  }

  template <class T, size_t N>
  void SetAll(size_t first, const Field<T> (&fields)[N], const T& of) {
    for (size_t i = 0; i < N; ++i) Set(first + i, fields[i].value(of));
  }

  void Set(size_t cell, int64_t value) {
    if (cell >= now_.size()) now_.resize(cell + 1), taken_.resize(cell + 1);
    if (now_[cell] == value) return;
    now_[cell] = value;
    touched_.push_back(cell);
  }

  size_t servers_, clients_;
  std::vector<int64_t> now_, taken_;
  std::vector<size_t> touched_;
};

}  // namespace

StateNames NamesOfState() {
  StateNames names{.server = NamesOf(kServerFields),
                   .client = NamesOf(kClientFields),
                   .link = NamesOf(kLinkFields),
                   .piece = NamesOf(kPieceFields)};
  names.server.emplace_back("pieces");
  return names;
}

std::string StateChanges(const RecordedRun& run, const std::vector<scenario::Record>& kept) {
  scenario::ClusterState state(run.scenario.ServerCount());
  scenario::ClientStates clients;
  StateRow cells(run.scenario.ServerCount(), run.scenario.clients.size() + 1);  // And the probe's.
  std::string counts, places, differences;
  auto next = kept.begin();
  for (const scenario::Record& record : run.records) {
    run.Apply(record, state);
    clients.OnRecord(record);
    cells.Look(state, clients);
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
