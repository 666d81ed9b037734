// Runs go repeat by repeat through all cells.  With a precision, a cell makes one repeat at a time
// once the rule is asked, so that it stops at the same one however many processes there are.
#include "tools/zabsim/sweep/work_plan.h"

#include <algorithm>
#include <cmath>

#include "scenarios/runner/measure/metrics.h"
#include "tools/zabsim/statistics/estimates.h"

namespace zabsim {
namespace {

size_t IndexOfMetric(const std::string& name) {
  const auto metrics = scenario::AllMetrics();
  return static_cast<size_t>(std::ranges::find(metrics, name, &scenario::MetricInfo::name) -
                             metrics.begin());
}

}  // namespace

WorkPlan::WorkPlan(const SweepManifest& manifest)
    : manifest_(manifest), cells_(manifest.cells.size()) {
  const auto& precision = manifest.sweep().precision;
  if (precision) metric_ = IndexOfMetric(precision->metric);
  for (uint64_t cell = 0; cell < cells_.size(); ++cell) {
    for (uint64_t repeat = 0; repeat < manifest.sweep().MostRepeats(); ++repeat) {
      most_ += manifest.Owns({cell, repeat}) ? 1 : 0;
    }
  }
}

bool WorkPlan::IsNarrow(const std::vector<double>& sample) const {
  if (sample.size() < 2) return false;
  const zab::Ratio within = manifest_.sweep().precision->within;
  const double share =
      static_cast<double>(within.numerator) / static_cast<double>(within.denominator);
  const Interval interval = MeanInterval(sample);
  return (*interval.high - *interval.low) / 2 <= share * std::fabs(MeanOf(sample));
}

// Asked of the first repeats only, as many as follow each other without a gap.
void WorkPlan::AskRule(CellProgress& cell) const {
  for (; !cell.enough && cell.done.contains(cell.asked); ++cell.asked) {
    if (cell.asked + 1 < manifest_.sweep().repeat) continue;
    std::vector<double> sample;
    for (uint64_t repeat = 0; repeat <= cell.asked; ++repeat) {
      if (cell.values[repeat]) sample.push_back(*cell.values[repeat]);
    }
    cell.enough = IsNarrow(sample);
  }
}

void WorkPlan::Add(const SweptRun& run) {
  CellProgress& cell = cells_[run.run.cell];
  if (cell.under_way > 0) --cell.under_way;
  if (!cell.done.insert(run.run.repeat).second) return;
  if (manifest_.Owns(run.run)) ++done_;
  if (!metric_) return;
  if (cell.values.size() <= run.run.repeat) cell.values.resize(run.run.repeat + 1);
  const std::optional<uint64_t>& value = run.metrics[*metric_];
  if (value && run.excluded.empty()) cell.values[run.run.repeat] = static_cast<double>(*value);
  AskRule(cell);
}

std::optional<SweepRun> WorkPlan::NextOf(uint64_t cell) {
  CellProgress& progress = cells_[cell];
  const uint64_t most = manifest_.sweep().MostRepeats();
  while (progress.next < most &&
         (progress.done.contains(progress.next) || !manifest_.Owns({cell, progress.next}))) {
    ++progress.next;
  }
  const bool waits = metric_ && progress.under_way > 0 && progress.next >= manifest_.sweep().repeat;
  if (progress.enough || waits || progress.next == most) return std::nullopt;
  return SweepRun{cell, progress.next};
}

std::optional<SweepRun> WorkPlan::Next() {
  std::optional<SweepRun> next;
  for (uint64_t cell = 0; cell < cells_.size(); ++cell) {
    const std::optional<SweepRun> run = NextOf(cell);
    if (run && (!next || run->repeat < next->repeat)) next = run;
  }
  if (!next) return next;
  ++cells_[next->cell].next;
  ++cells_[next->cell].under_way;
  return next;
}

bool WorkPlan::IsComplete() const {
  return Missing().empty();
}

std::vector<SweepRun> WorkPlan::Missing() const {
  std::vector<SweepRun> missing;
  for (uint64_t cell = 0; cell < cells_.size(); ++cell) {
    if (cells_[cell].enough) continue;
    for (uint64_t repeat = 0; repeat < manifest_.sweep().MostRepeats(); ++repeat) {
      const SweepRun run{cell, repeat};
      if (!manifest_.Owns(run) || cells_[cell].done.contains(repeat)) continue;
      missing.push_back(run);
      if (metric_) break;
    }
  }
  return missing;
}

}  // namespace zabsim
