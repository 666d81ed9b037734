// The trace of a run as scenarios read it: everything above the simulator names its records here.
#pragma once

#include "protocol/boundary/trace.h"
#include "sim/node_id.h"
#include "sim/trace.h"

namespace scenario {

/// A server or a client: servers have their sid, clients the numbers after them, in the order of
/// Scenario::clients.
using sim::NodeId;

using zab::Kind;
using zab::kKindCount;
using zab::kProbeCount;
using zab::Probe;
using zab::TraceEvent;

/// One thing that happened.
using Record = sim::Record;

/// Gets each record of a run, after it has its id.
using RecordSink = sim::Trace::Sink;

}  // namespace scenario
