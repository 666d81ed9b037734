// Exploration: visits every state of a bounded world, nearest first, so that the first violation
// found has a shortest path.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/runner/explore/engine.h"
#include "scenarios/runner/explore/fingerprint_set.h"

namespace scenario::explore {

/// How far an exploration is.
struct Progress {
  uint64_t states = 0;  // Distinct.
  uint64_t transitions = 0;
  uint64_t depth = 0;   // Choices from the beginning to the states at work.
  uint64_t queued = 0;  // States that are not yet gone on from.
  uint64_t bytes = 0;   // Of memory that grows with the states; what is kept once besides.
};

/// Why it has ended.
enum class Ended : uint8_t {
  kComplete,     // Every state was gone on from.
  kViolation,    // At the first.
  kInterrupted,  // By its observer.
  kBound,        // ExploreBounds::states.
};

/// One choice of a path, in words.
struct Counterexample {
  Broken broken;
  std::vector<Choice> path;        // From the beginning; empty: it is broken there already.
  std::vector<std::string> steps;  // The same in words.
};

struct Explored {
  Ended ended{};
  Progress reached;
  uint64_t pruned = 0;     // Transitions beyond the bounds.
  uint64_t terminal = 0;   // States after which nothing can happen.
  uint64_t quiescent = 0;  // States after which nothing happens unless the budget is spent.
  uint64_t set_hash = 0;   // XOR of the fingerprints of all states: the same in any order.
  std::array<uint64_t, kChoiceKindCount> by_kind{};  // Transitions by the kind of their choice.
  std::optional<Counterexample> counterexample;

  /// Complete, nothing pruned, nothing broken.
  bool IsCertificate() const { return ended == Ended::kComplete && pruned == 0; }
};

/// Called now and then; false ends the exploration.
using OnProgress = std::function<bool(const Progress& progress)>;

Explored ExploreAll(const Scenario& scenario, Engine& engine, const OnProgress& on_progress = {});

}  // namespace scenario::explore
