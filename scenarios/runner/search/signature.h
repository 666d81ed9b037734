// The signature of a failure: what went wrong, without the names, numbers and times that differ
// from seed to seed.  Two runs with the same one most likely fail for the same reason.
#pragma once

#include <string>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/verdict/result.h"

namespace scenario {

/// What names the failure of a run: a violation or a missed deadline.  In a story of a known bug
/// that is what the bug is named by, if it has come to that; else the first that is not expected.
struct PrimaryFailure {
  const Violation* violation = nullptr;
  const Deadline* deadline = nullptr;
  bool names_bug = false;  // It is what the known bug is named by.
};
/// Both null: it failed in another way, or held.  Points into the arguments.
PrimaryFailure PrimaryFailureOf(const RunResult& result, const Scenario& scenario);

/// One line of English words.  Of a violation: the invariant, the record at which it was found
/// (probe, kind, reason), the role of its server, and how its zxid relates to the newest
/// established epoch and to what is committed.  Of a missed deadline its name, of an unmet
/// expectation its description, of a run that nobody can judge the reason.  Empty if it held.
std::string SignatureOf(const RunResult& result, const Scenario& scenario);

}  // namespace scenario
