// The cost of a run: one committed write with 3 and 5 servers, and a whole swarm run.
#include <benchmark/benchmark.h>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/run/run.h"
#include "tests/support/shipped.h"

namespace {

/// Ten clients that write as fast as they are answered, for ten virtual seconds.
scenario::Document WritesOnly(int64_t servers) {
  std::string voters;
  for (int64_t i = 1; i <= servers; ++i) {
    absl::StrAppend(&voters, i == 1 ? "" : ",", "\"n", i, "\"");
  }
  const std::string text = absl::StrCat(
      R"({"format": "zabsim/1", "id": "bench", "cluster": {"voters": [)", voters, R"(]},
        "timing": {"tick_time": "200ms"},
        "workload": [{"id": "w", "kind": "closed", "clients": 10, "think": "1ms",
                      "mix": {"setData": 1}, "from": "1s"}],
        "end": {"virtual": "11s"}})");
  return *scenario::Document::Parse(text, "bench.json");
}

void BM_CommittedWrite(benchmark::State& state) {
  const scenario::Document document = WritesOnly(state.range(0));
  int64_t commits = 0;
  int64_t events = 0;
  for (auto _ : state) {
    const scenario::RunResult result = scenario::RunOnce(document.scenario(), 1);
    commits +=
        static_cast<int64_t>(result.probes[static_cast<size_t>(scenario::Probe::kCommitted)]);
    events += static_cast<int64_t>(result.events);
  }
  state.SetItemsProcessed(commits);
  state.counters["events"] =
      benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_CommittedWrite)->Arg(3)->Arg(5)->Unit(benchmark::kMillisecond);

void BM_SwarmRun(benchmark::State& state) {
  const scenario::Document document = support::MustLoad(support::ShippedScenario("ci/swarm"));
  uint64_t seed = 1;
  int64_t events = 0;
  for (auto _ : state) {
    const auto instance = document.Instantiate(seed);
    events += static_cast<int64_t>(scenario::RunOnce(*instance, seed).events);
    seed = seed % 100 + 1;
  }
  state.counters["events"] =
      benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_SwarmRun)->Unit(benchmark::kMillisecond);

}  // namespace
