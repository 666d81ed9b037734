// PCTCP: chains of causally ordered events have priorities, and d - 1 of them change.  Our chains
// are the links, which are FIFO, and the disks.  A priority is a latency within the bounds of the
// link or disk, never an order, so that the run remains physically possible.
#include <algorithm>
#include <variant>
#include <vector>

#include "scenarios/runner/search/strategies.h"

namespace scenario {
namespace {

constexpr zab::Stream kOrder("pctcp/order");
constexpr zab::Stream kDepth("pctcp/depth");
constexpr zab::Stream kChange("pctcp/change");

/// A link between two servers, or a disk.
struct Chain {
  NodeId from;
  NodeId to;  // For a disk: equal to from.
  Distribution written;
  bool IsDisk() const { return from == to; }
};

std::vector<Chain> ChainsOf(const Scenario& scenario) {
  std::vector<Chain> chains;
  for (const zab::ServerId sid : scenario.ServerIds()) {
    const NodeId from = Scenario::NodeOf(sid);
    for (const zab::ServerId other : scenario.ServerIds()) {
      const NodeId to = Scenario::NodeOf(other);
      const Distribution written =
          from == to ? scenario.DiskOf(sid).fsync : scenario.LinkOf(from, to).latency;
      chains.push_back({from, to, written});
    }
  }
  return chains;
}

/// Rank 0 is the fastest.  From one rank to the next the latency grows by a constant factor, so
/// that ranks also differ at the short end, where messages race.
Distribution LatencyOf(const Distribution& written, size_t rank, size_t ranks) {
  const int64_t most = std::max(written.high.nanoseconds - written.low.nanoseconds, int64_t{0});
  const auto halvings = static_cast<int>((ranks - 1 - rank) * 12 / std::max(ranks - 1, size_t{1}));
  return sim::Const(written.low + zab::Nanoseconds(most >> halvings));
}

void SetLatency(const Chain& chain, const Distribution& latency, Scenario& scenario) {
  if (chain.IsDisk()) {
    scenario.disk.servers[zab::ServerId{chain.from.value}].fsync = latency;
    return;
  }
  const auto found = std::ranges::find_if(scenario.network.links, [&](const Link& link) {
    return link.from == chain.from && link.to == chain.to;
  });
  if (found != scenario.network.links.end()) {
    found->change.latency = latency;
    return;
  }
  Link link{.from = chain.from, .to = chain.to};
  link.change.latency = latency;
  scenario.network.links.push_back(std::move(link));
}

Action ChangeTo(const Chain& chain, const Distribution& latency) {
  if (chain.IsDisk()) {
    SetDisk set{.target = {Selector::Node{chain.from}}};
    set.change.fsync = latency;
    return set;
  }
  SetLink set{.from = {Selector::Node{chain.from}}, .to = {Selector::Node{chain.to}}};
  set.change.latency = latency;
  return set;
}

void AddChange(const std::vector<Chain>& chains, uint64_t number, Scenario& scenario,
               zab::Chooser& chooser) {
  const zab::Entity entity{number};
  const Chain& chain = chains[chooser.Below(kChange, entity, chains.size())];
  const bool to_last = chooser.Chance(kChange, entity, {1, 2});
  const size_t rank = to_last ? chains.size() - 1 : 0;
  const int64_t end = std::max(EndOfFaults(scenario).nanoseconds, int64_t{1});
  const zab::Time at{chooser.Between(kChange, entity, 0, end - 1)};
  Event event{.id = FreshId(scenario, "priority"), .trigger = AtTime{.at = at}};
  event.actions.push_back(ChangeTo(chain, LatencyOf(chain.written, rank, chains.size())));
  scenario.events.push_back(std::move(event));
}

}  // namespace

void DrawPriorities(Scenario& scenario, zab::Chooser& chooser) {
  // A disk whose every fsync takes its longest keeps up only if an fsync takes all that waits.
  zab::Limits& limits = scenario.cluster.server;
  limits.max_batch_size = std::max(limits.max_batch_size, zab::Limits{}.max_batch_size);
  std::vector<Chain> chains = ChainsOf(scenario);
  chooser.Shuffle(kOrder, {}, chains);
  for (size_t rank = 0; rank < chains.size(); ++rank) {
    SetLatency(chains[rank], LatencyOf(chains[rank].written, rank, chains.size()), scenario);
  }
  const uint64_t changes = chooser.Below(kDepth, {}, 4);
  for (uint64_t i = 0; i < changes; ++i) AddChange(chains, i, scenario, chooser);
}

}  // namespace scenario
