// Shrink: turns a failing run into a minimal scenario that fails in the same way and that a person
// can understand.  Pure and deterministic: it counts runs, not seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"

namespace scenario {

struct ShrinkOptions {
  uint64_t budget = 2000;  // Runs.
  /// Makes the servers; if empty, real ones.  A known bug of the file is switched on in them.
  ServerFactory servers;
  /// Called before each run with the number of runs so far; false stops and returns the best so
  /// far.
  std::function<bool(uint64_t replays)> progress;
  /// Asked during each run, as RunOptions::stop; a stop returns the best so far.
  std::function<StopWish()> stop;
};

/// Which parts of a run could be made explicit.
enum class Written : uint8_t { kAll, kOperations, kFaults, kNothing };

struct Shrunk {
  std::string text;       // A complete scenario file that fails.
  std::string signature;  // SignatureOf; the same as the original's.
  Text story;             // A paragraph that tells what happens.
  uint64_t seed = 0;      // The seed of the file.
  uint64_t replays = 0;
  size_t servers = 0;
  size_t faults = 0;      // Actions of events that are faults, plus remaining nemeses.
  size_t operations = 0;  // Operations of scripts.
  Written written{};      // Nemeses and closed blocks that remain are still random.
};

/// Shrinks the run of `document` with `seed`.  kFailedPrecondition: the run does not fail, its
/// outcome is unknown, or only the guard of end.events ends it.  kInvalidArgument: the values drawn
/// by `run.vary` are not valid together.  kCancelled: `progress` or the budget stopped it before
/// the failure was reproduced as a file.
absl::StatusOr<Shrunk> Shrink(const Document& document, uint64_t seed,
                              const ShrinkOptions& options = {});

}  // namespace scenario
