// Shuffles the candidates and takes the first ones.
#include "scenarios/runner/cluster/drawn_nodes.h"

#include <algorithm>

#include "protocol/boundary/quorum.h"

namespace scenario {
namespace {

constexpr zab::Stream kCoreStream("quiet/core");

}  // namespace

std::vector<NodeId> DrawSome(std::vector<NodeId> candidates, size_t count, zab::Stream stream,
                             zab::Entity entity, zab::Chooser& chooser) {
  if (candidates.size() < count) return {};
  chooser.Shuffle(stream, entity, candidates);
  candidates.resize(count);
  std::ranges::sort(candidates);
  return candidates;
}

std::vector<NodeId> DrawQuorum(size_t servers, zab::Chooser& chooser) {
  const auto candidates = sim::IdsUpTo<NodeId>(servers);
  return DrawSome({candidates.begin(), candidates.end()}, zab::SmallestMajority(servers),
                  kCoreStream, {}, chooser);
}

}  // namespace scenario
