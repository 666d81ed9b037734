// A lesson: where a run stops and asks the student a question.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "scenarios/runner/language/events.h"
#include "scenarios/runner/language/names.h"

namespace scenario {

/// A question, and the moment at which it is asked.
struct LessonStop {
  std::variant<ProbeFilter, EventIndex> when;
  uint64_t nth = 1;  // The number of the match of the filter or firing of the event.
  Text ask;
  std::vector<Text> choices;  // At least two.
  uint64_t answer = 0;        // An index into choices.
  Text explain;
};

struct Lesson {
  uint64_t order = 0;  // Its place among the lessons.
  std::string trace;   // How the trace hash begins of the run that the questions are about; empty:
                       // they are about any run.
  std::vector<LessonStop> stops;
};

}  // namespace scenario
