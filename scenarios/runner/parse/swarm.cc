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
constexpr zab::Stream kServers("swarm/servers");
constexpr zab::Stream kHandOvers("swarm/hand_overs");
constexpr zab::Stream kWork("swarm/work");
constexpr zab::Stream kLimits("swarm/limits");

/// A campaign has no time for a run without end; its own files need a quarter of these events.
constexpr uint64_t kMostEvents = 2'000'000;

/// A third as slow as an fsync usually is, so that a crash finds batches half written.
constexpr Distribution kSlowWrites =
    sim::Exp(zab::Microseconds(10), zab::Microseconds(700), zab::Milliseconds(20));

/// Longer than most messages are under way.
constexpr Distribution kSlowHandOver =
    sim::Exp(zab::Duration{}, zab::Milliseconds(4), zab::Milliseconds(60));
constexpr Distribution kSlowWork =
    sim::Exp(zab::Duration{}, zab::Microseconds(300), zab::Milliseconds(10));

constexpr zab::Duration kFlushDelay = zab::Milliseconds(6);

/// The least that an epoch has left of its counter: enough to set up the keys of a closed loop.
constexpr uint32_t kFewestLeft = 40;

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

/// A server that takes no time never lets its threads overtake each other: half of the runs have
/// servers that do, and in half of these some threads and some work are slow.  They start at once
/// all the same, since nemeses restart servers often.
void DrawServers(Scenario& scenario, zab::Chooser& chooser) {
  if (scenario.servers != Servers{} || !chooser.Chance(kPhysics, {4}, {1, 2})) return;
  ServerChange& server = scenario.servers.base;
  server = {.profile = ServerTiming::kJvmLoopback, .start = Distribution{}};
  if (chooser.Chance(kServers, {}, {1, 2})) return;
  for (const zab::TaskName task :
       {zab::TaskName::kOwnNotification, zab::TaskName::kAcknowledge, zab::TaskName::kAckNewLeader,
        zab::TaskName::kApply, zab::TaskName::kSnapshotChunk}) {
    if (chooser.Chance(kHandOvers, {static_cast<uint64_t>(task)}, {1, 2})) {
      server.hand_over[task] = kSlowHandOver;
    }
  }
  uint64_t work = 0;
  for (std::optional<Distribution>* takes :
       {&server.step, &server.request, &server.message, &server.role_change, &server.reset}) {
    if (chooser.Chance(kWork, {work++}, {1, 4})) *takes = kSlowWork;
  }
}

void DrawPhysics(Scenario& scenario, zab::Chooser& chooser) {
  if (auto* link = std::get_if<LinkProfile>(&scenario.network.base)) {
    link->latency = DrawSpread(link->latency, {1}, chooser);
    if (chooser.Chance(kPhysics, {2}, {1, 2})) link->loss = {0, 1};
  }
  scenario.disk.base.fsync = DrawSpread(scenario.disk.base.fsync, {3}, chooser);
  if (scenario.disk.base.write == DiskProfile{}.write && chooser.Chance(kPhysics, {5}, {1, 4})) {
    scenario.disk.base.write = kSlowWrites;
  }
  DrawServers(scenario, chooser);
}

/// A third of the value, the value as written, or three times the value.  Limits that no short run
/// reaches stay as they are.
template <class T>
void DrawLimit(T& limit, T least, zab::Entity entity, zab::Chooser& chooser) {
  if (limit > 1000) return;
  const uint64_t drawn = chooser.Below(kLimits, entity, 4);
  if (drawn == 0) limit = std::max(static_cast<T>(limit / 3), least);
  if (drawn == 1) limit = static_cast<T>(limit * 3);
}

/// The smallest value at which the limit means anything, more often than a third of it would be.
template <class T>
void DrawLeast(T& limit, T least, zab::Entity entity, zab::Chooser& chooser) {
  if (chooser.Chance(kLimits, entity, {1, 8})) limit = least;
}

/// Batches of one transaction or a few, and an fsync that waits for more: a write is then logged
/// long before it is durable.
void DrawBatches(zab::Limits& limits, zab::Chooser& chooser) {
  const uint64_t drawn = chooser.Below(kLimits, {3}, 4);
  if (drawn == 0) limits.max_batch_size = 1;
  if (drawn == 1) limits.max_batch_size = 3;
  if (chooser.Chance(kLimits, {4}, {1, 4})) limits.flush_delay = kFlushDelay;
}

void DrawLimits(Scenario& scenario, zab::Chooser& chooser) {
  zab::Limits& limits = scenario.cluster.server;
  DrawLimit(limits.snap_count, decltype(limits.snap_count){2}, {1}, chooser);
  DrawLimit(limits.commit_log_count, decltype(limits.commit_log_count){2}, {2}, chooser);
  DrawLeast(limits.commit_log_count, decltype(limits.commit_log_count){1}, {5}, chooser);
  DrawBatches(limits, chooser);
  if (scenario.cluster.initial.empty() && chooser.Chance(kLimits, {6}, {1, 16})) {
    limits.initial_counter =
        zab::kLastCounter - kFewestLeft - static_cast<uint32_t>(chooser.Below(kLimits, {7}, 400));
  }
}

}  // namespace

void DrawSwarm(Scenario& scenario, zab::Chooser& chooser) {
  scenario.run.swarm.reset();
  if (scenario.end.events == End{}.events) scenario.end.events = kMostEvents;
  DrawNemeses(scenario, chooser);
  DrawPhysics(scenario, chooser);
  DrawLimits(scenario, chooser);
}

}  // namespace scenario
