// The trace file: any bytes give records or an error, and records survive a round trip.  The first
// byte selects: 0, a file as it is; 1, the bytes of an R block in a valid file, since mutation
// alone never gets past the checksums.
#include <sstream>
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "scenarios/runner/trace/block.h"
#include "scenarios/runner/trace/trace_reader.h"
#include "scenarios/runner/trace/trace_writer.h"
#include "tests/fuzz/fuzz.h"

namespace {

std::string WithRecords(absl::string_view block) {
  std::ostringstream out;
  scenario::WriteTraceStart(out);
  scenario::WriteBlock(out, scenario::BlockType::kHeader, ToJson(scenario::TraceHeader{}));
  scenario::WriteBlock(out, scenario::BlockType::kRecords, block);
  scenario::WriteBlock(out, scenario::BlockType::kEnd, "{}");
  scenario::WriteBlock(out, scenario::BlockType::kHost, "{}");
  return out.str();
}

struct Contents {
  bool whole = false;
  scenario::TraceHeader header;
  std::vector<std::string> records;
  std::string rewritten;  // The same file, rewritten.
};

Contents Read(const std::string& file) {
  std::istringstream in(file);
  Contents contents;
  auto reader = scenario::TraceReader::Open(in);
  if (!reader.ok()) return contents;
  contents.header = reader->header();
  std::ostringstream out;
  scenario::TraceWriter writer(out, contents.header);
  for (;;) {
    const auto record = reader->Next();
    contents.whole = record.ok();
    if (!record.ok() || !*record) break;
    contents.records.push_back(ToString(**record));
    writer.Add(**record);
  }
  writer.Finish(scenario::TraceEnd{.result = "{}", .host = "{}"});
  contents.rewritten = out.str();
  return contents;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const bool block = input.Byte() == 1;
  const Contents contents = Read(block ? WithRecords(input.Rest()) : std::string(input.Rest()));
  if (contents.rewritten.empty()) return 0;
  const Contents again = Read(contents.rewritten);
  ZAB_CHECK(again.whole) << "what was written cannot be read";
  ZAB_CHECK(again.header == contents.header);
  ZAB_CHECK(again.records == contents.records);
  return 0;
}
