// Writes a trace file during a run.
#pragma once

#include <optional>
#include <ostream>

#include "absl/strings/string_view.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/trace/record_codec.h"
#include "scenarios/runner/trace/trace_format.h"

namespace scenario {

/// Writes whole blocks.  Check the stream for write errors.
class TraceWriter {
 public:
  /// Writes the header.  `out` must outlive the writer.
  TraceWriter(std::ostream& out, const TraceHeader& header);

  /// Use as RunOptions::sink.
  void Add(const Record& record);
  /// Writes the remaining records and the end of the run; nullopt if the run was interrupted, which
  /// leaves a file without an end.
  void Finish(const std::optional<TraceEnd>& end);

 private:
  void Flush();

  std::ostream& out_;
  RecordEncoder records_;
};

}  // namespace scenario
