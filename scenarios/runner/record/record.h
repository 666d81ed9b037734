// The trace of a run as scenarios read it.  The simulator's records are columns of numbers; here
// those are what they mean to ZAB.  Code that gets records from a world converts each once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "protocol/base/time.h"
#include "protocol/boundary/trace.h"
#include "scenarios/runner/record/probe.h"
#include "sim/node_id.h"
#include "sim/trace.h"
#include "sim/vocabulary.h"

namespace scenario {

/// A server or a client: servers have their sid, clients the numbers after them, in the order of
/// Scenario::clients.
using sim::NodeId;

/// What is said of one thing that happened, by the protocol (zab::TraceEvent), the world or the
/// experiment.
struct TraceEvent {
  Probe probe{};
  Kind kind = Kind::kNone;
  zab::Reason reason = zab::Reason::kNone;
  zab::ServerId peer;  // The other server, or the other node, where there is one.
  zab::Epoch epoch;
  zab::Zxid zxid;
  int64_t client = 0;       // TxnHeader.clientId of the request concerned.
  int64_t number = 0;       // cxid of that request; or what the probe says.
  int32_t code = 0;         // ZooKeeper's error code.
  uint64_t txn = 0;         // Hash of the transaction's bytes: its identity beside the zxid.
  uint64_t tree = 0;        // Tree digest (REFERENCE.md 11.5).
  uint64_t connection = 0;  // The ConnectionId concerned, as the tracing process numbers it.
};

/// One thing that happened.
struct Record {
  uint64_t id = 0;     // From 1, in the order of the trace.
  zab::Time time;      // Virtual, monotonic.
  NodeId node;         // Whom it concerns; 0: the world.  Of a link, the sending end.
  uint64_t cause = 0;  // Id of the record that led to it (sim/causes.h); 0: none.
  TraceEvent event;
};

/// Gets each record of a run, after it has its id.
using RecordSink = std::function<void(const Record&)>;

/// What a process gives its host to put into the trace.
sim::Columns ColumnsOf(const TraceEvent& event);
sim::Columns ColumnsOf(const zab::TraceEvent& event);
Record RecordOf(const sim::Record& record);
/// A sink that converts; empty if `sink` is.
sim::Trace::Sink Converting(RecordSink sink);

/// The world's words, as traces of scenarios number and print them.
sim::Vocabulary WorldVocabulary();

/// One line without line break: id, time, node, probe, then the columns that are not zero.
std::string ToString(const Record& record);

}  // namespace scenario
