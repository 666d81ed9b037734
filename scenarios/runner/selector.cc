// One overload per form.
#include "scenarios/runner/selector.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace scenario {

std::vector<NodeId> AllServers(const Context& context) {
  std::vector<NodeId> servers;
  for (size_t i = 1; i <= context.scenario.ServerCount(); ++i) {
    servers.push_back({static_cast<uint16_t>(i)});
  }
  return servers;
}

bool Has(const Nodes& nodes, NodeId node) {
  return std::ranges::find(nodes, node) != nodes.end();
}

namespace {

constexpr zab::Stream kAnyStream("selector/any");
constexpr zab::Stream kMinorityStream("selector/minority");
constexpr zab::Stream kMajorityStream("selector/majority_without");
constexpr zab::Stream kCoreStream("quiet/core");

Nodes One(std::optional<NodeId> node) { return node ? Nodes{*node} : Nodes{}; }
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

/// The forms that draw nothing; none for the others.
std::optional<Nodes> Fixed(const Selector& selector, const Context& context) {
  if (const auto* node = std::get_if<Selector::Node>(&selector.form)) return Nodes{node->node};
  if (const auto* leader = std::get_if<Selector::Leader>(&selector.form)) {
    return One(leader->epoch ? context.facts.view.LeaderOf(*leader->epoch)
                             : context.facts.view.Leader());
  }
  if (std::holds_alternative<Selector::Followers>(selector.form)) {
    Nodes nodes;
    for (const zab::ServerId server : context.facts.view.Followers()) {
      nodes.push_back(NodeOf(server));
    }
    return nodes;
  }
  if (std::holds_alternative<Selector::Self>(selector.form)) return One(context.self);
  if (const auto* target = std::get_if<Selector::TargetOf>(&selector.form)) {
    return context.facts.events[target->event.value].targets;
  }
  if (const auto* acked = std::get_if<Selector::AckedBy>(&selector.form)) {
    return AckedBy(acked->zxid, context);
  }
  if (const auto* bound = std::get_if<Selector::Bound>(&selector.form)) {
    const auto* node = ValueOf<NodeId>(bound->node, context);
    return node != nullptr ? Nodes{*node} : Nodes{};
  }
  return std::nullopt;
}

/// `count` of the candidates, drawn, in ascending order; empty if there are not so many.
Nodes DrawSome(Nodes candidates, size_t count, zab::Stream stream, zab::Entity entity,
               zab::Chooser& chooser) {
  if (candidates.size() < count) return {};
  chooser.Shuffle(stream, entity, candidates);
  candidates.resize(count);
  std::ranges::sort(candidates);
  return candidates;
}

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
  if (std::optional<Nodes> fixed = Fixed(selector, context)) return *std::move(fixed);
  const size_t servers = context.scenario.ServerCount();
  if (const auto* list = std::get_if<Selector::List>(&selector.form)) {
    return Union(list->parts, context, entity, chooser);
  }
  if (const auto* any = std::get_if<Selector::Any>(&selector.form)) {
    const Nodes nodes = Union(any->of, context, entity, chooser);
    if (nodes.empty()) return {};
    return {nodes[chooser.Below(kAnyStream, entity, nodes.size())]};
  }
  if (const auto* majority = std::get_if<Selector::MajorityWithout>(&selector.form)) {
    const Nodes avoided = Union(majority->of, context, entity, chooser);
    Nodes candidates = AllServers(context);
    std::erase_if(candidates, [&](NodeId node) { return Has(avoided, node); });
    return DrawSome(std::move(candidates), servers / 2 + 1, kMajorityStream, entity, chooser);
  }
  return DrawSome(AllServers(context), (servers - 1) / 2, kMinorityStream, entity, chooser);
}

bool Contains(const Selector& selector, NodeId node, const Context& context) {
  if (const std::optional<Nodes> fixed = Fixed(selector, context)) return Has(*fixed, node);
  const auto some = [&](const std::vector<Selector>& parts) {
    return std::ranges::any_of(
        parts, [&](const Selector& part) { return Contains(part, node, context); });
  };
  if (const auto* list = std::get_if<Selector::List>(&selector.form)) return some(list->parts);
  if (const auto* any = std::get_if<Selector::Any>(&selector.form)) return some(any->of);
  const bool is_server = node.value >= 1 && node.value <= context.scenario.ServerCount();
  if (const auto* majority = std::get_if<Selector::MajorityWithout>(&selector.form)) {
    return is_server && !some(majority->of);
  }
  return is_server;
}

std::vector<NodeId> DrawQuorum(size_t servers, zab::Chooser& chooser) {
  Nodes candidates;
  for (size_t i = 1; i <= servers; ++i) candidates.push_back({static_cast<uint16_t>(i)});
  return DrawSome(std::move(candidates), servers / 2 + 1, kCoreStream, {}, chooser);
}

}  // namespace scenario
