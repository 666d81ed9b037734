// Bounds on time as a server's own clock measures them.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// How fast the servers' timers run.
class Pace {
  static constexpr int64_t kMillion = 1'000'000;
  static constexpr zab::Duration kRounding = zab::Microseconds(1);

 public:
  explicit Pace(const Scenario& scenario) : servers_(scenario.ServerCount()) {
    for (const zab::ServerId server : scenario.ServerIds()) {
      At(server).prompt = scenario.MachineOf(server) == sim::MachineProfile{};
      Drift(server, scenario.DriftOf(server));
    }
  }

  bool IsPrompt(zab::ServerId server) const { return At(server).prompt; }
  void Drift(zab::ServerId server, int64_t ppm) {
    At(server).drift_ppm = std::max(At(server).drift_ppm, std::abs(ppm));
  }
  /// The longest and the shortest that its timer of this duration may take.
  zab::Duration Longest(zab::ServerId server, zab::Duration timer) const {
    return Scaled(timer, kMillion - At(server).drift_ppm) + kRounding;
  }
  zab::Duration Shortest(zab::ServerId server, zab::Duration timer) const {
    return Scaled(timer, kMillion + At(server).drift_ppm) - kRounding;
  }

 private:
  struct Server {
    bool prompt = false;    // Its steps take no time.
    int64_t drift_ppm = 0;  // The largest so far, either way.
  };

  const Server& At(zab::ServerId server) const { return servers_[server.value - size_t{1}]; }
  Server& At(zab::ServerId server) { return servers_[server.value - size_t{1}]; }
  /// How long it takes a clock that advances by `rate` ppm of the time.
  static zab::Duration Scaled(zab::Duration timer, int64_t rate) {
    rate = std::max<int64_t>(rate, 1);
    const int64_t whole = timer.nanoseconds / rate;
    const int64_t rest = timer.nanoseconds % rate;
    return zab::Nanoseconds(whole * kMillion + rest * kMillion / rate);
  }

  std::vector<Server> servers_;  // By sid - 1.
};

}  // namespace scenario
