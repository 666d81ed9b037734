// A transaction log file: read completely, up to any record, and from any record.
#include <string>

#include "protocol/base/check.h"
#include "protocol/storage/log_format.h"
#include "tests/fuzz/fuzz.h"

namespace {

void CheckRecords(const zab::LogContent& content, absl::string_view file) {
  ZAB_CHECK(content.valid_length <= file.size()) << "valid beyond the end";
  ZAB_CHECK(content.problem.empty() == (content.end == zab::LogEnd::kClean)) << content.problem;
  std::string written;
  for (const zab::LogRecord& record : content.records) {
    zab::AppendRecord(*record.txn, written);
    ZAB_CHECK(record.end == zab::kLogHeaderSize + written.size()) << "end of a record";
  }
  if (content.valid_length == 0) return;  // No header.
  const absl::string_view valid =
      file.substr(zab::kLogHeaderSize, content.valid_length - zab::kLogHeaderSize);
  ZAB_CHECK(valid == written) << "read and written differ";
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const bool fix = input.Byte() % 2 != 0;
  const size_t chosen = input.Byte();
  std::string file(input.Rest());
  if (fix) fuzz::FixLog(file);
  const zab::LogContent content = zab::ReadLog(file);
  CheckRecords(content, file);
  if (content.valid_length == 0) return 0;

  const zab::LogContent cut = zab::ReadLog(absl::string_view(file).substr(0, content.valid_length));
  ZAB_CHECK(cut.end == zab::LogEnd::kClean && cut.records.size() == content.records.size())
      << "a truncated log is not clean";
  if (content.records.empty()) return 0;
  const size_t known = chosen % content.records.size();
  const zab::LogContent rest = zab::ReadLog(file, content.records[known].end);
  ZAB_CHECK(rest.valid_length == content.valid_length &&
            rest.records.size() == content.records.size() - known - 1)
      << "other records from the middle on";
  return 0;
}
