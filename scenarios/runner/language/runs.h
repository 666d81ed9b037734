// The key `run`: which runs to make, and their budget.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "scenarios/runner/json/value.h"

namespace scenario {

struct Seeds {
  uint64_t from = 1;
  bool of_commit =
      false;  // `from` is "commit", to be set by the command (tools/zabsim/cli/commit.h).
  uint64_t count = 1;
  std::vector<uint64_t> list;  // If not empty, replaces from and count.

  uint64_t size() const { return list.empty() ? count : list.size(); }
  uint64_t operator[](uint64_t i) const { return list.empty() ? from + i : list[i]; }
};

/// How the runs of a campaign differ (scenarios/runner/search/strategy.h).
enum class Strategy : uint8_t {
  kRandom,      // Swarm configuration; everything else is drawn during the run.
  kProbeSweep,  // Crashes, cuts and pauses at random occurrences of probes.
  kPctcp,       // Priorities of links and disks, with a few changes (Ozkan et al., OOPSLA'18).
};
inline constexpr Strategy kStrategies[] = {Strategy::kRandom, Strategy::kProbeSweep,
                                           Strategy::kPctcp};
constexpr int kStrategyCount = static_cast<int>(std::size(kStrategies));

/// "random", "probe_sweep", "pctcp".
absl::string_view Name(Strategy strategy);

/// Weights by Strategy; at least one is not 0.
using StrategyMix = std::array<uint64_t, kStrategyCount>;
inline constexpr uint64_t kLargestWeight = 1000;
/// Of a file that states none.
inline constexpr uint64_t kDefaultWeight = 1;

/// What all runs together may cost.
struct Budget {
  std::optional<zab::Duration> wall;
  std::optional<zab::Duration> cpu;
  friend bool operator==(const Budget&, const Budget&) = default;
};

/// The key `run`.  Unset members are left to the command line and its defaults.
struct Run {
  Seeds seeds;
  absl::btree_map<std::string, std::vector<Value>> vary;  // JSON pointer to values.
  std::optional<bool> swarm;                              // Each seed draws a swarm configuration.
  std::optional<uint64_t> weight;  // How often a campaign takes this file among others.
  std::optional<StrategyMix> strategy;
  std::optional<Budget> budget;
  std::optional<uint64_t> fail_fast;    // The number of failures after which it ends.
  std::optional<zab::Ratio> selfcheck;  // The fraction of runs that are repeated.
  std::optional<bool> shrink;           // Whether failures are shrunk.
};

}  // namespace scenario
