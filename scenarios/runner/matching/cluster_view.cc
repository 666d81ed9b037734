// One update per record; queries iterate over the few servers.
#include "scenarios/runner/matching/cluster_view.h"

#include <algorithm>
#include <tuple>

#include "protocol/boundary/quorum.h"

namespace scenario {
namespace {

zab::ServerId SidAt(size_t index) {
  return {static_cast<uint16_t>(index + 1)};
}

/// Whether zxid and tree of the record are the current ones of its server.
bool HasTree(const TraceEvent& event) {
  if (event.probe == Probe::kRecovered) return event.kind != Kind::kDamaged;
  return event.probe == Probe::kDelivered || event.probe == Probe::kServing ||
         event.probe == Probe::kTruncated || event.probe == Probe::kSnapInstalled;
}

}  // namespace

ClusterView::Server* ClusterView::Find(sim::NodeId node) {
  if (node.value == 0 || node.value > servers_.size()) return nullptr;
  return &servers_[node.value - size_t{1}];
}

bool ClusterView::EndsRole(Probe probe) {
  return probe == Probe::kLooking || probe == Probe::kAbandoned || probe == Probe::kCrashed ||
         probe == Probe::kHalted;
}

void ClusterView::OnTrace(const Record& record) {
  Server* const server = Find(record.node);
  if (server == nullptr) return;
  const Probe probe = record.event.probe;
  if (probe == Probe::kCrashed || probe == Probe::kHalted) {
    *server = Server{.running = false, .role = Kind::kNone};
  } else if (probe == Probe::kRestarted) {
    *server = Server{};
  } else if (EndsRole(probe) || probe == Probe::kElected) {
    OnRole(*server, record);
  } else if (probe == Probe::kLeaderInfo || probe == Probe::kEstablished) {
    Announce(record);
  } else if (probe == Probe::kNewLeaderAcked) {
    server->epoch = record.event.epoch;
  } else if (HasTree(record.event)) {
    server->tree = Tree{.zxid = record.event.zxid, .digest = record.event.tree};
  }
}

void ClusterView::OnRole(Server& server, const Record& record) {
  server.role = Kind::kLooking;
  server.leader = {};
  server.epoch = {};
  server.established = false;
  if (record.event.probe != Probe::kElected) return;
  server.role = record.event.kind;
  server.leader = record.event.peer;
  server.elected = record.id;
}

void ClusterView::Announce(const Record& record) {
  Server& server = *Find(record.node);
  const zab::Epoch epoch = record.event.epoch;
  const bool established = record.event.probe == Probe::kEstablished;
  server.epoch = epoch;
  server.established = server.established || established;
  const zab::ServerId sid{record.node.value};
  const auto [entry, is_new] = leaders_.try_emplace(epoch, sid);
  if (!is_new && established) entry->second = sid;
}

Kind ClusterView::RoleOf(zab::ServerId server) const {
  if (server.value == 0 || server.value > servers_.size()) return Kind::kNone;
  return servers_[server.value - size_t{1}].role;
}

std::optional<zab::ServerId> ClusterView::Leader() const {
  std::optional<zab::ServerId> leader;
  std::tuple<bool, zab::Epoch, uint64_t> best;
  for (size_t i = 0; i < servers_.size(); ++i) {
    const Server& server = servers_[i];
    if (server.role != Kind::kLeading) continue;
    const std::tuple rank{server.established, server.epoch, server.elected};
    if (!leader || rank > best) leader = SidAt(i), best = rank;
  }
  return leader;
}

std::optional<zab::ServerId> ClusterView::LeaderOf(zab::Epoch epoch) const {
  const auto found = leaders_.find(epoch);
  if (found == leaders_.end()) return std::nullopt;
  return found->second;
}

std::vector<zab::ServerId> ClusterView::Followers() const {
  const std::optional<zab::ServerId> leader = Leader();
  std::vector<zab::ServerId> followers;
  for (size_t i = 0; i < servers_.size(); ++i) {
    const Server& server = servers_[i];
    if (server.role != Kind::kFollowing) continue;
    if (!leader || server.leader == *leader) followers.push_back(SidAt(i));
  }
  return followers;
}

bool ClusterView::HasLeader() const {
  const std::optional<zab::ServerId> leader = Leader();
  if (!leader) return false;
  const Server& leading = servers_[leader->value - size_t{1}];
  if (!leading.established) return false;
  const auto followers = std::ranges::count_if(servers_, [&](const Server& server) {
    return server.role == Kind::kFollowing && server.leader == *leader &&
           server.epoch == leading.epoch;
  });
  return zab::IsMajority(static_cast<uint64_t>(followers) + 1, servers_.size());
}

// Zxid (e,0) is the start of an epoch, not a transaction: the leader and servers synchronised by
// SNAP are at it, while others with the same history are at its last transaction.
bool ClusterView::AllEqual() const {
  std::optional<uint64_t> digest;
  std::optional<zab::Zxid> zxid;
  for (const Server& server : servers_) {
    if (!server.running) continue;
    if (!server.tree) return false;
    if (digest.value_or(server.tree->digest) != server.tree->digest) return false;
    digest = server.tree->digest;
    if (server.tree->zxid.counter == 0) continue;
    if (zxid.value_or(server.tree->zxid) != server.tree->zxid) return false;
    zxid = server.tree->zxid;
  }
  return digest.has_value();
}

}  // namespace scenario
