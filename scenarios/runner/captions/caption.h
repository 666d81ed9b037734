// Captions: explain records of the trace to people, in English and Chinese.  The texts are in
// tools/captions.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

struct Caption {
  Text text;
  Tone tone = Tone::kPlain;
};

/// The caption of a milestone; nullopt for other records.  `bug`: the known bug that is switched
/// on; empty: none.
std::optional<Caption> CaptionOf(const Record& record, const Scenario& scenario,
                                 absl::string_view bug = "");

/// The explanation of a record: what happened (without a full stop), why the protocol or the
/// experiment does it, and what follows (whole sentences).  `why` gives rules as rules: whether
/// they were kept the record does not say.  Where a known bug breaks one, it says what the bug
/// does.
struct Explanation {
  Text what;
  Text why;
  Text next;
};
Explanation Explain(const Record& record, const Scenario& scenario, absl::string_view bug = "");

/// What is said of an event of the scenario: its `doc`, else its id.
Text DocOf(const Event& event);
/// A reason in a few words: "connection lost", "连接断开".
Text InWords(zab::Reason reason);
/// "held", "通过"; for a name that is no verdict, that name.  `bug`: the known bug that has shown,
/// if any: then that is what is said.
Text VerdictInWords(absl::string_view verdict, absl::string_view bug);

}  // namespace scenario
