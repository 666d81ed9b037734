// The state of the cluster after any event of a run.
#pragma once

#include <cstddef>
#include <vector>

#include "scenarios/runner/state/cluster_state.h"
#include "tools/zabsim/playback/watched_run.h"

namespace zabsim {

/// Finds the state after any event with at most 512 steps.
class ReplayedStates {
 public:
  /// `run` must live as long.
  explicit ReplayedStates(const WatchedRun& run);

  /// Good until the next call.
  const scenario::ClusterState& At(size_t event);

 private:
  const WatchedRun& run_;
  std::vector<scenario::ClusterState> keyframes_;  // Before event k * 512.
  scenario::ClusterState state_;
  size_t next_ = 0;  // The first event that state_ does not have.
};

}  // namespace zabsim
