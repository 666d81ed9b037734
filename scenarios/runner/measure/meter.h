// Meter: measures a run from its records and from what its network and disks do.  It asks no
// server, changes nothing, and keeps what is under way, not what has been.
#pragma once

#include <cstddef>
#include <optional>

#include "scenarios/runner/measure/ensemble_meter.h"
#include "scenarios/runner/measure/metrics.h"
#include "scenarios/runner/measure/request_meter.h"
#include "scenarios/runner/measure/tables.h"
#include "sim/observer.h"

namespace scenario {

/// A plain value, but for the sink of rows, which copies share.
class Meter {
 public:
  /// `rows` gets every row but those of Table::kRuns; it may be empty.
  Meter(const Scenario& scenario, RowSink rows);

  /// Whether OnRecord needs records of that probe.
  static bool Wants(Probe probe);
  /// Each record that it wants, in order.
  void OnRecord(const Sight& sight, const Record& record);
  void OnFileEnd(const sim::FileEnd& end);
  /// The run has ended at that time: what was measured.
  Measured Finish(const Sight& sight, zab::Time end);

 private:
  void AddFault(const Sight& sight, const Record& record);
  void AddTraffic(const Sight& sight);
  void AddQueues(const Sight& sight, zab::Time end);

  RowSink rows_;
  Measured measured_;
  RequestMeter requests_;
  EnsembleMeter ensemble_;
};

/// "n2": the inputs of that server; "n3>n1": a link.
std::string PlaceOf(const Scenario& scenario, const QueueLength& queue);

/// "PROPOSAL", "client", "other": the type of what is sent over that link with that tag.
std::string TypeOfTraffic(const Scenario& scenario, sim::LinkId link, size_t tag);

}  // namespace scenario
