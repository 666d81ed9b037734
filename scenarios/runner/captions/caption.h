// Captions: what a record of the trace means to a person, in English and Chinese.  The words are in
// tools/captions.
#pragma once

#include <cstdint>
#include <optional>

#include "scenarios/runner/language/probe_traits.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

struct Caption {
  Text text;
  Tone tone = Tone::kPlain;
};

/// None: it is no milestone.
std::optional<Caption> CaptionOf(const Record& record, const Scenario& scenario);

/// Any record: what happened (no full stop), why the protocol or the experiment does it, and what
/// follows (whole sentences).
struct Explanation {
  Text what;
  Text why;
  Text next;
};
Explanation Explain(const Record& record, const Scenario& scenario);

}  // namespace scenario
