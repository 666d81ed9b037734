// Which runs a sweep makes, and what they came to, for a table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/runner/crash_sweep/crash_sweep.h"

namespace scenario {

struct SweepOptions {
  bool all = false;    // Heartbeats too.
  uint64_t every = 1;  // Each so manieth point only; 1 or more.
};

/// At each point one run by kill, one by power loss and, where several changes of names are not
/// durable, one for each that may be lost; in the order of the points.
std::vector<CrashRun> PlanSingles(const CleanRun& clean, const SweepOptions& options);

/// `count` draws, in the order of their first points: one of the single runs, and a second crash,
/// of any server, somewhere between the first one and where that single run ended.  `outcomes` are
/// those of `singles`.  None if there are none.
std::vector<CrashRun> DrawPairs(const std::vector<CrashRun>& singles,
                                const std::vector<CrashOutcome>& outcomes, uint64_t seed,
                                uint64_t count);

struct SweepRow {
  uint64_t points = 0;  // Of pairs: runs in which the second crash came.
  uint64_t runs = 0;
  std::array<uint64_t, kRunVerdictCount> verdicts{};  // Runs, by RunVerdict.
};

struct SweepSummary {
  uint64_t heartbeats = 0;  // Points of the clean run that are some.
  std::array<SweepRow, kPointKindCount> rows;
  SweepRow pairs;
  RunVerdict verdict = RunVerdict::kHeld;
  /// The first run of the worst verdict; none if all held.  Positions in singles, then pairs.
  std::optional<size_t> worst;
  bool interrupted = false;  // Not all of the planned runs were made.
  uint64_t events = 0;       // Of all runs.
  zab::Hash128 hash;         // Of all trace hashes, in order: the same for any number of threads.
};

/// Of runs and their outcomes; there may be fewer outcomes than runs, after Ctrl-C.
class SweepJudge {
 public:
  explicit SweepJudge(const CleanRun& clean);
  void Add(const CrashRun& run, const CrashOutcome& outcome);
  SweepSummary Finish() const;

 private:
  const CleanRun& clean_;  // Must outlive the judge.
  SweepSummary summary_;
  size_t added_ = 0;
  uint64_t last_point_ = 0;
  std::string hashes_;
};

}  // namespace scenario
