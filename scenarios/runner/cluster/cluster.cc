// Nodes are numbered in the order servers, clients, liveness client.
#include "scenarios/runner/cluster/cluster.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "scenarios/runner/cluster/cluster_disk.h"
#include "scenarios/runner/cluster/drawn_nodes.h"
#include "scenarios/runner/workload/client_process.h"
#include "scenarios/runner/workload/workload.h"

namespace scenario {
namespace {

std::vector<zab::ServerId> AllSids(const Scenario& scenario) {
  const auto sids = scenario.ServerIds();
  return {sids.begin(), sids.end()};
}

Work ScriptOf(const Scenario& scenario, ClientIndex client, zab::Time from) {
  std::vector<ScriptWork::Step> steps;
  for (size_t i = 0; i < scenario.operations.size(); ++i) {
    const ScriptOperation& operation = scenario.operations[i];
    if (operation.client != client) continue;
    steps.push_back({.at = operation.at,
                     .job = {.operation = operation.operation, .script = OperationIndex{i}}});
  }
  std::ranges::sort(steps, {}, [](const ScriptWork::Step& step) {
    return std::pair(step.at,
                     step.job.script);  // Steps at the same time keep the order of the file.
  });
  return ScriptWork(std::move(steps), from);
}

ClientSetup SetupOf(const Scenario& scenario, ClientIndex index) {
  const Client& client = scenario.clients[index.value];
  const Block& block = scenario.workload[client.block];
  const NodeId node = scenario.NodeOf(index);
  const auto* closed = std::get_if<Closed>(&block.kind);
  ClientSetup setup{.servers = AllSids(scenario),
                    .first = index.value,
                    .attachment = AttachmentOf(scenario, index),
                    .work = ScriptWork({})};
  const ClientBehaviour& behaviour = block.behaviour;
  setup.draws_server = behaviour.choice == ServerChoice::kRandom;
  setup.patience = behaviour.patience.value_or(PatienceOf(scenario.timing));
  setup.connect_timeout = behaviour.connect_timeout;
  setup.pause = behaviour.pause.value_or(kReconnectPause);
  if (closed == nullptr) {
    setup.work = ScriptOf(scenario, index, std::get<Script>(block.kind).from);
    return setup;
  }
  const bool creates_keys = index == block.clients.front();
  setup.work = ClosedWork(*closed, client.name, zab::Entity{node.value}, creates_keys);
  return setup;
}

void AddClient(std::string name, ClientSetup setup, const zab::Chooser& chooser,
               sim::World& world) {
  world.AddNode(std::move(name), [setup = std::move(setup), chooser](NodeId, uint64_t) {
    return std::make_unique<ClientProcess>(setup, chooser);
  });
}

void SetLinks(const Scenario& scenario, sim::World& world) {
  const auto set = [&](NodeId from, NodeId to) {
    world.SetLink({from, to}, scenario.LinkOf(from, to));
  };
  // Links of clients differ from those of servers only with datagrams.
  const size_t nodes = scenario.UsesDatagrams() ? world.node_count() : 0;
  for (size_t i = scenario.ServerCount() + 1; i <= nodes; ++i) {
    const NodeId client{static_cast<uint16_t>(i)};
    for (uint16_t node = 1; node < client.value; ++node) {
      set(client, {node});
      set({node}, client);
    }
  }
  for (const Link& link : scenario.network.links) set(link.from, link.to);
  for (const auto& [zones, profile] : scenario.network.zones) {
    for (const zab::ServerId a : scenario.cluster.zones.at(zones.first)) {
      for (const zab::ServerId b : scenario.cluster.zones.at(zones.second)) {
        if (a == b) continue;
        set(Scenario::NodeOf(a), Scenario::NodeOf(b));
        set(Scenario::NodeOf(b), Scenario::NodeOf(a));
      }
    }
  }
}

void SetClocks(const Scenario& scenario, sim::World& world) {
  for (const auto& [server, clock] : scenario.clocks) {
    world.SetDrift(Scenario::NodeOf(server), clock.drift_ppm);
    world.StepClock(Scenario::NodeOf(server), clock.offset);
  }
}

std::vector<NodeId> DrawHealed(const Scenario& scenario, zab::Chooser& chooser) {
  const HealedServers& heal = scenario.end.quiet->heal;
  if (std::holds_alternative<HealCore>(heal)) return DrawQuorum(scenario.ServerCount(), chooser);
  std::vector<zab::ServerId> sids = AllSids(scenario);
  if (const auto* list = std::get_if<std::vector<zab::ServerId>>(&heal)) sids = *list;
  std::vector<NodeId> nodes;
  nodes.reserve(sids.size());
  for (const zab::ServerId sid : sids) nodes.push_back(Scenario::NodeOf(sid));
  return nodes;
}

}  // namespace

Attachment AttachmentOf(const Scenario& scenario, ClientIndex client) {
  const Attachment& server = scenario.clients[client.value].server;
  const auto* closed =
      std::get_if<Closed>(&scenario.workload[scenario.clients[client.value].block].kind);
  const bool reads_from_leader = closed != nullptr && closed->read_from == ReadFrom::kLeader;
  if (reads_from_leader && std::holds_alternative<AnyServer>(server)) return TheLeader{};
  return server;
}

zab::Duration PatienceOf(const zab::Timing& timing) {
  return timing.SyncTimeout() * 2;
}

BuiltCluster BuildCluster(const Scenario& scenario, const zab::Chooser& chooser,
                          const ServerFactory& servers, const RecordSink& sink) {
  BuiltCluster built;
  // Node 0 is in no zone and no list, so its link is the default one.
  built.world =
      std::make_unique<sim::World>(chooser, scenario.LinkOf(NodeId{}, NodeId{}), WorldVocabulary());
  sim::World& world = *built.world;
  world.SetSink(Converting(sink));
  for (const zab::ServerId sid : scenario.ServerIds()) {
    const NodeId node = world.AddNode(
        scenario.NameOf(sid), servers(PeerConfigOf(scenario, sid), chooser), scenario.DiskOf(sid));
    world.SetMachine(node, scenario.MachineOf(sid));
    for (const auto& [name, bytes] : InitialDisk(scenario, sid)) {
      world.disk(node).Install(name, bytes.view());
    }
  }
  for (size_t i = 0; i < scenario.clients.size(); ++i) {
    AddClient(scenario.clients[i].name, SetupOf(scenario, ClientIndex{i}), chooser, world);
  }
  if (scenario.end.quiet) {
    built.healed = DrawHealed(scenario, world.chooser());
    ClientSetup setup{.attachment = AnyServer{},
                      .patience = PatienceOf(scenario.timing),
                      .work = LivenessWork(scenario.end.quiet->at)};
    for (const NodeId node : built.healed) setup.servers.push_back({node.value});
    AddClient(kLivenessClientName, std::move(setup), chooser, world);
    built.liveness_client = NodeId{static_cast<uint16_t>(world.node_count())};
  }
  SetLinks(scenario, world);
  for (const auto& [node, bandwidth] : scenario.network.nodes) world.SetBandwidth(node, bandwidth);
  SetClocks(scenario, world);
  return built;
}

void StartCluster(sim::World& world) {
  for (const NodeId node : world.nodes()) world.Start(node);
}

}  // namespace scenario
