// The trace file: a run that can be stored, inspected, compared and repeated.
//
// A file is a magic number with a version, then blocks.  A block is a type, its two sizes, an XXH3
// of all of it, and its bytes, compressed with zstd at level 1.  Blocks are independent: everything
// before a crash of the writer, or before a damaged byte, can still be read, and an error names its
// offset.
//   H  one, the first: a TraceHeader as JSON.  With it alone the run can be made again.
//   R  records, in order, each block with ids and times of its own (record_codec.h).
//   E  one, once the run is over: its result as JSON, with the trace hash.
//   O  one, the last: the host (build, compiler, times).  Never compared: all before it is the same
//      for the same scenario and seed, on every machine.
// A file without E is that of a run that was cut short, and reads as far as it goes.  Ids of
// probes, kinds and reasons are their numbers: these lists only grow at their ends.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scenario {

/// Version 1 was lines of JSON.
constexpr uint32_t kTraceVersion = 2;
/// The first bytes of a trace file; the version follows in four bytes.
constexpr absl::string_view kTraceMagic = "ZABTRACE";

/// What was run.
struct TraceHeader {
  std::string scenario;  // Its id.
  std::string digest;    // Document::digest().
  std::string text;      // Document::Text(): the scenario itself.
  uint64_t seed = 0;
  bool keep_going = false;  // RunOptions::keep_going.
  /// The bug switched on in all servers; empty: none.  With keep_going the run is judged by whether
  /// the bug shows (RunOptions::bug).
  std::string bug;
  std::string peer;  // The name of the server implementation; empty: real servers.
  friend bool operator==(const TraceHeader&, const TraceHeader&) = default;
};

/// What follows the last record.
struct TraceEnd {
  std::string result;  // ToJson(RunResult) without host.
  std::string host;    // JSON; empty if the file ends before it.
};

std::string ToJson(const TraceHeader& header);
/// kInvalidArgument: the key that is missing or invalid.
absl::StatusOr<TraceHeader> ParseTraceHeader(absl::string_view json);

}  // namespace scenario
