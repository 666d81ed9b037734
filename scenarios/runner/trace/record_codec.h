// Records as the bytes of an R block: ids and times as differences, columns that are zero left out.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// Collects the records of one block.  Their ids must be consecutive.
class RecordEncoder {
 public:
  void Add(const Record& record);
  /// Bytes so far.
  size_t size() const { return body_.size(); }
  /// The block's bytes; the encoder is empty again.
  std::string Take();

 private:
  uint64_t first_id_ = 0;
  uint64_t count_ = 0;
  zab::Time last_;
  std::string body_;
};

/// All records of an R block.  kDataLoss: what is wrong, and in which record.
absl::StatusOr<std::vector<Record>> DecodeRecords(absl::string_view bytes);

}  // namespace scenario
