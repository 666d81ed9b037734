// At which records of a run a lesson stops.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// A plain value, cloned with the engine.  Without a lesson it costs a comparison.
class LessonWatch {
 public:
  explicit LessonWatch(const Scenario& scenario);

  /// With each record, in order.
  void OnTrace(const Record& record, const Context& context) {
    if (!stops_.empty()) Watch(record, context);
  }
  /// An event has fired and its actions are done; `record` is the last one of them.
  void OnFired(EventIndex event, uint64_t record, const Scenario& scenario);
  /// Ids of records, in the order of Lesson::stops; 0: the run has not come there.
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
