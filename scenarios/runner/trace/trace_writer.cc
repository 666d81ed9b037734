// A block is written when it reaches 64 KiB: larger ones hardly compress better, smaller ones
// worse.
#include "scenarios/runner/trace/trace_writer.h"

#include "scenarios/runner/trace/block.h"

namespace scenario {

TraceWriter::TraceWriter(std::ostream& out, const TraceHeader& header) : out_(out) {
  WriteTraceStart(out_);
  WriteBlock(out_, BlockType::kHeader, ToJson(header));
  out_.flush();
}

void TraceWriter::Add(const Record& record) {
  constexpr size_t kBlockBytes = size_t{64} << 10;
  records_.Add(record);
  if (records_.size() >= kBlockBytes) Flush();
}

void TraceWriter::Finish(const std::optional<TraceEnd>& end) {
  if (records_.size() > 0) Flush();
  if (end) {
    WriteBlock(out_, BlockType::kEnd, end->result);
    WriteBlock(out_, BlockType::kHost, end->host);
  }
  out_.flush();
}

void TraceWriter::Flush() {
  WriteBlock(out_, BlockType::kRecords, records_.Take());
}

}  // namespace scenario
