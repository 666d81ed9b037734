// A run of a sweep, as runs.ndjson keeps it, and what statistics take from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/sweep/manifest.h"

namespace zabsim {

/// "ended": the process of the run has.
inline constexpr char kEndedVerdict[] = "ended";

struct SweptRun {
  SweepRun run;
  std::string seed;
  std::string verdict;            // As in its result, or kEndedVerdict.
  std::string excluded;           // Why it is in no statistics; empty: it is.
  std::string how;                // It has ended.
  std::optional<bool> shows_bug;  // If a known bug was switched on.
  uint64_t events = 0;
  uint64_t virtual_time = 0;
  std::string trace_hash;
  uint64_t leader_clients = 0;
  std::vector<std::optional<uint64_t>> metrics;  // In the order of scenario::AllMetrics.

  /// The exit code that its verdict stands for.
  int ExitCode() const;
};

/// A line without its end.
std::string LineOf(const SweepRun& run, const scenario::RunResult& result,
                   const scenario::Scenario& scenario, absl::string_view digest);
/// That the process of a run has ended, and how.
std::string LineOfEnd(const SweepRun& run, absl::string_view how);
/// kDataLoss: it is no such line.
absl::StatusOr<SweptRun> ParseSweptRun(absl::string_view line, const SweepManifest& manifest);

}  // namespace zabsim
