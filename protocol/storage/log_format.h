// The byte format of a transaction log file (REFERENCE.md 13).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/wire/txn.h"

namespace zab {

constexpr size_t kLogHeaderSize = 16;
/// The longest entry accepted: that of a ZooKeeper with the default jute.maxbuffer.
constexpr size_t kMaxEntry = 0xfffff + 1024;

/// "log.2a".
std::string LogName(Zxid first);
/// The 16 bytes at the start of a file.
std::string LogHeader();
/// Appends one record: checksum, length, entry, 'B'.
void AppendRecord(const Txn& txn, std::string& out);
/// How many bytes that appends.
size_t RecordSize(const Txn& txn);
/// Whether `file` has at `position` exactly the bytes of that record.
bool HasRecordAt(absl::string_view file, uint64_t position, const Txn& txn);

struct LogRecord {
  TxnRef txn;
  uint64_t end = 0;  // The offset after its 'B'.
};

/// How a file ends.
enum class LogEnd : uint8_t {
  kClean,    // End of file, or zeros.
  kTorn,     // A record or a header without its end, possibly with sectors of zeros in it: what a
             // crash leaves of what ZooKeeper and this code write.
  kDamaged,  // Anything else.
};

struct LogContent {
  std::vector<LogRecord> records;
  LogEnd end = LogEnd::kClean;
  uint64_t valid_length =
      0;  // Up to the end of the last good record (or the header; 0 without a header).
  std::string problem;     // The problem at valid_length, for kTorn and kDamaged.
  uint64_t looked_at = 0;  // Bytes examined, repeats included: at most a few times the file's size.
};

/// Reads a file with arbitrary bytes.  `from` > 0 continues after records read before; it must be
/// their valid_length.  So a growing file can be read incrementally.  `max_entry`: the longest
/// entry accepted, in bytes.
LogContent ReadLog(absl::string_view file, uint64_t from = 0, size_t max_entry = kMaxEntry);

}  // namespace zab
