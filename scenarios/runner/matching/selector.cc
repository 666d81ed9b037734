// One overload per form of selector.
#include "scenarios/runner/matching/selector.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "protocol/base/overloaded.h"
#include "protocol/boundary/quorum.h"
#include "scenarios/runner/cluster/drawn_nodes.h"

namespace scenario {

std::vector<NodeId> AllServers(const Context& context) {
  const auto servers = sim::IdsUpTo<NodeId>(context.scenario.ServerCount());
  return {servers.begin(), servers.end()};
}

bool Has(const Nodes& nodes, NodeId node) {
  return std::ranges::find(nodes, node) != nodes.end();
}

namespace {

constexpr zab::Stream kAnyStream("selector/any");
constexpr zab::Stream kMinorityStream("selector/minority");
constexpr zab::Stream kMajorityStream("selector/majority_without");

Nodes One(std::optional<NodeId> node) {
  return node ? Nodes{*node} : Nodes{};
}
Nodes One(std::optional<zab::ServerId> server) {
  return server ? Nodes{NodeOf(*server)} : Nodes{};
}

template <class T>
const T* ValueOf(VariableIndex variable, const Context& context) {
  return std::get_if<T>(&context.facts.variables[variable.value]);
}

Nodes AckedBy(VariableIndex variable, const Context& context) {
  const auto* zxid = ValueOf<zab::Zxid>(variable, context);
  if (zxid == nullptr) return {};
  Nodes nodes = AllServers(context);
  std::erase_if(nodes,
                [&](NodeId node) { return !context.histories.HasSynced(SidOf(node), *zxid); });
  return nodes;
}

// The forms that draw nothing.

Nodes NodesOf(const Selector::Node& form, const Context& /*context*/) {
  return {form.node};
}

Nodes NodesOf(const Selector::Leader& form, const Context& context) {
  const ClusterState& cluster = context.facts.cluster;
  return One(form.epoch ? cluster.LeaderOf(*form.epoch) : cluster.Leader());
}

Nodes NodesOf(const Selector::Followers& /*form*/, const Context& context) {
  Nodes nodes;
  for (const zab::ServerId server : context.facts.cluster.Followers())
    nodes.push_back(NodeOf(server));
  return nodes;
}

Nodes NodesOf(const Selector::Self& /*form*/, const Context& context) {
  return One(context.self);
}

Nodes NodesOf(const Selector::TargetOf& form, const Context& context) {
  return context.facts.events[form.event.value].targets;
}

Nodes NodesOf(const Selector::AckedBy& form, const Context& context) {
  return AckedBy(form.zxid, context);
}

Nodes NodesOf(const Selector::Bound& form, const Context& context) {
  const auto* node = ValueOf<NodeId>(form.node, context);
  return node != nullptr ? Nodes{*node} : Nodes{};
}

template <class Form>
concept DrawsNothing =
    requires(const Form& form, const Context& context) { NodesOf(form, context); };

/// The nodes of several selectors, each once.
Nodes Union(const std::vector<Selector>& parts, const Context& context, zab::Entity entity,
            zab::Chooser& chooser) {
  Nodes nodes;
  for (const Selector& part : parts) {
    for (const NodeId node : Evaluate(part, context, entity, chooser)) {
      if (!Has(nodes, node)) nodes.push_back(node);
    }
  }
  return nodes;
}

}  // namespace

std::vector<NodeId> Evaluate(const Selector& selector, const Context& context, zab::Entity entity,
                             zab::Chooser& chooser) {
  const size_t servers = context.scenario.ServerCount();
  return std::visit(
      zab::Overloaded{
          [&](const DrawsNothing auto& form) { return NodesOf(form, context); },
          [&](const Selector::List& list) { return Union(list.parts, context, entity, chooser); },
          [&](const Selector::Any& any) {
            const Nodes nodes = Union(any.of, context, entity, chooser);
            if (nodes.empty()) return Nodes{};
            return Nodes{nodes[chooser.Below(kAnyStream, entity, nodes.size())]};
          },
          [&](const Selector::MajorityWithout& majority) {
            const Nodes avoided = Union(majority.of, context, entity, chooser);
            Nodes candidates = AllServers(context);
            std::erase_if(candidates, [&](NodeId node) { return Has(avoided, node); });
            return DrawSome(std::move(candidates), zab::SmallestMajority(servers), kMajorityStream,
                            entity, chooser);
          },
          [&](const Selector::Minority&) {
            return DrawSome(AllServers(context), zab::LargestMinority(servers), kMinorityStream,
                            entity, chooser);
          }},
      selector.form);
}

bool Contains(const Selector& selector, NodeId node, const Context& context) {
  const bool is_server = node.value >= 1 && node.value <= context.scenario.ServerCount();
  const auto some = [&](const std::vector<Selector>& parts) {
    return std::ranges::any_of(parts,
                               [&](const Selector& part) { return Contains(part, node, context); });
  };
  return std::visit(zab::Overloaded{[&](const DrawsNothing auto& form) {
                                      return Has(NodesOf(form, context), node);
                                    },
                                    [&](const Selector::List& list) { return some(list.parts); },
                                    [&](const Selector::Any& any) { return some(any.of); },
                                    [&](const Selector::MajorityWithout& majority) {
                                      return is_server && !some(majority.of);
                                    },
                                    [&](const Selector::Minority&) { return is_server; }},
                    selector.form);
}

}  // namespace scenario
