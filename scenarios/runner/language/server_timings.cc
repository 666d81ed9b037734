// The built-in profiles of servers.
#include "scenarios/runner/language/physics.h"

namespace scenario {
namespace {

// Fitted to what tests/apache/calibration.py measures: a create of 0.94 ms, and 0.44 to 0.46 s from
// the death of the leader to the next write, in some runs 0.2 s more.
sim::MachineProfile JvmLoopback() {
  sim::MachineProfile profile;
  for (Distribution& hand_over : profile.hand_over) {
    hand_over = sim::Exp(zab::Microseconds(100), zab::Microseconds(150));
  }
  const auto work = [&](ServerWork of) -> Distribution& {
    return profile.work[static_cast<size_t>(of)];
  };
  work(ServerWork::kStep) = sim::Const(zab::Microseconds(10));
  work(ServerWork::kRequest) = sim::Const(zab::Microseconds(70));
  work(ServerWork::kMessage) = sim::Const(zab::Microseconds(70));
  work(ServerWork::kRoleChange) = sim::Exp(zab::Milliseconds(10), zab::Milliseconds(15));
  profile.start = sim::Uniform(zab::Milliseconds(400), zab::Milliseconds(700));
  profile.reset = sim::Exp(zab::Milliseconds(12), zab::Milliseconds(12));
  return profile;
}

}  // namespace

sim::MachineProfile ProfileOf(ServerTiming timing) {
  switch (timing) {
    case ServerTiming::kInstant: return {};
    case ServerTiming::kJvmLoopback: return JvmLoopback();
  }
  return {};
}

}  // namespace scenario
