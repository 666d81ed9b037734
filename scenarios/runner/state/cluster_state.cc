// Questions walk over the servers, of which there are few.
#include "scenarios/runner/state/cluster_state.h"

#include <algorithm>
#include <tuple>

#include "protocol/boundary/quorum.h"
#include "scenarios/runner/state/server_changes.h"

namespace scenario {
namespace {

zab::ServerId SidAt(size_t index) {
  return {static_cast<uint16_t>(index + 1)};
}

}  // namespace

absl::string_view Name(Role role) {
  switch (role) {
    case Role::kLooking: return "LOOKING";
    case Role::kFollowing: return "FOLLOWING";
    case Role::kLeading: return "LEADING";
    case Role::kDown: break;
  }
  return "DOWN";
}

bool ClusterState::EndsRole(Probe probe) {
  return probe == Probe::kLooking || probe == Probe::kAbandoned || probe == Probe::kCrashed ||
         probe == Probe::kHalted;
}

void ClusterState::OnRecord(const Record& record) {
  const TraceEvent& event = record.event;
  OnLink(record);
  if (record.node.value == 0 || record.node.value > servers_.size()) return;
  ApplyToServer(record, servers_[record.node.value - size_t{1}]);
  Commit(record);
  CountAck(record);
  if (event.probe == Probe::kLeaderInfo || event.probe == Probe::kEstablished) {
    Announce({record.node.value}, event);
  }
}

void ClusterState::OnLink(const Record& record) {
  const Probe probe = record.event.probe;
  const std::pair ends{record.node.value, record.event.peer.value};
  if (probe == Probe::kCut) ++links_[ends].cuts;
  if (probe == Probe::kHealed) links_[ends].cuts = std::max(0, links_[ends].cuts - 1);
  if (probe == Probe::kClogged) links_[ends].clogged = true;
  if (probe == Probe::kReleased) links_[ends].clogged = false;
  if (probe == Probe::kLinkSet && record.time > zab::Time{}) {
    links_[ends].quality = {.latency = {record.event.number}, .loss = record.event.code};
  }
}

void ClusterState::Commit(const Record& record) {
  const TraceEvent& event = record.event;
  if (event.probe == Probe::kCommitted) {
    committed_ = std::max(committed_, event.zxid);
    committed_log_.Append(event.zxid);
  }
  if (event.probe == Probe::kEstablished) {
    committed_log_.AppendAll(servers_[record.node.value - size_t{1}].history);
  }
}

void ClusterState::CountAck(const Record& record) {
  const TraceEvent& event = record.event;
  const bool own = event.probe == Probe::kAcked && event.peer.value == record.node.value;
  const bool arrived = event.probe == Probe::kMsgDelivered && event.kind == Kind::kAckMessage &&
                       servers_[record.node.value - size_t{1}].role == Role::kLeading;
  const size_t from = event.peer.value;
  if ((!own && !arrived) || from == 0 || from > servers_.size()) return;
  ServerState& server = servers_[from - 1];
  server.counted = std::max(server.counted, event.zxid);
}

void ClusterState::Announce(zab::ServerId leader, const TraceEvent& event) {
  const auto [entry, is_new] = leaders_.try_emplace(event.epoch, leader);
  if (!is_new && event.probe == Probe::kEstablished) entry->second = leader;
}

Kind ClusterState::RoleOf(zab::ServerId server) const {
  if (server.value == 0 || server.value > servers_.size()) return Kind::kNone;
  switch (servers_[server.value - size_t{1}].role) {
    case Role::kLooking: return Kind::kLooking;
    case Role::kFollowing: return Kind::kFollowing;
    case Role::kLeading: return Kind::kLeading;
    case Role::kDown: break;
  }
  return Kind::kNone;
}

std::optional<zab::ServerId> ClusterState::Leader() const {
  std::optional<zab::ServerId> leader;
  std::tuple<bool, zab::Epoch, uint64_t> best;
  for (size_t i = 0; i < servers_.size(); ++i) {
    const ServerState& server = servers_[i];
    if (server.role != Role::kLeading) continue;
    const std::tuple rank{server.established, server.epoch, server.elected};
    if (!leader || rank > best) leader = SidAt(i), best = rank;
  }
  return leader;
}

std::optional<zab::ServerId> ClusterState::LeaderOf(zab::Epoch epoch) const {
  const auto found = leaders_.find(epoch);
  if (found == leaders_.end()) return std::nullopt;
  return found->second;
}

std::vector<zab::ServerId> ClusterState::Followers() const {
  const std::optional<zab::ServerId> leader = Leader();
  std::vector<zab::ServerId> followers;
  for (size_t i = 0; i < servers_.size(); ++i) {
    const ServerState& server = servers_[i];
    if (server.role != Role::kFollowing) continue;
    if (!leader || server.leader == *leader) followers.push_back(SidAt(i));
  }
  return followers;
}

bool ClusterState::IsOpen(zab::ServerId from, zab::ServerId to) const {
  const auto link = links_.find({from.value, to.value});
  return link == links_.end() || (link->second.cuts == 0 && !link->second.clogged);
}

bool ClusterState::HasLeader() const {
  const std::optional<zab::ServerId> leader = Leader();
  if (!leader) return false;
  const ServerState& leading = servers_[leader->value - size_t{1}];
  if (!leading.established || leading.paused) return false;
  size_t following = 1;  // Itself.
  for (size_t i = 0; i < servers_.size(); ++i) {
    const ServerState& server = servers_[i];
    const bool follows = server.role == Role::kFollowing && !server.paused &&
                         server.leader == *leader && server.epoch == leading.epoch;
    if (follows && IsOpen(SidAt(i), *leader) && IsOpen(*leader, SidAt(i))) ++following;
  }
  return zab::IsMajority(following, servers_.size());
}

// Zxid (e,0) is the start of an epoch, no transaction: a leader stands there, and who was
// synchronised by SNAP then, while others with the same history stand at its last transaction.
bool ClusterState::AllEqual() const {
  std::optional<uint64_t> digest;
  std::optional<zab::Zxid> zxid;
  for (const ServerState& server : servers_) {
    if (!server.up()) continue;
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
