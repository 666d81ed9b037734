// One pass over the journal; in memory are the runs of one cell.
#include "tools/zabsim/sweep/sweep_tables.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/measure/metrics.h"
#include "scenarios/runner/measure/tables.h"
#include "tools/zabsim/statistics/estimates.h"

namespace zabsim {
namespace {

using scenario::Cells;

Cells Joined(Cells cells, const Cells& more) {
  cells.insert(cells.end(), more.begin(), more.end());
  return cells;
}

// ---- runs.csv -----------------------------------------------------------------------------------

Cells RunColumns(const SweepManifest& manifest) {
  Cells columns = Joined({"cell", "repeat", "seed"}, ParametersOf(manifest));
  columns = Joined(std::move(columns), {"verdict", "excluded", "events", "virtual_time",
                                        "trace_hash", "leader_clients"});
  for (const scenario::MetricInfo& metric : scenario::AllMetrics()) {
    columns.emplace_back(metric.name);
  }
  return columns;
}

Cells RowOf(const SweptRun& run, const SweepManifest& manifest) {
  Cells cells = Joined({absl::StrCat(run.run.cell), absl::StrCat(run.run.repeat), run.seed},
                       manifest.cells[run.run.cell].labels);
  cells = Joined(std::move(cells), {run.verdict, run.excluded});
  if (run.verdict == kEndedVerdict) {
    cells = Joined(std::move(cells), {"", "", "", ""});
  } else {
    cells = Joined(std::move(cells), {absl::StrCat(run.events), absl::StrCat(run.virtual_time),
                                      run.trace_hash, absl::StrCat(run.leader_clients)});
  }
  for (const std::optional<uint64_t>& value : run.metrics) {
    cells.push_back(value ? absl::StrCat(*value) : "");
  }
  return cells;
}

// ---- cells.csv ----------------------------------------------------------------------------------

constexpr double kQuantiles[] = {0.5, 0.9, 0.99};

Cells CellColumns(const SweepManifest& manifest) {
  return Joined(
      Joined({"cell"}, ParametersOf(manifest)),
      {"metric",    "unit",    "n",        "missing", "excluded", "mean",       "mean_low",
       "mean_high", "sd",      "min",      "max",     "median",   "median_low", "median_high",
       "p90",       "p90_low", "p90_high", "p99",     "p99_low",  "p99_high"});
}

void Add(const Interval& interval, Cells& cells) {
  cells.push_back(NumberText(interval.low));
  cells.push_back(NumberText(interval.high));
}

/// All columns from `mean` on, of one observation at least.
Cells Estimates(std::vector<double> sample) {
  Cells cells = {NumberText(MeanOf(sample))};
  Add(MeanInterval(sample), cells);
  cells.push_back(sample.size() < 2 ? "" : NumberText(DeviationOf(sample)));
  std::ranges::sort(sample);
  cells.push_back(NumberText(sample.front()));
  cells.push_back(NumberText(sample.back()));
  for (const double p : kQuantiles) {
    cells.push_back(NumberText(QuantileOf(sample, p)));
    Add(QuantileInterval(sample, p), cells);
  }
  return cells;
}

/// The rows of one cell.
class CellRows {
 public:
  CellRows(const SweepManifest& manifest, const absl::btree_map<std::string, uint64_t>& verdicts,
           bool has_bugs)
      : manifest_(manifest), verdicts_(verdicts), has_bugs_(has_bugs) {}

  void Add(SweptRun run) { runs_.push_back(std::move(run)); }
  /// Then it is empty again.
  std::string Take() {
    std::string rows;
    if (runs_.empty()) return rows;
    for (const auto& [verdict, times] : verdicts_) {
      absl::StrAppend(&rows, ShareRow(verdict, [&](const SweptRun& run) {
        return std::optional(run.verdict == verdict);
      }));
    }
    if (has_bugs_) {
      absl::StrAppend(&rows,
                      ShareRow("bug_shown", [](const SweptRun& run) { return run.shows_bug; }));
    }
    const auto metrics = scenario::AllMetrics();
    for (size_t i = 0; i < metrics.size(); ++i) absl::StrAppend(&rows, MetricRow(metrics[i], i));
    runs_.clear();
    return rows;
  }

 private:
  Cells Begin() const {
    const uint64_t cell = runs_.front().run.cell;
    return Joined({absl::StrCat(cell)}, manifest_.cells[cell].labels);
  }

  /// Of the runs for which `is` knows an answer.
  template <class Is>
  std::string ShareRow(absl::string_view name, const Is& is) const {
    uint64_t known = 0, yes = 0;
    for (const SweptRun& run : runs_) {
      const std::optional<bool> answer = is(run);
      known += answer ? 1 : 0;
      yes += answer.value_or(false) ? 1 : 0;
    }
    Cells cells = Joined(Begin(), {std::string(name), "share", absl::StrCat(known),
                                   absl::StrCat(runs_.size() - known), "0"});
    if (known > 0) {
      cells.push_back(NumberText(static_cast<double>(yes) / static_cast<double>(known)));
      zabsim::Add(ShareInterval(yes, known), cells);
    }
    cells.resize(CellColumns(manifest_).size());
    return scenario::CsvLine(cells);
  }

  std::string MetricRow(const scenario::MetricInfo& metric, size_t index) const {
    std::vector<double> sample;
    uint64_t missing = 0, excluded = 0;
    for (const SweptRun& run : runs_) {
      if (!run.excluded.empty()) {
        ++excluded;
      } else if (!run.metrics[index]) {
        ++missing;
      } else {
        sample.push_back(static_cast<double>(*run.metrics[index]));
      }
    }
    Cells cells = Joined(
        Begin(), {std::string(metric.name), std::string(metric.unit), absl::StrCat(sample.size()),
                  absl::StrCat(missing), absl::StrCat(excluded)});
    if (!sample.empty()) cells = Joined(std::move(cells), Estimates(std::move(sample)));
    cells.resize(CellColumns(manifest_).size());
    return scenario::CsvLine(cells);
  }

  const SweepManifest& manifest_;
  const absl::btree_map<std::string, uint64_t>& verdicts_;
  bool has_bugs_;
  std::vector<SweptRun> runs_;
};

}  // namespace

absl::Status WriteSweepTables(const std::string& folder, const SweepManifest& manifest,
                              const Journal& journal) {
  absl::btree_map<std::string, uint64_t> verdicts = {{"held", 0}};
  bool has_bugs = false;
  ReplacedFile runs(folder + "/runs.csv"), cells(folder + "/cells.csv");
  runs.stream() << scenario::CsvLine(RunColumns(manifest));
  cells.stream() << scenario::CsvLine(CellColumns(manifest));
  absl::Status status = journal.ForEach([&](const SweepRun&, const std::string& line) {
    const auto run = ParseSweptRun(line, manifest);
    if (!run.ok()) return run.status();
    ++verdicts[run->verdict];
    has_bugs |= run->shows_bug.has_value();
    runs.stream() << scenario::CsvLine(RowOf(*run, manifest));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  CellRows rows(manifest, verdicts, has_bugs);
  std::optional<uint64_t> cell;
  status = journal.ForEach([&](const SweepRun& run, const std::string& line) {
    if (cell != run.cell) cells.stream() << rows.Take();
    cell = run.cell;
    auto swept = ParseSweptRun(line, manifest);
    if (!swept.ok()) return swept.status();
    rows.Add(*std::move(swept));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  cells.stream() << rows.Take();
  status = runs.Commit();
  return status.ok() ? cells.Commit() : status;
}

}  // namespace zabsim
