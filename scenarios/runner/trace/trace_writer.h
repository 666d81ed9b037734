// Writes a trace file while the run is under way.
#pragma once

#include <optional>
#include <ostream>

#include "absl/strings/string_view.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/trace/record_codec.h"
#include "scenarios/runner/trace/trace_format.h"

namespace scenario {

/// What is written is whole blocks; whether all could be written, the stream says.
class TraceWriter {
 public:
  /// Writes the header.  `out` must live as long.
  TraceWriter(std::ostream& out, const TraceHeader& header);

  /// A RunOptions::sink.
  void Add(const Record& record);
  /// Writes the rest of the records, and how the run ended; none: it was cut short, and so is the
  /// file.
  void Finish(const std::optional<TraceEnd>& end);

 private:
  void Flush();

  std::ostream& out_;
  RecordEncoder records_;
};

}  // namespace scenario
