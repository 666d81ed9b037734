// Builds the world of a scenario: servers with their disks, clients with their work, links.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/boundary/config.h"
#include "scenarios/runner/language/scenario.h"
#include "sim/process.h"
#include "sim/world.h"

namespace scenario {

/// Makes the servers: ZabProcessFactory or, in tests, a broken or simplified server.  Each
/// incarnation draws from a copy of `chooser`, which has drawn nothing yet.
using ServerFactory =
    std::function<sim::ProcessFactory(zab::PeerConfig config, const zab::Chooser& chooser)>;

struct BuiltCluster {
  std::unique_ptr<sim::World> world;  // No node is started yet.
  std::vector<NodeId>
      healed;  // The servers that run after quiet; empty if there is no quiet phase.
  /// The client of the liveness write, the last node; nullopt if there is no quiet phase.
  std::optional<NodeId> liveness_client;
};

/// The name of the liveness client; no client of a scenario can have this name.
inline constexpr char kLivenessClientName[] = "probe-write";

/// World, servers and clients draw from copies of `chooser`.  `sink` receives every record,
/// including those of the initial changes of links.
BuiltCluster BuildCluster(const Scenario& scenario, const zab::Chooser& chooser,
                          const ServerFactory& servers, const RecordSink& sink = {});

/// Starts all nodes: servers, then clients.
void StartCluster(sim::World& world);

/// Where a client connects.  A client has one connection, so one that reads from the leader is
/// attached to the leader unless the file names a server.
Attachment AttachmentOf(const Scenario& scenario, ClientIndex client);

/// ClientSetup::patience of clients for which the scenario says nothing else.  Servers detect a
/// dead leader in half that time and close their clients' connections, so it matters only for
/// servers that are silent themselves.
zab::Duration PatienceOf(const zab::Timing& timing);

}  // namespace scenario
