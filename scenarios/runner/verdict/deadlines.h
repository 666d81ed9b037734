// Deadlines: liveness as timers that start at quiet or at an event and stop when their condition
// holds (LANGUAGE.md 4).  They cost nothing while none is running.
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
  kIdle,     // Its event has not fired.
  kRunning,  // If still so at the end of a run, the outcome is unknown.
  kMet,
  kMissed,
};

class Deadlines {
 public:
  struct Entry {
    DeadlineStatus status = DeadlineStatus::kIdle;
    zab::Time started;  // Unset in kIdle.
    zab::Time met;      // Set only in kMet.
  };
  /// Time to call OnAlarm with `index`, the position in Expect::deadlines.
  struct Alarm {
    size_t index = 0;
    zab::Time at;
  };

  /// `liveness_client` makes the write of write_ok.
  Deadlines(const Scenario& scenario, std::optional<NodeId> liveness_client)
      : entries_(scenario.expect.deadlines.size()),
        committed_before_(entries_.size()),
        liveness_client_(liveness_client) {}

  /// Starts the deadlines that count from `from`, at its first firing, or from quiet if nullopt.
  /// Returns whether there are any; then Begin must be called at the same time, once the view
  /// includes everything that `from` does.
  bool Start(std::optional<EventIndex> from, zab::Time now, const Context& context);
  /// Meets those that have started and whose state holds now; for the others, returns the alarms to
  /// set.
  std::vector<Alarm> Begin(zab::Time now, const Context& context);
  /// Checks deadlines on a probe; `context` as for triggers.
  void OnProbe(const Record& record, const Context& context);
  /// Checks deadlines on a state; the view must already include the record.
  void OnState(const Record& record, const Context& context);
  /// Checks deadlines on write_ok: a client has received the acknowledgment of a write.
  void OnWrite(const Record& returned, const Context& context);
  /// The time of this deadline is up.
  void OnAlarm(size_t index);

  /// When the last of them was met; nullopt while one is not, or if there are none.
  std::optional<zab::Time> AllMet() const { return all_met_; }
  /// One per deadline, in the order of Expect::deadlines.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  void Meet(Entry& entry, zab::Time now);
  bool WaitsForState(size_t index) const;

  std::vector<Entry> entries_;
  /// By position in entries_: what was committed when it began; nullopt before Begin.
  std::vector<std::optional<zab::Zxid>> committed_before_;
  std::optional<NodeId> liveness_client_;
  size_t running_ = 0;
  size_t met_ = 0;
  std::optional<zab::Time> all_met_;
};

}  // namespace scenario
