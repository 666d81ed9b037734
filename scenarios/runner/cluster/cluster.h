// From a scenario to a world: servers with their disks, clients with their work, links.
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

/// Makes the servers: ZabProcessFactory, or something broken or simple in a test.  Each
/// incarnation draws from a copy of `chooser`, which has drawn nothing yet.
using ServerFactory =
    std::function<sim::ProcessFactory(zab::PeerConfig config, const zab::Chooser& chooser)>;

struct BuiltCluster {
  std::unique_ptr<sim::World> world;  // Nothing in it runs yet.
  std::vector<NodeId> healed;         // The servers that run after quiet; empty without a quiet.
  /// The client of the probe write, behind all others; none without a quiet.
  std::optional<NodeId> probe_client;
};

/// The name of the probe client: no client of a scenario can have it.
inline constexpr char kProbeClientName[] = "probe-write";

/// World, servers and clients draw from copies of `chooser`.  `sink` gets all records, from the
/// first change of a link on.
BuiltCluster BuildCluster(const Scenario& scenario, const zab::Chooser& chooser,
                          const ServerFactory& servers, const RecordSink& sink = {});

/// Starts all nodes: servers, then clients.
void StartCluster(sim::World& world);

/// Where a client connects.  It has one connection, so whoever is to read from the leader is
/// attached to it, unless the file names a server.
Attachment AttachmentOf(const Scenario& scenario, ClientIndex client);

/// Of every client: how long it waits for an answer.  Servers notice a dead leader in half that
/// time and close their clients, so that it decides only about servers that are silent themselves.
zab::Duration PatienceOf(const zab::Timing& timing);

}  // namespace scenario
