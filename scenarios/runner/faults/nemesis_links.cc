// Links that are cut, clogged one after another, or slow.
#include <algorithm>
#include <optional>

#include "protocol/base/check.h"
#include "protocol/boundary/quorum.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/faults/nemesis.h"
#include "scenarios/runner/matching/selector.h"

namespace scenario {
namespace {

constexpr zab::Stream kSplitStream("nemesis/split");
constexpr zab::Stream kDirectionStream("nemesis/direction");
constexpr zab::Stream kPeerStream("nemesis/peer");
constexpr zab::Stream kSwizzleStream("nemesis/swizzle");

using Nodes = std::vector<NodeId>;

/// Separates the first `count` nodes from the others.
Partition Split(const Nodes& nodes, size_t count) {
  const auto middle = nodes.begin() + static_cast<std::ptrdiff_t>(count);
  return {.groups = {TheNodes({nodes.begin(), middle}), TheNodes({middle, nodes.end()})}};
}

}  // namespace

std::vector<NodeId> Without(const std::vector<NodeId>& nodes, const Context& context) {
  Nodes others = AllServers(context);
  std::erase_if(others, [&](NodeId node) { return std::ranges::find(nodes, node) != nodes.end(); });
  return others;
}

std::optional<Partition> NemesisRunner::DrawPartition(const Context& context,
                                                      sim::World& world) const {
  zab::Chooser& chooser = world.chooser();
  const Shape shape = DrawShape(context, world);
  Nodes nodes = AllServers(context);
  chooser.Shuffle(kSplitStream, entity(), nodes);
  switch (shape) {
    case Shape::kHalves: return Split(nodes, nodes.size() / 2);
    case Shape::kOne: return Split(nodes, 1);
    case Shape::kBridge: {
      Partition partition = Split(nodes, nodes.size() / 2);
      partition.bridge = TheNode(nodes.back());
      return partition;
    }
    case Shape::kLeaderMinority: {
      const std::optional<zab::ServerId> leader = context.facts.cluster.Leader();
      if (!leader) return std::nullopt;
      std::ranges::iter_swap(nodes.begin(), std::ranges::find(nodes, NodeOf(*leader)));
      return Split(nodes, zab::LargestMinority(nodes.size()));
    }
    case Shape::kOneway: break;
    case Shape::kRead:
    case Shape::kWrite:
    case Shape::kFsync:
    case Shape::kFull:
    case Shape::kRot:
    case Shape::kBlock:
    case Shape::kReordered:
    case Shape::kWipe:
    case Shape::kPause:
    case Shape::kCut:
    case Shape::kKill:
    case Shape::kDrift:
    case Shape::kStep: ZAB_CHECK(false) << "no shape of a partition"; break;
  }
  const Selector one = TheNode(nodes.front());
  const Selector others = TheNodes({nodes.begin() + 1, nodes.end()});
  const bool outwards = chooser.Chance(kDirectionStream, entity(), {1, 2});
  return Partition{.oneway =
                       outwards ? Partition::Oneway{one, others} : Partition::Oneway{others, one}};
}

void NemesisRunner::CutSome(const std::optional<Partition>& partition, const Context& context,
                            sim::World& world, Active& active, FaultLog& log) const {
  ActionEffect effect;
  if (partition) effect = CutOff(*partition, context, ActionEntity(), world);
  for (const sim::CutId cut : effect.cuts) {
    active.cuts.push_back(cut);
    log.Log(world, *partition, cut);
  }
  log.tally.Add(FaultKind::kPartition, effect.effective);
}

std::vector<sim::LinkId> NemesisRunner::DrawLinks(const Context& context, sim::World& world) const {
  const Nodes targets = DrawTargets(context, world);
  const Nodes others = Without(targets, context);
  if (targets.empty() || others.empty()) return {};
  const uint64_t peer = world.chooser().Below(kPeerStream, entity(), others.size());
  const bool outwards = world.chooser().Chance(kDirectionStream, entity(), {1, 2});
  const Nodes end{others[peer]};
  return outwards ? LinksBetween(targets, end) : LinksBetween(end, targets);
}

std::vector<sim::LinkId> NemesisRunner::ClogSome(const Context& context, sim::World& world,
                                                 FaultLog& log) const {
  std::vector<sim::LinkId> links = DrawLinks(context, world);
  std::erase_if(links, [&](sim::LinkId link) { return !world.Clog(link); });
  for (const sim::LinkId link : links) log.Log(world, Clog{TheNode(link.from), TheNode(link.to)});
  return links;
}

void NemesisRunner::SlowLinks(const Context& context, sim::World& world, Active& active,
                              FaultLog& log) const {
  const std::vector<sim::LinkId> links = DrawLinks(context, world);
  if (links.empty()) log.tally.Add(FaultKind::kSetLink, false);
  for (const sim::LinkId link : links) {
    LinkProfile profile = world.network().profile(link);
    profile.latency = context.scenario.LinkOf(link.from, link.to).latency * Spec(context).factor;
    const bool effective = world.SetLink(link, profile);
    if (effective) {
      active.slow_links.push_back(link);
      log.Log(world, SetLink{TheNode(link.from), TheNode(link.to), {.latency = profile.latency}});
    }
    log.tally.Add(FaultKind::kSetLink, effective);
  }
}

// ---- Swizzle ------------------------------------------------------------------------------------

std::vector<sim::LinkId> NemesisRunner::DrawSwizzle(const Context& context,
                                                    sim::World& world) const {
  zab::Chooser& chooser = world.chooser();
  Nodes chosen = AllServers(context);
  chooser.Shuffle(kSplitStream, entity(), chosen);
  chosen.resize(1 + chooser.Below(kSwizzleStream, entity(), chosen.size()));
  const Nodes others = Without(chosen, context);
  std::vector<sim::LinkId> order = LinksAcross({chosen, others}, {});
  const std::vector<sim::LinkId> within = LinksBetween(chosen, chosen);
  order.insert(order.end(), within.begin(), within.end());
  std::vector<sim::LinkId> release = order;
  chooser.Shuffle(kSwizzleStream, entity(), order);
  chooser.Shuffle(kSwizzleStream, entity(), release);
  order.insert(order.end(), release.begin(), release.end());
  return order;
}

std::vector<NemesisRunner::Alarm> NemesisRunner::Swizzle(uint64_t number, const Context& context,
                                                         sim::World& world, FaultLog& log) {
  const auto found = std::ranges::find(active_, number, &Active::number);
  if (found == active_.end()) return {};
  const auto count = static_cast<int64_t>(found->swizzle.size());
  const sim::LinkId link = found->swizzle[found->swizzled++];
  if (found->swizzled * 2 <= found->swizzle.size()) {
    const bool effective = world.Clog(link);
    if (effective) {
      found->clogs.push_back(link);
      log.Log(world, Clog{TheNode(link.from), TheNode(link.to)});
    }
    log.tally.Add(FaultKind::kClog, effective);
  } else if (std::erase(found->clogs, link) > 0 && world.Release(link)) {
    log.Log(world, Release{TheNode(link.from), TheNode(link.to)});
  }
  if (found->swizzled == found->swizzle.size()) return {};
  return {{.at = world.now() + Spec(context).duration / count,
           .step = Step::kSwizzle,
           .number = number}};
}

}  // namespace scenario
