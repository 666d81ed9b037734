// Reads the blocks in their order: H, R, E, O.
#include "scenarios/runner/trace/trace_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/trace/record_codec.h"

namespace scenario {
namespace {

absl::Status Misplaced(const TraceBlock& block, absl::string_view wanted) {
  return absl::DataLossError(absl::StrCat("damaged at byte ", block.offset, ": wanted ", wanted,
                                          ", found block ",
                                          std::string(1, static_cast<char>(block.type))));
}

}  // namespace

absl::StatusOr<TraceReader> TraceReader::Open(std::istream& in) {
  TraceReader reader(in);
  if (absl::Status status = reader.blocks_.ReadStart(); !status.ok()) return status;
  const auto block = reader.blocks_.Next();
  if (!block.ok()) return block.status();
  if (!*block) return absl::DataLossError("truncated before its header");
  if ((*block)->type != BlockType::kHeader) return Misplaced(**block, "the header");
  absl::StatusOr<TraceHeader> header = ParseTraceHeader((*block)->bytes);
  if (!header.ok()) return header.status();
  reader.header_ = *std::move(header);
  return reader;
}

absl::StatusOr<std::optional<Record>> TraceReader::Next() {
  if (next_ == records_.size() && !ended_) {
    if (const absl::Status status = ReadRecords(); !status.ok()) return Explain(status);
  }
  if (ended_) return std::optional<Record>();
  ++count_;
  return std::optional<Record>(records_[next_++]);
}

absl::Status TraceReader::ReadRecords() {
  absl::StatusOr<std::optional<TraceBlock>> block = blocks_.Next();
  if (!block.ok()) return block.status();
  if (!*block) {
    return absl::DataLossError(
        absl::StrCat("truncated at byte ", blocks_.offset(), ": the end of the run is missing"));
  }
  if ((*block)->type == BlockType::kEnd) return ReadEnd(**std::move(block));
  if ((*block)->type != BlockType::kRecords) return Misplaced(**block, "records or the end");
  absl::StatusOr<std::vector<Record>> records = DecodeRecords((*block)->bytes);
  if (!records.ok()) {
    return absl::DataLossError(absl::StrCat("damaged in the block at byte ", (*block)->offset, ": ",
                                            std::string(records.status().message())));
  }
  if (records->front().id != count_ + 1) {
    return absl::DataLossError(absl::StrCat("damaged at byte ", (*block)->offset,
                                            ": wanted record ", count_ + 1, ", found record ",
                                            records->front().id));
  }
  records_ = *std::move(records);
  next_ = 0;
  return absl::OkStatus();
}

absl::Status TraceReader::ReadEnd(TraceBlock block) {
  end_.result = std::move(block.bytes);
  ended_ = true;
  absl::StatusOr<std::optional<TraceBlock>> host = blocks_.Next();
  if (!host.ok()) return host.status();
  if (!*host) return absl::DataLossError("truncated before its last block, the host");
  if ((*host)->type != BlockType::kHost) return Misplaced(**host, "the host");
  end_.host = (*host)->bytes;
  return absl::OkStatus();
}

absl::Status TraceReader::Explain(const absl::Status& status) const {
  return absl::DataLossError(absl::StrCat(std::string(status.message()), "; the ", count_,
                                          " records before that are complete"));
}

}  // namespace scenario
