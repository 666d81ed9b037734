// Coverage: what a campaign has reached, what it has never reached, and an estimate of how much is
// unseen.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/search/explored_run.h"

namespace scenario {

/// A required probe that cannot be hit: a report that does not list it as missing is broken.
inline constexpr absl::string_view kCanaryProbe = "canary";

/// The most states that are kept.  Beyond it half of them are dropped, by one bit of the
/// fingerprint, and the others count twice, as often as necessary (adaptive sampling: Flajolet,
/// Computing 43, 1990).  A state that is kept was counted in every run, so that shards merge to the
/// whole.  Counts are then estimates with a standard error of about 2 %.
inline constexpr size_t kMostStatesKept = 4096;

class Coverage {
 public:
  struct State {
    uint64_t first_run = 0;
    uint32_t depth = 0;  // How many states that run had seen before it.
    uint32_t runs = 0;   // The number of runs with this state.
  };
  struct Encountered {
    uint64_t first_run = 0;
    uint64_t runs = 0;
  };

  /// Adds a run that reached a verdict.  Returns how many of its states are new (estimated once
  /// states are dropped).
  uint64_t Add(uint64_t run, const Explored& explored);
  /// Merges the coverage of another campaign or shard.
  void Merge(const Coverage& other);

  uint64_t runs() const { return runs_; }
  uint64_t events() const { return events_; }
  const std::array<uint64_t, kProbeCount>& probes() const { return probes_; }
  /// The number of states reached, and those of them that are kept.
  uint64_t state_count() const { return uint64_t{states_.size()} << halvings_; }
  const absl::btree_map<uint64_t, State>& states() const { return states_; }
  /// Whether every state is kept, so that counts are exact.
  bool keeps_all() const { return halvings_ == 0; }
  const absl::btree_map<Encounter, Encountered>& encounters() const { return encounters_; }
  /// (runs, states seen by then) at 1, 2, 4, ... runs; after a merge, those of the longest part.
  const std::vector<std::pair<uint64_t, uint64_t>>& curve() const { return curve_; }

  /// The number of states seen in only one run.
  uint64_t Singletons() const;
  /// The number of distinct states per run, summed over the runs.
  uint64_t observations() const { return observations_; }
  /// Good-Turing estimate of the fraction of the next run's states that are new, in millionths.
  uint64_t UnseenMillionths() const;

  /// The names of required probes that were not hit, including the canary.
  std::vector<std::string> MissingProbes() const;
  /// The names of all probes, and of all reasons, that were never seen.
  std::vector<std::string> UnseenProbes() const;
  std::vector<std::string> UnseenReasons() const;

  // The form in which tools/ stores it between sessions.
  struct Kept {
    uint64_t runs = 0, events = 0, observations = 0;
    int halvings = 0;
    std::array<uint64_t, kProbeCount> probes{};
    std::vector<std::pair<uint64_t, State>> states;  // By fingerprint.
    std::vector<std::pair<Encounter, Encountered>> encounters;
    std::vector<std::pair<uint64_t, uint64_t>> curve;
  };
  Kept Keep() const;
  static Coverage From(const Kept& kept);

 private:
  /// Of a fingerprint.
  bool IsKept(uint64_t state) const;
  void Forget();

  uint64_t runs_ = 0;
  uint64_t events_ = 0;
  uint64_t observations_ = 0;
  std::array<uint64_t, kProbeCount> probes_{};
  int halvings_ = 0;
  absl::btree_map<uint64_t, State> states_;
  absl::btree_map<Encounter, Encountered> encounters_;
  std::vector<std::pair<uint64_t, uint64_t>> curve_;
};

}  // namespace scenario
