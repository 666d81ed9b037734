// Plans the runs of a sweep and summarises their outcomes for a table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/runner/crash_sweep/crash_sweep.h"

namespace scenario {

struct SweepOptions {
  bool all = false;    // Include heartbeats.
  uint64_t every = 1;  // Take only every n-th point; 1 or more.
};

/// The single-crash runs, in the order of the points: at each point one by kill, one by power loss
/// and, where several changes of names are not yet durable, one for each that may be lost.
std::vector<CrashRun> PlanSingles(const CleanRun& clean, const SweepOptions& options);

/// Draws `count` runs with two crashes, in the order of their first points: one of the single runs,
/// plus a crash of any server at a point between the first crash and the end of that single run.
/// `outcomes` are those of `singles`.  Empty if `singles` is.
std::vector<CrashRun> DrawPairs(const std::vector<CrashRun>& singles,
                                const std::vector<CrashOutcome>& outcomes, uint64_t seed,
                                uint64_t count);

struct SweepRow {
  uint64_t points = 0;  // For pairs: runs in which the second crash happened.
  uint64_t runs = 0;
  std::array<uint64_t, kRunVerdictCount> verdicts{};  // Runs, by RunVerdict.
};

struct SweepSummary {
  uint64_t heartbeats = 0;  // How many points of the clean run are heartbeats.
  std::array<SweepRow, kPointKindCount> rows;
  SweepRow pairs;
  RunVerdict verdict = RunVerdict::kHeld;
  /// The first run with the worst verdict; nullopt if all held.  A position in the singles followed
  /// by the pairs.
  std::optional<size_t> worst;
  bool interrupted = false;  // Whether some of the planned runs were not made.
  uint64_t events = 0;       // Events of all runs.
  zab::Hash128 hash;  // A hash of all trace hashes in order; independent of the number of threads.
};

/// Summarises runs and their outcomes.  After Ctrl-C there may be fewer outcomes than planned runs.
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
