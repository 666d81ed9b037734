// Captions: explain records of the trace to people, in English and Chinese.  The texts are in
// tools/captions.
#pragma once

#include <cstdint>
#include <optional>

#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

struct Caption {
  Text text;
  Tone tone = Tone::kPlain;
};

/// The caption of a milestone; nullopt for other records.
std::optional<Caption> CaptionOf(const Record& record, const Scenario& scenario);

/// The explanation of a record: what happened (without a full stop), why the protocol or the
/// experiment does it, and what follows (whole sentences).
struct Explanation {
  Text what;
  Text why;
  Text next;
};
Explanation Explain(const Record& record, const Scenario& scenario);

}  // namespace scenario
