// Names a failure, so that runs that fail for the same reason agree.
#pragma once

#include <string>

#include "scenarios/runner/result.h"
#include "scenarios/runner/scenario.h"

namespace scenario {

/// Empty if the run held.
std::string SignatureOf(const RunResult& result, const Scenario& scenario);

}  // namespace scenario
