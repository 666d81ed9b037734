// CrashWatch: counts the points of a run, crashes servers where it was told to, and sees to it that
// they recover: restart, quiet, deadlines.  It judges no safety; that is the Checker's.
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
/// From the last crash until faults end.  In between the restarted server catches up under load.
constexpr zab::Duration kQuietAfter = zab::Seconds(2);

struct CrashOrder {
  uint64_t number = 0;  // Of the point.
  SweepCrash crash;
  friend constexpr auto operator<=>(const CrashOrder&, const CrashOrder&) = default;
};
/// A crash that has happened.
struct CrashHit {
  uint64_t number = 0;
  SweepCrash crash;
  NodeId node;
  zab::Time time;
};

/// An observer behind the Checker and the Engine.  A plain value: it refers to the world only in
/// calls.
class CrashWatch : public sim::Observer {
 public:
  /// `scenario` as PrepareSweep makes it: its deadlines are those of the recovery.
  CrashWatch(std::shared_ptr<const Scenario> scenario, sim::ObserverId checker,
             sim::ObserverId engine);

  std::unique_ptr<sim::Observer> Clone() const override {
    return std::make_unique<CrashWatch>(*this);
  }
  /// Once, before the world runs; `self` is where it was added.
  void Begin(sim::World& world, sim::ObserverId self);

  /// Points are kept for TakePoints from now on.
  void StartRecording() { recording_ = true; }
  /// Those of the last event, in order.
  std::vector<CrashPoint> TakePoints();
  /// How many there were, heartbeats included.
  uint64_t count() const { return count_; }

  /// The first order is of a point to come, each further one of a point of the run that the crash
  /// before it leads to, of the same server or another.
  void Arm(std::vector<CrashOrder> orders) { orders_ = std::move(orders); }
  const std::vector<CrashHit>& hits() const { return hits_; }
  /// All is well again, or time is up.
  bool IsOver() const;
  /// Names of the deadlines missed.
  std::vector<std::string> Missed() const;

  void OnMoment(sim::World& world, const sim::Moment& moment) override;
  void OnTrace(sim::World& world, const Record& record) override;
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
  std::vector<CrashPoint> points_;  // Of the event under way.
  bool only_pings_ = true;          // In its records.

  std::vector<CrashOrder> orders_;
  std::vector<CrashHit> hits_;
  std::optional<Deadlines> deadlines_;  // From quiet on.
};

}  // namespace scenario
