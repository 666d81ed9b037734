// Looks when a client is connected, and when a leader is established.
#include "scenarios/runner/state/leader_clients.h"

namespace scenario {
namespace {

bool Leads(const ClusterState& cluster, zab::ServerId server) {
  return cluster.Leader() == server && cluster.servers()[server.value - size_t{1}].established;
}

}  // namespace

void LeaderClients::OnRecord(const Record& record, const ClusterState& cluster) {
  const TraceEvent& event = record.event;
  if (event.probe == Probe::kClientConnected) {
    connected_[record.node] = event.peer;
    if (Leads(cluster, event.peer)) seen_.insert(record.node);
  } else if (event.probe == Probe::kClientClosed) {
    connected_.erase(record.node);
  } else if (event.probe == Probe::kEstablished) {
    const zab::ServerId leader{record.node.value};
    for (const auto& [client, server] : connected_) {
      if (server == leader) seen_.insert(client);
    }
  }
}

}  // namespace scenario
