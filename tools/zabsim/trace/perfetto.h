// A trace for Perfetto and chrome://tracing: the JSON of Chrome's trace event format.
#pragma once

#include <cstdint>
#include <ostream>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

/// Servers and clients are processes.  Each has three threads: its phases and downtimes, as spans;
/// its events; and its messages, with an arrow from each sending to its delivery.
class PerfettoWriter {
 public:
  /// Writes the beginning.  `out` and `scenario` must outlive it.
  PerfettoWriter(std::ostream& out, const scenario::Scenario& scenario, Language language);

  void Add(const scenario::Record& record);
  /// Writes the end: spans that are still open end at `time`.
  void Finish(zab::Time time);

 private:
  enum class Thread : uint8_t { kPhases = 1, kEvents = 2, kMessages = 3 };

  void NameThread(sim::NodeId node, absl::string_view kind, Thread thread, absl::string_view name);
  void Write(sim::NodeId node, Thread thread, zab::Time time, absl::string_view rest);
  void BeginSpan(sim::NodeId node, zab::Time time, absl::string_view name);
  void EndSpan(sim::NodeId node, zab::Time time);
  void AddSpans(const scenario::Record& record);

  std::ostream& out_;
  const scenario::Scenario& scenario_;
  Language language_;
  bool first_ = true;
  absl::btree_set<sim::NodeId> spans_;  // Whose is open.
};

}  // namespace zabsim
