// Plans, draws and summaries.
#include "scenarios/runner/crash_sweep/crash_plan.h"

#include <algorithm>

#include "protocol/base/random.h"

namespace scenario {
namespace {

constexpr zab::Stream kFirstStream("sweep/first");
constexpr zab::Stream kSecondStream("sweep/second");
constexpr zab::Stream kKindStream("sweep/second-kind");

/// The kinds for the second crash of a pair.  The number of unsynced names at it is not known when
/// it is drawn.
constexpr std::array<SweepCrash, 5> kSecondCrashes = {{{SweepCrash::Kind::kKill},
                                                       {SweepCrash::Kind::kPower},
                                                       {SweepCrash::Kind::kReorder, 1},
                                                       {SweepCrash::Kind::kReorder, 2},
                                                       {SweepCrash::Kind::kReorder, 3}}};

std::vector<SweepCrash> CrashesAt(const CrashPoint& point) {
  std::vector<SweepCrash> crashes = {{SweepCrash::Kind::kKill}, {SweepCrash::Kind::kPower}};
  for (size_t lost = 1; point.unsynced_names > 1 && lost <= point.unsynced_names; ++lost) {
    crashes.push_back({SweepCrash::Kind::kReorder, lost});
  }
  return crashes;
}

void Count(const CrashOutcome& outcome, SweepRow& row) {
  ++row.runs;
  ++row.verdicts[static_cast<size_t>(outcome.verdict)];
}

}  // namespace

std::vector<CrashRun> PlanSingles(const CleanRun& clean, const SweepOptions& options) {
  std::vector<CrashRun> runs;
  uint64_t seen = 0;
  for (const CrashPoint& point : clean.points) {
    if (point.heartbeat && !options.all) continue;
    if (seen++ % options.every != 0) continue;
    for (const SweepCrash& crash : CrashesAt(point)) {
      runs.push_back({.event = point.event, .orders = {{.number = point.number, .crash = crash}}});
    }
  }
  return runs;
}

std::vector<CrashRun> DrawPairs(const std::vector<CrashRun>& singles,
                                const std::vector<CrashOutcome>& outcomes, uint64_t seed,
                                uint64_t count) {
  std::vector<CrashRun> pairs;
  if (singles.empty()) return pairs;
  zab::Chooser chooser(seed);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t first = chooser.Below(kFirstStream, {}, singles.size());
    CrashRun run = singles[first];
    const auto from = static_cast<int64_t>(run.orders[0].number) + 1;
    const auto until = std::max(from, static_cast<int64_t>(outcomes[first].points));
    const int64_t second = chooser.Between(kSecondStream, {}, from, until);
    const uint64_t kind = chooser.Below(kKindStream, {}, kSecondCrashes.size());
    run.orders.push_back({.number = static_cast<uint64_t>(second), .crash = kSecondCrashes[kind]});
    pairs.push_back(std::move(run));
  }
  std::ranges::sort(pairs, {}, &CrashRun::orders);
  return pairs;
}

SweepJudge::SweepJudge(const CleanRun& clean) : clean_(clean) {
  summary_.heartbeats = static_cast<uint64_t>(
      std::ranges::count_if(clean.points, [](const CrashPoint& point) { return point.heartbeat; }));
}

void SweepJudge::Add(const CrashRun& run, const CrashOutcome& outcome) {
  const uint64_t number = run.orders[0].number;
  if (run.orders.size() == 1) {
    SweepRow& row = summary_.rows[static_cast<size_t>(clean_.points[number - 1].kind)];
    if (number != last_point_) ++row.points;
    last_point_ = number;
    Count(outcome, row);
  } else {
    if (outcome.hits.size() == run.orders.size()) ++summary_.pairs.points;
    Count(outcome, summary_.pairs);
  }
  if (outcome.verdict < summary_.verdict) {
    summary_.verdict = outcome.verdict;
    summary_.worst = added_;
  }
  ++added_;
  summary_.events += outcome.events;
  hashes_ += ToString(outcome.trace_hash);
}

SweepSummary SweepJudge::Finish() const {
  SweepSummary summary = summary_;
  summary.hash = zab::Hash128Of(hashes_);
  return summary;
}

}  // namespace scenario
