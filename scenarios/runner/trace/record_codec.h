// Encodes records as the bytes of an R block: ids and times as differences, zero columns omitted.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// Encodes the records of one block.  Their ids must be consecutive.
class RecordEncoder {
 public:
  void Add(const Record& record);
  /// The number of bytes so far.
  size_t size() const { return body_.size(); }
  /// Returns the block's bytes and empties the encoder.
  std::string Take();

 private:
  uint64_t first_id_ = 0;
  uint64_t count_ = 0;
  zab::Time last_;
  std::string body_;
};

/// All records of an R block.  kDataLoss: the problem and the record it is in.
absl::StatusOr<std::vector<Record>> DecodeRecords(absl::string_view bytes);

}  // namespace scenario
