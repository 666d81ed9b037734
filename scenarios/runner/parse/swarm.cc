// Draws regimes before rates: first which kinds of faults there are, then how many.
#include "scenarios/runner/parse/swarm.h"

#include <algorithm>
#include <variant>

#include "scenarios/runner/language/units.h"

namespace scenario {
namespace {

constexpr zab::Stream kKeepNemesis("swarm/keep");
constexpr zab::Stream kRegime("swarm/regime");
constexpr zab::Stream kPhysics("swarm/physics");
constexpr zab::Stream kLimits("swarm/limits");

/// A campaign has no time for a run without end; its own files need a quarter of these events.
constexpr uint64_t kMostEvents = 2'000'000;

/// Factors on how often and for how long nemeses strike.
struct Regime {
  int64_t interval_numerator, interval_denominator;
  int64_t duration_numerator, duration_denominator;
};
constexpr Regime kRegimes[] = {
    {1, 1, 1, 1},  // As written.
    {2, 1, 2, 1},  // Rare and long.
    {1, 3, 1, 3},  // Often and short.
    {1, 3, 1, 1},  // A storm.
};

/// Within what a file may say.
zab::Duration Scaled(zab::Duration duration, int64_t numerator, int64_t denominator) {
  return std::clamp(duration * numerator / denominator, zab::Milliseconds(1), kLongestDuration);
}

void DrawNemeses(Scenario& scenario, zab::Chooser& chooser) {
  uint64_t position = 0;
  std::erase_if(scenario.nemesis, [&](const Nemesis&) {
    return !chooser.Chance(kKeepNemesis, {position++}, {1, 2});
  });
  const Regime& regime = kRegimes[chooser.Below(kRegime, {}, std::size(kRegimes))];
  for (Nemesis& nemesis : scenario.nemesis) {
    nemesis.interval =
        Scaled(nemesis.interval, regime.interval_numerator, regime.interval_denominator);
    nemesis.duration =
        Scaled(nemesis.duration, regime.duration_numerator, regime.duration_denominator);
  }
}

/// The distribution as written, always its minimum, or four times as wide.
Distribution DrawSpread(const Distribution& written, zab::Entity entity, zab::Chooser& chooser) {
  const uint64_t drawn = chooser.Below(kPhysics, entity, 4);
  if (drawn == 0) return sim::Const(written.low);
  if (drawn != 1 || written.kind != sim::DistributionKind::kExp) return written;
  const zab::Duration most = std::min(written.high, kLongestMean);
  return sim::Exp(written.low, std::min(written.mean * 4, most), written.high);
}

void DrawPhysics(Scenario& scenario, zab::Chooser& chooser) {
  if (auto* link = std::get_if<LinkProfile>(&scenario.network.base)) {
    link->latency = DrawSpread(link->latency, {1}, chooser);
    if (chooser.Chance(kPhysics, {2}, {1, 2})) link->loss = {0, 1};
  }
  scenario.disk.base.fsync = DrawSpread(scenario.disk.base.fsync, {3}, chooser);
  // A server that takes no time never lets its threads overtake each other.  It starts at once all
  // the same, since nemeses restart servers often.
  if (scenario.servers == Servers{} && chooser.Chance(kPhysics, {4}, {1, 2})) {
    scenario.servers.base = {.profile = ServerTiming::kJvmLoopback, .start = Distribution{}};
  }
}

/// A third of the value, the value as written, or three times the value.
template <class T>
void DrawLimit(T& limit, T least, zab::Entity entity, zab::Chooser& chooser) {
  const uint64_t drawn = chooser.Below(kLimits, entity, 4);
  if (drawn == 0) limit = std::max(static_cast<T>(limit / 3), least);
  if (drawn == 1) limit = static_cast<T>(limit * 3);
}

}  // namespace

void DrawSwarm(Scenario& scenario, zab::Chooser& chooser) {
  scenario.run.swarm.reset();
  if (scenario.end.events == End{}.events) scenario.end.events = kMostEvents;
  DrawNemeses(scenario, chooser);
  DrawPhysics(scenario, chooser);
  zab::Limits& limits = scenario.cluster.server;
  if (limits.snap_count <= 1000) {
    DrawLimit(limits.snap_count, decltype(limits.snap_count){2}, {1}, chooser);
  }
  if (limits.commit_log_count <= 1000) {
    DrawLimit(limits.commit_log_count, decltype(limits.commit_log_count){2}, {2}, chooser);
  }
}

}  // namespace scenario
