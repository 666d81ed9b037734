// Reads a trace file, record by record.
#pragma once

#include <istream>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/trace/block.h"
#include "scenarios/runner/trace/trace_format.h"

namespace scenario {

class TraceReader {
 public:
  /// Reads the header.  `in` must outlive the reader.  kInvalidArgument: not a trace, another
  /// version, or an incomplete header; kDataLoss: truncated or damaged.  Messages give the position
  /// but not the file.
  static absl::StatusOr<TraceReader> Open(std::istream& in);

  const TraceHeader& header() const { return header_; }
  /// The next record; nullopt at the end.  kDataLoss: the file is truncated or damaged; all records
  /// of complete blocks before that have been returned.
  absl::StatusOr<std::optional<Record>> Next();
  /// The number of records read so far.
  uint64_t count() const { return count_; }
  /// How the run ended; valid once Next has returned nullopt.
  const TraceEnd& end() const { return end_; }

 private:
  explicit TraceReader(std::istream& in) : blocks_(in) {}

  absl::Status ReadRecords();
  absl::Status ReadEnd(TraceBlock block);
  absl::Status Explain(const absl::Status& status) const;

  BlockReader blocks_;
  TraceHeader header_;
  std::vector<Record> records_;  // Of the current block.
  size_t next_ = 0;              // In records_.
  uint64_t count_ = 0;
  bool ended_ = false;
  TraceEnd end_;
};

}  // namespace scenario
