// zabsim replay of a trace.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "scenarios/runner/run/run.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/timeline.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {

/// As the run of the trace was made, with those servers.  kInvalidArgument: its bug is not known.
absl::StatusOr<scenario::RunOptions> RunOptionsOf(const TraceInput& trace,
                                                  const scenario::ServerFactory& servers);

/// Repeats the run of the trace and compares every record.  Says whether they agree or where they
/// first differ; returns the exit code: 12 if they differ, 2 if the trace cannot be read or is cut
/// off, else that of the verdict.
int ReplayTrace(const std::string& path, Language language, bool quiet, const Peers& peers);

}  // namespace zabsim
