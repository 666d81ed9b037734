// A combination is the list of the indices of its values, by parameter.
#include "scenarios/runner/sweep/cells.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"

namespace scenario {
namespace {

constexpr zab::Stream kLatinStream("sweep/latin");

using Combination = std::vector<size_t>;

/// The lists of the matrix, by parameter.
std::vector<const std::vector<SweepValue>*> ListsOf(const Sweep& sweep) {
  std::vector<const std::vector<SweepValue>*> lists;
  for (const auto& [name, values] : sweep.matrix) lists.push_back(&values);
  return lists;
}

bool IsExcluded(const Sweep& sweep, const Combination& combination) {
  return std::ranges::any_of(sweep.exclude, [&](const SweepLabels& labels) {
    size_t parameter = 0;
    return std::ranges::all_of(sweep.matrix, [&](const auto& entry) {
      const std::string& label = entry.second[combination[parameter++]].label;
      const auto wanted = labels.find(entry.first);
      return wanted == labels.end() || wanted->second == label;
    });
  });
}

/// The last parameter varies fastest.
std::vector<Combination> AllOf(const Sweep& sweep) {
  const auto lists = ListsOf(sweep);
  std::vector<Combination> all;
  for (Combination next(lists.size());;) {
    if (!IsExcluded(sweep, next)) all.push_back(next);
    size_t parameter = lists.size();
    while (parameter > 0 && ++next[parameter - 1] == lists[parameter - 1]->size()) {
      next[--parameter] = 0;
    }
    if (parameter == 0) return all;
  }
}

/// Two values of different parameters: parameter, value, parameter, value.
using ValuePair = std::array<size_t, 4>;

std::vector<ValuePair> PairsOf(const Combination& combination) {
  std::vector<ValuePair> pairs;
  for (size_t a = 0; a < combination.size(); ++a) {
    for (size_t b = a + 1; b < combination.size(); ++b) {
      pairs.push_back({a, combination[a], b, combination[b]});
    }
  }
  return pairs;
}

/// Takes, again and again, the first combination with the most pairs that no earlier one has.
std::vector<Combination> PairwiseOf(const Sweep& sweep) {
  std::vector<Combination> all = AllOf(sweep);
  if (sweep.matrix.size() < 2) return all;
  absl::btree_set<ValuePair> uncovered;
  for (const Combination& combination : all) {
    for (const ValuePair& pair : PairsOf(combination)) uncovered.insert(pair);
  }
  std::vector<Combination> taken;
  while (!uncovered.empty()) {
    const Combination* best = nullptr;
    std::ptrdiff_t most = 0;
    for (const Combination& combination : all) {
      const std::ptrdiff_t gain = std::ranges::count_if(
          PairsOf(combination), [&](const ValuePair& pair) { return uncovered.contains(pair); });
      if (gain <= most) continue;
      most = gain;
      best = &combination;
    }
    for (const ValuePair& pair : PairsOf(*best)) uncovered.erase(pair);
    taken.push_back(*best);
  }
  std::ranges::sort(taken);
  return taken;
}

/// McKay, Beckman and Conover, Technometrics 21, 1979, for lists of values: each list is gone
/// through in strata of equal size, in an order that is drawn for each parameter.
std::vector<Combination> LatinOf(const Sweep& sweep, uint64_t seed) {
  const auto lists = ListsOf(sweep);
  size_t longest = 0;
  for (const auto* list : lists) longest = std::max(longest, list->size());
  const size_t count = sweep.cells ? static_cast<size_t>(*sweep.cells) : longest;
  zab::Chooser chooser(seed);
  std::vector<Combination> drawn(count, Combination(lists.size()));
  for (size_t parameter = 0; parameter < lists.size(); ++parameter) {
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t{0});
    chooser.Shuffle(kLatinStream, {parameter}, order);
    for (size_t i = 0; i < count; ++i) {
      drawn[order[i]][parameter] = i * lists[parameter]->size() / count;
    }
  }
  const absl::btree_set<Combination> cells(drawn.begin(), drawn.end());
  std::vector<Combination> kept;
  for (const Combination& combination : cells) {
    if (!IsExcluded(sweep, combination)) kept.push_back(combination);
  }
  return kept;
}

std::vector<Combination> CombinationsOf(const Sweep& sweep, uint64_t seed) {
  switch (sweep.design) {
    case SweepDesign::kFull: break;
    case SweepDesign::kPairwise: return PairwiseOf(sweep);
    case SweepDesign::kLatin: return LatinOf(sweep, seed);
  }
  return AllOf(sweep);
}

}  // namespace

std::vector<SweepCell> CellsOf(const Sweep& sweep, uint64_t seed) {
  std::vector<SweepCell> cells;
  for (const Combination& combination : CombinationsOf(sweep, seed)) {
    SweepCell& cell = cells.emplace_back();
    size_t parameter = 0;
    for (const auto* list : ListsOf(sweep)) {
      const SweepValue& value = (*list)[combination[parameter++]];
      cell.labels.push_back(value.label);
      for (const auto& [pointer, written] : value.set) {
        cell.overrides.push_back(absl::StrCat(pointer, "=", CompactJson(written)));
      }
    }
  }
  return cells;
}

absl::StatusOr<Document> LoadCell(const std::string& path,
                                  const std::vector<std::string>& overrides, const Sweep& sweep,
                                  const SweepCell& cell) {
  std::vector<std::string> all = overrides;
  all.emplace_back("/sweep=null");
  all.insert(all.end(), cell.overrides.begin(), cell.overrides.end());
  absl::StatusOr<Document> document = Document::Load(path, all);
  if (document.ok()) return document;
  std::string values;
  size_t parameter = 0;
  for (const auto& [name, list] : sweep.matrix) {
    absl::StrAppend(&values, values.empty() ? "" : ", ", name, " ", cell.labels[parameter++]);
  }
  return absl::Status(
      document.status().code(),
      absl::StrCat(path, ": /sweep: the cell with ", values, ":\n", document.status().message()));
}

}  // namespace scenario
