// The signature of a failure: what went wrong, without the names, numbers and times that differ
// from seed to seed.  Two runs with the same one most likely fail for the same reason.
#pragma once

#include <string>

#include "scenarios/runner/result.h"
#include "scenarios/runner/scenario.h"

namespace scenario {

/// One line of English words.  Of a violation: the invariant, the record at which it was found
/// (probe, kind, reason), the role of its server, and how its zxid relates to the newest
/// established epoch and to what is committed.  Of a missed deadline its name, of an unmet
/// expectation its description, of a run that nobody can judge the reason.  Empty if it held.
std::string SignatureOf(const RunResult& result, const Scenario& scenario);

}  // namespace scenario
