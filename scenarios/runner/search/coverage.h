// Coverage: what a campaign has reached, what it never did, and how much there may be that it has
// not seen.  A campaign that was blind must say so.
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

/// Counts as a probe that every campaign must hit and that nothing can hit: a report that does not
/// miss it is broken.
inline constexpr absl::string_view kCanaryProbe = "canary";

class Coverage {
 public:
  struct State {
    uint64_t first_run = 0;
    uint32_t depth = 0;      // How many states that run had seen before it.
    uint32_t sightings = 0;  // Runs that went through it.
  };
  struct Encountered {
    uint64_t first_run = 0;
    uint64_t runs = 0;
  };

  /// Of a run that came to a verdict.  Returns how many of its states are new.
  uint64_t Add(uint64_t run, const Explored& explored);
  /// Takes in what another campaign, or shard, has reached.
  void Merge(const Coverage& other);

  uint64_t runs() const { return runs_; }
  uint64_t events() const { return events_; }
  const std::array<uint64_t, kProbeCount>& probes() const { return probes_; }
  const absl::btree_map<uint64_t, State>& states() const { return states_; }
  const absl::btree_map<Encounter, Encountered>& encounters() const { return encounters_; }
  /// (runs, states seen by then), at 1, 2, 4, ... runs; of a merged one those of the longest part.
  const std::vector<std::pair<uint64_t, uint64_t>>& curve() const { return curve_; }

  /// States that one run only went through.
  uint64_t Singletons() const;
  /// Distinct states, summed over the runs.
  uint64_t observations() const { return observations_; }
  /// Good-Turing: what share of what the next run sees nobody has seen before, in millionths.
  uint64_t UnseenMillionths() const;

  /// Names of probes that must be hit and were not, the canary among them.
  std::vector<std::string> MissingProbes() const;
  /// Names of all probes, and of all reasons, that were never seen.
  std::vector<std::string> UnseenProbes() const;
  std::vector<std::string> UnseenReasons() const;

  // As it is kept between sessions (tools/): what Add and Merge cannot make up.
  struct Kept {
    uint64_t runs = 0, events = 0, observations = 0;
    std::array<uint64_t, kProbeCount> probes{};
    std::vector<std::pair<uint64_t, State>> states;  // By fingerprint.
    std::vector<std::pair<Encounter, Encountered>> encounters;
    std::vector<std::pair<uint64_t, uint64_t>> curve;
  };
  Kept Keep() const;
  static Coverage From(const Kept& kept);

 private:
  uint64_t runs_ = 0;
  uint64_t events_ = 0;
  uint64_t observations_ = 0;
  std::array<uint64_t, kProbeCount> probes_{};
  absl::btree_map<uint64_t, State> states_;
  absl::btree_map<Encounter, Encountered> encounters_;
  std::vector<std::pair<uint64_t, uint64_t>> curve_;
};

}  // namespace scenario
