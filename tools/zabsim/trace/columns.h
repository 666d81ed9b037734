// A record as named columns, from which JSON, text and comparisons are made.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

struct TraceColumn {
  absl::string_view name;  // "zxid".
  std::string text;        // "2:5".
  bool number = false;     // In JSON without quotes.
};

/// id, t (nanoseconds) and cause, then those that are not zero, in the order of scenario::Record.
std::vector<TraceColumn> ColumnsOf(const scenario::Record& record,
                                   const scenario::Scenario& scenario);

/// One line: id, time, caption, the cause.  `bug`: the known bug that was switched on, if any.
std::string RecordText(const scenario::Record& record, const scenario::Scenario& scenario,
                       Language language, absl::string_view bug = "");

/// One object, without line break.
std::string RecordJson(const scenario::Record& record, const scenario::Scenario& scenario);

}  // namespace zabsim
