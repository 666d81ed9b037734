// Deadlines: liveness as a list of clocks that start at quiet or at an event and stop when what
// they wait for is there.  Costs nothing while none runs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/base/time.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

enum class DeadlineStatus : uint8_t {
  kIdle,     // Its event has not happened.
  kRunning,  // At the end of a run: cut short, so nobody knows.
  kMet,
  kMissed,
};

class Deadlines {
 public:
  struct Entry {
    DeadlineStatus status = DeadlineStatus::kIdle;
    zab::Time started;  // Not of kIdle.
    zab::Time met;      // Only of kMet.
  };
  /// `index` in Expect::deadlines.
  struct Alarm {
    size_t index = 0;
    zab::Time at;
  };

  /// `probe_client` makes the write of write_ok.
  Deadlines(const Scenario& scenario, std::optional<NodeId> probe_client)
      : entries_(scenario.expect.deadlines.size()), probe_client_(probe_client) {}

  /// Starts those from that event, at its first firing, or (none) from quiet.  What holds already
  /// is met at once.  Returns when to call OnAlarm.
  std::vector<Alarm> Start(std::optional<EventIndex> from, zab::Time now, const Context& context);
  /// Deadlines on a probe; `context` as it is for triggers.
  void OnProbe(const Record& record, const Context& context);
  /// Deadlines on a state; the view has taken the record in.
  void OnState(const Record& record, const Context& context);
  /// Time is up.
  void OnAlarm(size_t index);

  /// In the order of Expect::deadlines.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  void Meet(Entry& entry, zab::Time now);

  std::vector<Entry> entries_;
  std::optional<NodeId> probe_client_;
  size_t running_ = 0;
  bool write_ok_ = false;
};

}  // namespace scenario
