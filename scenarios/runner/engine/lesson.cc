// A stop at an event comes after the event's actions, so that it shows their effects.
#include "scenarios/runner/engine/lesson.h"

#include <variant>

#include "scenarios/runner/matching/trigger.h"

namespace scenario {

LessonWatch::LessonWatch(const Scenario& scenario)
    : stops_(scenario.lesson ? scenario.lesson->stops.size() : 0) {}

void LessonWatch::Watch(const Record& record, const Context& context) {
  for (size_t i = 0; i < stops_.size(); ++i) {
    const LessonStop& wanted = context.scenario.lesson->stops[i];
    const auto* filter = std::get_if<ProbeFilter>(&wanted.when);
    if (filter != nullptr && Matches(*filter, record, context)) Count(wanted, record.id, stops_[i]);
  }
}

void LessonWatch::OnFired(EventIndex event, uint64_t record, const Scenario& scenario) {
  for (size_t i = 0; i < stops_.size(); ++i) {
    const LessonStop& wanted = scenario.lesson->stops[i];
    const auto* index = std::get_if<EventIndex>(&wanted.when);
    if (index != nullptr && *index == event) Count(wanted, record, stops_[i]);
  }
}

void LessonWatch::Count(const LessonStop& wanted, uint64_t record, Stop& stop) {
  if (++stop.matches == wanted.nth) stop.record = record;
}

std::vector<uint64_t> LessonWatch::Records() const {
  std::vector<uint64_t> records;
  records.reserve(stops_.size());
  for (const Stop& stop : stops_) records.push_back(stop.record);
  return records;
}

}  // namespace scenario
