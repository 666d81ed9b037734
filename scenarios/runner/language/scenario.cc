// Queries on a scenario: names, and the profile of a link or disk.
#include "scenarios/runner/language/scenario.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace scenario {
namespace {

template <class T>
void Exchange(const std::optional<T>& change, T& value) {
  if (change.has_value()) value = *change;
}

template <class T>
void Exchange(const std::optional<T>& change, std::optional<T>& value) {
  if (change.has_value()) value = change;
}

// The zone of a server; null for a client or a server in none.
const std::string* ZoneOf(const Cluster& cluster, NodeId node) {
  for (const auto& [name, servers] : cluster.zones) {
    const zab::ServerId server{node.value};
    if (std::find(servers.begin(), servers.end(), server) != servers.end()) return &name;
  }
  return nullptr;
}

}  // namespace

absl::string_view Name(Strategy strategy) {
  switch (strategy) {
    case Strategy::kRandom: return "random";
    case Strategy::kProbeSweep: return "probe_sweep";
    case Strategy::kPctcp: return "pctcp";
  }
  return "";
}

void Apply(const LinkChange& change, LinkProfile& profile) {
  Exchange(change.latency, profile.latency);
  Exchange(change.loss, profile.loss);
  Exchange(change.dup, profile.dup);
  Exchange(change.reorder, profile.reorder);
  Exchange(change.bandwidth, profile.bandwidth);
  Exchange(change.queue, profile.queue);
  Exchange(change.rto_max, profile.rto_max);
  Exchange(change.break_after, profile.break_after);
  Exchange(change.breaks, profile.breaks);
}

void Apply(const DiskChange& change, DiskProfile& profile) {
  Exchange(change.read, profile.read);
  Exchange(change.write, profile.write);
  Exchange(change.fsync, profile.fsync);
  Exchange(change.on_crash, profile.on_crash);
  Exchange(change.throughput, profile.throughput);
  Exchange(change.capacity, profile.capacity);
}

void Apply(const ServerChange& change, sim::MachineProfile& profile) {
  if (change.profile) profile = ProfileOf(*change.profile);
  for (const auto& [task, delay] : change.hand_over) {
    profile.hand_over[static_cast<size_t>(task)] = delay;
  }
  const auto work = [&](ServerWork of) -> Distribution& {
    return profile.work[static_cast<size_t>(of)];
  };
  Exchange(change.step, work(ServerWork::kStep));
  Exchange(change.request, work(ServerWork::kRequest));
  Exchange(change.message, work(ServerWork::kMessage));
  Exchange(change.role_change, work(ServerWork::kRoleChange));
  Exchange(change.start, profile.start);
  Exchange(change.reset, profile.reset);
}

std::string Scenario::NameOf(NodeId node) const {
  const size_t index = node.value;
  if (index >= 1 && index <= ServerCount()) return cluster.voters[index - 1];
  if (index > ServerCount() && index <= ServerCount() + clients.size()) {
    return clients[index - ServerCount() - 1].name;
  }
  return "";
}

std::string Scenario::NameOf(OperationIndex operation) const {
  const ScriptOperation& found = operations[operation.value];
  return absl::StrCat(workload[found.block].id, "/", found.id);
}

LinkProfile Scenario::LinkOf(NodeId from, NodeId to) const {
  const auto link =
      std::find_if(network.links.begin(), network.links.end(),
                   [&](const Link& entry) { return entry.from == from && entry.to == to; });
  const bool listed = link != network.links.end();
  const std::string* name = std::get_if<std::string>(&network.base);
  const std::string* a = ZoneOf(cluster, from);
  const std::string* b = ZoneOf(cluster, to);
  if (a != nullptr && b != nullptr) {
    const auto zones = network.zones.find(std::minmax(*a, *b));
    if (zones != network.zones.end()) name = &zones->second;
  }
  if (listed && link->profile.has_value()) name = &*link->profile;
  LinkProfile profile =
      name != nullptr ? network.profiles.at(*name) : std::get<LinkProfile>(network.base);
  if (listed) Apply(link->change, profile);
  const auto is_client = [&](NodeId node) { return node.value > ServerCount(); };
  if (is_client(from) || is_client(to)) profile.transport = sim::Transport::kStream;
  return profile;
}

bool Scenario::UsesDatagrams() const {
  const auto is_loose = [](const LinkProfile& profile) {
    return profile.transport == sim::Transport::kDatagram;
  };
  const auto* base = std::get_if<LinkProfile>(&network.base);
  return (base != nullptr && is_loose(*base)) ||
         std::ranges::any_of(network.profiles,
                             [&](const auto& entry) { return is_loose(entry.second); });
}

int32_t Scenario::DriftOf(zab::ServerId server) const {
  const auto found = clocks.find(server);
  return found != clocks.end() ? found->second.drift_ppm : 0;
}

DiskProfile Scenario::DiskOf(zab::ServerId server) const {
  DiskProfile profile = disk.base;
  const auto found = disk.servers.find(server);
  if (found != disk.servers.end()) Apply(found->second, profile);
  return profile;
}

sim::MachineProfile Scenario::MachineOf(zab::ServerId server) const {
  sim::MachineProfile profile;
  Apply(servers.base, profile);
  const auto found = servers.servers.find(server);
  if (found != servers.servers.end()) Apply(found->second, profile);
  return profile;
}

}  // namespace scenario
