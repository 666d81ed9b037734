// The signature of a failure: what went wrong, without names, numbers and times, which differ
// between seeds.  Two runs with the same signature most likely fail for the same reason.
#pragma once

#include <string>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/verdict/result.h"

namespace scenario {

/// The violation or missed deadline that identifies the failure of a run.  In a story of a known
/// bug it is the one that identifies the bug, if it was seen; otherwise the first unexpected one.
struct PrimaryFailure {
  const Violation* violation = nullptr;
  const Deadline* deadline = nullptr;
  bool names_bug = false;  // Whether it identifies the known bug.
};
/// Both pointers are null if the run failed in another way or held.  Points into the arguments.
PrimaryFailure PrimaryFailureOf(const RunResult& result, const Scenario& scenario);

/// One line in English.  For a violation: the invariant, the record at which it was found (probe,
/// kind, reason), the role of its server, and how its zxid relates to the newest established epoch
/// and to what is committed.  For a missed deadline its name, for an unmet expectation its
/// description, for an unknown verdict the reason.  Empty if the run held.
std::string SignatureOf(const RunResult& result, const Scenario& scenario);

}  // namespace scenario
