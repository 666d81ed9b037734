// What each record of a server changes in its state.
#pragma once

#include "scenarios/runner/state/cluster_state.h"

namespace scenario {

/// Applies a record of that server, which is of no link.
void ApplyToServer(const Record& record, ServerState& server);

}  // namespace scenario
