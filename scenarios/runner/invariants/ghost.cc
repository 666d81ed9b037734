// Setup, queries, and the derivation of deliveries and commits.  The handlers of probes are in
// ghost_handlers.cc.
#include "scenarios/runner/invariants/ghost.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/cluster/cluster_disk.h"
#include "scenarios/runner/model/sentence.h"

namespace scenario {
namespace {

/// How many transactions keep their contents although every disk has them.
constexpr uint32_t kUnfolded = 4096;

}  // namespace

Ghost::Ghost(std::vector<std::string> names, const std::string& config)
    : names_(std::move(names)),
      servers_(names_.size()),
      durable_(names_.size()),
      start_(config),
      fold_(start_) {}

Ghost Ghost::For(const Scenario& scenario) {
  Ghost ghost(scenario.cluster.voters, PeerConfigOf(scenario, zab::ServerId{1}).ConfigText());
  for (const Client& client : scenario.clients) ghost.client_names_.push_back(client.name);
  for (const auto& [server, state] : scenario.cluster.initial) {
    ghost.Seed(server, InitialTxns(scenario, server));
  }
  return ghost;
}

void Ghost::Seed(zab::ServerId server, const std::vector<zab::TxnRef>& txns) {
  HistoryId history;
  for (const zab::TxnRef& txn : txns) {
    history = histories_.Append(history, {.zxid = txn->zxid(), .hash = txn->hash});
    histories_.Learn(history, txn);
    if (origins_.Find(txn->zxid())) continue;
    origins_[txn->zxid()] = {
        .hash = txn->hash, .broadcast = true, .history = history, .server = server};
  }
  At(server).history = history;
}

// ---- Queries ------------------------------------------------------------------------------------

const Leadership* Ghost::LeadershipOf(zab::ServerId server) const {
  const std::optional<LeadershipId> id = this->server(server).leadership;
  return id ? &leaderships_[id->value] : nullptr;
}

Leadership* Ghost::MutableLeadershipOf(zab::ServerId server) {
  const std::optional<LeadershipId> id = At(server).leadership;
  return id ? &leaderships_[id->value] : nullptr;
}

std::optional<HistoryId> Ghost::FindBroadcast(const Histories::Txn& txn) const {
  const Origin* origin = origins_.Find(txn.zxid);
  if (origin == nullptr) return std::nullopt;
  if (origin->broadcast && origin->hash == txn.hash) return origin->history;
  for (const auto& [zxid, rival] : rivals_) {
    if (zxid == txn.zxid && rival.hash == txn.hash) return rival.history;
  }
  return std::nullopt;
}

std::vector<zab::ServerId> Ghost::Holders(HistoryId history) const {
  std::vector<zab::ServerId> holders;
  for (const zab::ServerId sid : server_ids()) {
    if (histories_.IsPrefix(history, server(sid).history)) holders.push_back(sid);
  }
  return holders;
}

const ClientGhost* Ghost::client(int64_t id) const {
  const auto found = clients_.find(id);
  return found == clients_.end() ? nullptr : &found->second;
}

std::string Ghost::NameOf(zab::ServerId server) const {
  const bool known = server.value >= 1 && server.value <= names_.size();
  return known ? names_[server.value - size_t{1}] : absl::StrCat("server ", server.value);
}

Text Ghost::NameOf(HistoryId history) const {
  if (history == kEmptyHistory) return {"nothing", "空"};
  return Sentence("$0", "$0", ToString(histories_.zxid(history)));
}

Text Ghost::ExactNameOf(HistoryId history) const {
  if (history == kEmptyHistory) return {"nothing", "空"};
  const Histories::Txn& txn = histories_.last(history);
  return ExactNameOf(txn.zxid, txn.hash);
}

Text Ghost::ExactNameOf(zab::Zxid zxid, uint64_t hash) const {
  const Origin* first = origin(zxid);
  const Origin* this_one = first != nullptr && first->hash == hash ? first : nullptr;
  bool rivalled = first != nullptr && first->hash != hash;
  for (const auto& [rival_zxid, rival] : rivals_) {
    if (rival_zxid != zxid) continue;
    rivalled = true;
    if (rival.hash == hash) this_one = &rival;
  }
  if (!rivalled) return Sentence("$0", "$0", ToString(zxid));
  if (this_one == nullptr) return Sentence("another $0", "另一个 $0", ToString(zxid));
  return Sentence("$0 of $1", "$1 的 $0", ToString(zxid), NameOf(this_one->server));
}

std::string Ghost::NameOfClient(int64_t session) const {
  const ClientGhost* found = client(session);
  if (found == nullptr || found->node.value == 0) return absl::StrCat(absl::Hex(session));
  const size_t index = found->node.value - servers_.size() - 1;
  return index < client_names_.size() ? client_names_[index] : "probe";
}

Text Ghost::NamesOf(const std::vector<zab::ServerId>& servers) const {
  if (servers.empty()) return {"nobody", "0 台服务器"};
  const std::string names = absl::StrJoin(
      servers, ", ", [&](std::string* out, zab::ServerId server) { out->append(NameOf(server)); });
  return Sentence("$0", "$0", names);
}

std::vector<HistoryId> Ghost::AllDelivered() const {
  std::vector<HistoryId> all;
  for (uint32_t id = 0; id < is_delivered_.size(); ++id) {
    if (is_delivered_[id]) all.push_back({id});
  }
  const auto key = [this](HistoryId history) {
    const Histories::Txn& txn = histories_.last(history);
    return std::tuple(histories_.size(history), txn.zxid, txn.hash);
  };
  std::ranges::sort(all, {}, key);
  return all;
}

// ---- Derivation ---------------------------------------------------------------------------------

LeadershipId Ghost::FindLeadership(zab::Epoch epoch, zab::ServerId leader) {
  const auto [found, is_new] = leadership_ids_.try_emplace(
      {epoch, leader}, LeadershipId{static_cast<uint32_t>(leaderships_.size())});
  if (is_new) {
    leaderships_.push_back({.epoch = epoch, .leader = leader});
    leaderships_.back().acked.resize(servers_.size());
    leaderships_.back().joined_with.resize(servers_.size());
    leaderships_.back().sent.resize(servers_.size());
  }
  return found->second;
}

/// The leader has completed discovery: its current history is the initial history.
Leadership& Ghost::Discover(zab::ServerId leader, zab::Epoch epoch) {
  const LeadershipId id = FindLeadership(epoch, leader);
  Leadership& leadership = leaderships_[id.value];
  At(leader).leadership = id;
  if (leadership.discovered) return leadership;
  leadership.discovered = true;
  leadership.initial = leadership.tip = At(leader).history;
  return leadership;
}

void Ghost::EndRole(ServerGhost& s, ServerGhost::Role next) {
  s.role = next;
  s.leader = {};
  s.leadership.reset();
  s.joined = false;
  s.serving = false;
  s.heard = {};
}

void Ghost::Deliver(zab::ServerId server, HistoryId history) {
  ServerGhost& s = At(server);
  s.delivered = s.delivered_this_life = history;
  const size_t first = change_.delivered.size();
  for (HistoryId at = history; at != kEmptyHistory && !IsDelivered(at);
       at = histories_.parent(at)) {
    change_.delivered.push_back(at);
  }
  std::reverse(change_.delivered.begin() + static_cast<std::ptrdiff_t>(first),
               change_.delivered.end());
  for (size_t i = first; i < change_.delivered.size(); ++i) {
    const HistoryId at = change_.delivered[i];
    if (is_delivered_.size() <= at.value) is_delivered_.resize(at.value + size_t{1});
    is_delivered_[at.value] = true;
    const Histories::Txn& txn = histories_.last(at);
    if (txn.client != 0) clients_[txn.client].delivered.emplace_back(txn.number, at);
  }
  if (history != longest_delivered_ && histories_.IsPrefix(longest_delivered_, history)) {
    longest_delivered_ = history;
    longest_delivered_by_ = server;
  }
}

// After a loss there may be two branches; the cluster continues on the newer one.
void Ghost::Commit(HistoryId history) {
  if (histories_.IsPrefix(history, committed_)) return;
  if (histories_.IsPrefix(committed_, history) ||
      histories_.zxid(history) > histories_.zxid(committed_)) {
    committed_ = history;
  }
}

void Ghost::Count(HistoryId history) {
  Commit(history);
  if (histories_.zxid(history) > histories_.zxid(counted_)) counted_ = history;
}

/// The server no longer holds what it has acknowledged.  Transactions that no leader has counted
/// yet and that no quorum can restore are then not committed: no leader can ever learn that a
/// quorum had them.
void Ghost::LoseCopy(zab::ServerId server) {
  for (Leadership& leadership : leaderships_) leadership.acked[server.value - size_t{1}] = {};
  At(server).acked = kEmptyHistory;
  size_t holders = 0;
  for (const zab::ServerId sid : server_ids()) {
    const bool has_lost = sid == server || LostItsCopy(sid) || this->server(sid).damaged;
    if (!has_lost && histories_.IsPrefix(committed_, durable(sid).history)) ++holders;
  }
  if (!IsQuorum(holders)) committed_ = histories_.CommonPrefix(committed_, counted_);
}

void Ghost::Acknowledge(ServerGhost& s, HistoryId history, zab::Epoch epoch) {
  if (!histories_.IsPrefix(history, s.acked)) s.acked = history;
  s.acked_epoch = epoch;
}

/// A TRUNC or SNAP is done.  Earlier acknowledgements lapse only under a newer promise.
void Ghost::GiveUp(ServerGhost& s) {
  if (s.promised > s.acked_epoch) s.acked = histories_.CommonPrefix(s.acked, s.history);
}

/// The history that a SNAP represents: that of its leader up to the zxid, even if the leader has
/// changed since.
HistoryId Ghost::ReceivedHistory(const ServerGhost& s, zab::Zxid zxid) const {
  const std::optional<LeadershipId> from =
      s.received && s.received->from ? s.received->from : s.leadership;
  return histories_.UpTo(from ? leaderships_[from->value].tip : s.history, zxid);
}

// ---- Disks --------------------------------------------------------------------------------------

void Ghost::Refresh(zab::ServerId server, const Surroundings& world) {
  const ServerGhost& s = At(server);
  const HistoryId received =
      s.received && s.received->from ? leaderships_[s.received->from->value].tip : s.history;
  durable_.Refresh(server, world.files(server), {.history = s.history, .received = received},
                   histories_);
}

void Ghost::ReadAnew(zab::ServerId server, const Surroundings& world) {
  durable_.Forget(server, world.files(server));
  Refresh(server, world);
}

HistoryId Ghost::DurableEverywhere() const {
  HistoryId common = durable(zab::ServerId{1}).history;
  for (const zab::ServerId sid : server_ids()) {
    common = histories_.CommonPrefix(common, durable(sid).history);
  }
  return common;
}

// What the model has not seen yet is needed too.
void Ghost::FoldOld() {
  if (histories_.size(modelled_) < histories_.size(fold_.at()) + 2 * kUnfolded) return;
  const HistoryId common = histories_.CommonPrefix(DurableEverywhere(), modelled_);
  const uint32_t size = histories_.size(common);
  if (size < histories_.size(fold_.at()) + 2 * kUnfolded) return;
  const HistoryId before = fold_.at();
  const HistoryId until = histories_.First(common, size - kUnfolded);
  if (!histories_.IsPrefix(before, until) || !fold_.Advance(until, histories_)) return;
  histories_.Forget(before, until);
}

std::optional<zab::Zxid> Ghost::MissingAfterOldest(zab::ServerId server,
                                                   const Surroundings& world) const {
  return durable_.MissingAfterOldest(server, world.files(server), histories_);
}

void Ghost::OnEnd(const Surroundings& world) {
  for (const zab::ServerId sid : server_ids()) Refresh(sid, world);
}

}  // namespace scenario
