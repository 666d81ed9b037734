// What the processes of one machine take time for.
#pragma once

#include <array>
#include <cstdint>

#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "sim/distribution.h"
#include "sim/numbers.h"

namespace sim {

/// How long things take on one machine; by default nothing takes time.
struct MachineProfile {
  /// From Host::HandOver to OnTask, by the kind of the task.
  std::array<Distribution, kTaskKindCount> hand_over = {};
  /// Host::CostOf, by the number that the application gives to a kind of work.
  std::array<Distribution, kWorkCount> work = {};
  Distribution start;  // From the start of a process to its first call.
  Distribution reset;  // From the end of a process to the reset of each of its open connections.

  friend constexpr bool operator==(const MachineProfile&, const MachineProfile&) = default;
};

}  // namespace sim
