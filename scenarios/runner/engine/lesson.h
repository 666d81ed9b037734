// Finds the records of a run at which a lesson stops.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// A plain value, cloned with the engine.  Without a lesson it costs one comparison per record.
class LessonWatch {
 public:
  explicit LessonWatch(const Scenario& scenario);

  /// Call with each record, in order.
  void OnTrace(const Record& record, const Context& context) {
    if (!stops_.empty()) Watch(record, context);
  }
  /// Call when an event has fired and its actions are done; `record` is the id of the last record
  /// of those.
  void OnFired(EventIndex event, uint64_t record, const Scenario& scenario);
  /// The ids of records, in the order of Lesson::stops; 0 for a stop that was not reached.
  std::vector<uint64_t> Records() const;

 private:
  struct Stop {
    uint64_t matches = 0;
    uint64_t record = 0;
  };

  void Watch(const Record& record, const Context& context);
  static void Count(const LessonStop& wanted, uint64_t record, Stop& stop);

  std::vector<Stop> stops_;
};

}  // namespace scenario
