// Cells are matched by the values of their parameters, runs by their seeds.
#include "tools/zabsim/compare/comparison.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace zabsim {
namespace {

/// What may explain a difference: how many clients had a connection to the leader, and how many
/// faults took effect.
constexpr absl::string_view kConfounders[] = {"leader_clients", "faults_effective"};

using CellPair = std::pair<const ComparedCell*, const ComparedCell*>;

std::string ValuesText(const ComparedCell& cell) {
  std::string text;
  for (const auto& [name, label] : cell.labels) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", name, " ", label);
  }
  return text;
}

std::vector<CellPair> Matched(const SweepData& a, const SweepData& b) {
  if (a.cells.size() == 1 && b.cells.size() == 1) return {{&a.cells[0], &b.cells[0]}};
  std::vector<CellPair> pairs;
  for (const ComparedCell& cell : a.cells) {
    const auto other = std::ranges::find(b.cells, cell.labels, &ComparedCell::labels);
    if (other != b.cells.end()) pairs.emplace_back(&cell, &*other);
  }
  return pairs;
}

struct Samples {
  std::vector<double> a, b;                // All.
  std::vector<double> paired_a, paired_b;  // Of runs with the same seed.
};

Samples SamplesOf(const CellPair& cells, const std::string& metric) {
  Samples samples;
  absl::btree_map<std::string, double> by_seed;
  for (const ComparedRun& run : cells.first->runs) {
    const auto value = run.values.find(metric);
    if (value == run.values.end()) continue;
    samples.a.push_back(value->second);
    by_seed.insert({run.seed, value->second});
  }
  for (const ComparedRun& run : cells.second->runs) {
    const auto value = run.values.find(metric);
    if (value == run.values.end()) continue;
    samples.b.push_back(value->second);
    const auto partner = by_seed.find(run.seed);
    if (partner == by_seed.end()) continue;
    samples.paired_a.push_back(partner->second);
    samples.paired_b.push_back(value->second);
  }
  return samples;
}

/// nullopt: too few runs have the metric.
std::optional<ComparisonRow> RowOf(const CellPair& cells, const std::string& metric) {
  const Samples samples = SamplesOf(cells, metric);
  const bool paired = samples.paired_a.size() >= 2;
  if (!paired && (samples.a.size() < 2 || samples.b.size() < 2)) return std::nullopt;
  const std::vector<double>& a = paired ? samples.paired_a : samples.a;
  const std::vector<double>& b = paired ? samples.paired_b : samples.b;
  return ComparisonRow{.values = ValuesText(*cells.first),
                       .metric = metric,
                       .n_a = samples.a.size(),
                       .n_b = samples.b.size(),
                       .pairs = samples.paired_a.size() >= 2 ? samples.paired_a.size() : 0,
                       .mean_a = MeanOf(a),
                       .mean_b = MeanOf(b),
                       .difference = paired ? PairedDifference(a, b) : WelchDifference(a, b),
                       .effect = EffectSize(a, b)};
}

void AddConfounders(const CellPair& cells, const std::vector<std::string>& metrics,
                    Comparison& comparison) {
  for (const absl::string_view what : kConfounders) {
    const std::string name(what);
    if (std::ranges::find(metrics, name) != metrics.end()) continue;
    const Samples samples = SamplesOf(cells, name);
    if (samples.a.empty() || samples.b.empty()) continue;
    const double a = MeanOf(samples.a), b = MeanOf(samples.b);
    if (a != b) comparison.confounders.push_back({ValuesText(*cells.first), name, a, b});
  }
}

}  // namespace

absl::StatusOr<Comparison> Compare(const SweepData& a, const SweepData& b,
                                   const std::vector<std::string>& metrics) {
  const std::vector<CellPair> cells = Matched(a, b);
  if (cells.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("wanted cells with the same values in ", a.folder, " and ", b.folder,
                     ", found none; compare two cells with DIR@CELL"));
  }
  Comparison comparison;
  for (const CellPair& pair : cells) {
    for (const std::string& metric : metrics) {
      std::optional<ComparisonRow> row = RowOf(pair, metric);
      if (!row) continue;
      const auto unit = a.units.find(metric);
      row->unit = unit == a.units.end() ? "1" : unit->second;
      comparison.rows.push_back(*std::move(row));
    }
    AddConfounders(pair, metrics, comparison);
  }
  if (comparison.rows.empty()) {
    return absl::InvalidArgumentError(
        "wanted two runs of each that have one of the metrics, found fewer");
  }
  std::vector<double> p;
  p.reserve(comparison.rows.size());
  for (const ComparisonRow& row : comparison.rows) p.push_back(row.difference.p);
  const std::vector<double> corrected = HolmCorrected(p);
  for (size_t i = 0; i < corrected.size(); ++i) comparison.rows[i].p_holm = corrected[i];
  return comparison;
}

}  // namespace zabsim
