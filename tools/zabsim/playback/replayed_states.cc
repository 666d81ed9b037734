#include "tools/zabsim/playback/replayed_states.h"

namespace zabsim {
namespace {

constexpr size_t kKeyframeEvery = 512;

}  // namespace

ReplayedStates::ReplayedStates(const WatchedRun& run) : run_(run), state_(run.server_count()) {
  for (; next_ < run.count(); ++next_) {
    if (next_ % kKeyframeEvery == 0) keyframes_.push_back(state_);
    run.Apply(next_, state_);
  }
}

const scenario::ClusterState& ReplayedStates::At(size_t event) {
  const size_t frame = event / kKeyframeEvery;
  if (next_ > event + 1 || next_ < frame * kKeyframeEvery) {
    state_ = keyframes_[frame];
    next_ = frame * kKeyframeEvery;
  }
  for (; next_ <= event; ++next_) run_.Apply(next_, state_);
  return state_;
}

}  // namespace zabsim
