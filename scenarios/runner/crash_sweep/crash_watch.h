// CrashWatch: counts the points of a run, crashes servers at the ordered points, and makes them
// recover: restart, quiet, deadlines.  Safety is checked by the Checker.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/runner/crash_sweep/crash_point.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/verdict/deadlines.h"
#include "sim/observer.h"
#include "sim/world.h"

namespace scenario {

/// How long a server that the sweep has crashed stays down.
constexpr zab::Duration kRestartAfter = zab::Seconds(1);
/// Time from the last crash until quiet.  In between, the restarted server catches up under load.
constexpr zab::Duration kQuietAfter = zab::Seconds(2);

struct CrashOrder {
  uint64_t number = 0;  // The number of the point.
  SweepCrash crash;
  friend constexpr auto operator<=>(const CrashOrder&, const CrashOrder&) = default;
};
/// A crash that was performed.
struct CrashHit {
  uint64_t number = 0;
  SweepCrash crash;
  NodeId node;
  zab::Time time;
};

/// An observer that must be added after the Checker and the Engine.  A plain value: it keeps no
/// reference to the world between calls.
class CrashWatch : public sim::Observer {
 public:
  /// `scenario` must come from PrepareSweep: its deadlines are those of the recovery.
  CrashWatch(std::shared_ptr<const Scenario> scenario, sim::ObserverId checker,
             sim::ObserverId engine);

  std::unique_ptr<sim::Observer> Clone() const override {
    return std::make_unique<CrashWatch>(*this);
  }
  /// Call once, before the world runs; `self` is this observer's id in the world.
  void Begin(sim::World& world, sim::ObserverId self);

  /// From now on, points are kept for TakePoints.
  void StartRecording() { recording_ = true; }
  /// Returns the points of the last event, in order, and forgets them.
  std::vector<CrashPoint> TakePoints();
  /// The number of points so far, heartbeats included.
  uint64_t count() const { return count_; }

  /// Sets the crashes to perform.  The first is at a future point of this run; each further one is
  /// at a point of the run after the previous crash, of the same or another server.
  void Arm(std::vector<CrashOrder> orders) { orders_ = std::move(orders); }
  const std::vector<CrashHit>& hits() const { return hits_; }
  /// Whether all deadlines are met or missed after the last crash.
  bool IsOver() const;
  /// Names of the deadlines missed.
  std::vector<std::string> Missed() const;

  void OnMoment(sim::World& world, const sim::Moment& moment) override;
  void OnTrace(sim::World& world, const sim::Record& traced) override;
  void OnAlarm(sim::World& world, uint64_t token) override;

 private:
  enum class AlarmKind : uint8_t { kRestart, kQuiet, kDeadline };

  void Note(const sim::World& world, const sim::Moment& moment);
  void CrashIfOrdered(sim::World& world, NodeId node);
  static void Crash(sim::World& world, NodeId node, const SweepCrash& crash);
  void SetAlarm(sim::World& world, zab::Time at, AlarmKind kind, size_t index) const;
  void BringQuiet(sim::World& world);
  Context ContextIn(sim::World& world) const;

  std::shared_ptr<const Scenario> scenario_;  // Immutable, shared by all clones.
  sim::ObserverId checker_;
  sim::ObserverId engine_;
  sim::ObserverId self_;

  uint64_t count_ = 0;
  uint64_t last_event_ = UINT64_MAX;  // World::event_count() at the last point.
  bool recording_ = false;
  std::vector<CrashPoint> points_;  // Of the current event.
  bool only_pings_ = true;          // In the records of the current event.

  std::vector<CrashOrder> orders_;
  std::vector<CrashHit> hits_;
  std::optional<Deadlines> deadlines_;  // Set from quiet on.
};

}  // namespace scenario
