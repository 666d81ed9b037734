// LogPieces: the log of a server cut into pieces of which one thing can be said each: where they
// are, and how far they have got.  What a picture of a server is drawn from.
#pragma once

#include <vector>

#include "scenarios/runner/state/cluster_state.h"

namespace scenario {

struct LogPiece {
  ZxidRange zxids;  // Of one epoch.
  LogEntry entry = LogEntry::kAbsent;
  bool based = false;  // In a snapshot or older: it stands for all that is not newer than its end.
  bool committed = false;
  bool applied = false;  // In the tree of a running server.
  bool counted = false;  // A leader has counted this server's acknowledgement.
};

/// Ascending; none is empty.  `cluster` has the server.
std::vector<LogPiece> LogPieces(const ServerState& server, const ClusterState& cluster);

}  // namespace scenario
