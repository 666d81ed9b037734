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
  /// Reads the header.  `in` must live as long as the reader.  kInvalidArgument: no trace, another
  /// version, or a header that says not all; kDataLoss: cut off or damaged.  Messages say where,
  /// but not in which file.
  static absl::StatusOr<TraceReader> Open(std::istream& in);

  const TraceHeader& header() const { return header_; }
  /// The next record; none at the end.  kDataLoss: the file is cut off or damaged, and the records
  /// so far are those of its whole blocks.
  absl::StatusOr<std::optional<Record>> Next();
  /// Records read so far.
  uint64_t count() const { return count_; }
  /// Once Next has given none: how the run ended.
  const TraceEnd& end() const { return end_; }

 private:
  explicit TraceReader(std::istream& in) : blocks_(in) {}

  absl::Status ReadRecords();
  absl::Status ReadEnd(TraceBlock block);
  absl::Status Explain(const absl::Status& status) const;

  BlockReader blocks_;
  TraceHeader header_;
  std::vector<Record> records_;  // Of the block at hand.
  size_t next_ = 0;              // In records_.
  uint64_t count_ = 0;
  bool ended_ = false;
  TraceEnd end_;
};

}  // namespace scenario
