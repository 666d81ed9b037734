// Writes and reads transaction log files.  The reader accepts arbitrary bytes and distinguishes a
// tail torn by a crash, which is cut off, from damage, which is not (REFERENCE.md 13.3).  A bad
// last record that was written completely is damage too, as in ZooKeeper, since it may have been
// synced and acknowledged.
#include "protocol/storage/log_format.h"

#include <zlib.h>

#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/wire/jute.h"

namespace zab {
namespace {

constexpr uint32_t kMagic = 0x5a4b4c47;  // "ZKLG".
constexpr uint32_t kVersion = 2;
constexpr size_t kPrefixSize = 12;     // Checksum and length.
constexpr size_t kTxnHeaderSize = 32;  // The minimal size of an entry.
constexpr size_t kZxidOffset = 12;     // In the entry.
constexpr char kEndOfRecord = 'B';

// Extends the checksum `so_far` by `bytes`; 1 is the checksum of nothing.
uint32_t Adler(absl::string_view bytes, uint32_t so_far = 1) {
  return static_cast<uint32_t>(adler32(so_far, reinterpret_cast<const Bytef*>(bytes.data()),
                                       static_cast<uInt>(bytes.size())));
}

uint64_t BigEndian(absl::string_view bytes, size_t position, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[position + i]);
  }
  return value;
}

bool AllZeros(absl::string_view bytes) {
  return bytes.empty() ||
         (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

struct Found {
  absl::string_view entry;
  uint64_t end = 0;
  const char* problem = nullptr;  // Set if there is no good record.
};

Found RecordAt(absl::string_view file, uint64_t position) {
  const uint64_t left = file.size() - position;
  if (left < kPrefixSize) return {.problem = "incomplete"};
  const uint64_t size = BigEndian(file, position + 8, 4);
  if (size < kTxnHeaderSize || size > kMaxEntry) return {.problem = "impossible length"};
  if (left < kPrefixSize + size + 1) return {.problem = "incomplete"};
  const uint64_t end = position + kPrefixSize + size + 1;
  if (file[end - 1] != kEndOfRecord) return {.problem = "no end mark"};
  const absl::string_view entry = file.substr(position + kPrefixSize, size);
  if (BigEndian(file, position, 8) != Adler(entry)) return {.problem = "wrong checksum"};
  return {.entry = entry, .end = end};
}

// Whether a good record newer than `last` begins anywhere from `position` on.
bool AnyRecordFrom(absl::string_view file, uint64_t position, Zxid last) {
  while (!file.empty() && file.back() == 0) file.remove_suffix(1);  // No record ends with a zero.
  for (; position + kPrefixSize + kTxnHeaderSize < file.size(); ++position) {
    if (BigEndian(file, position, 4) != 0) continue;  // Adler-32 in a long.
    const Found found = RecordAt(file, position);
    if (!found.problem && Zxid::FromWire(BigEndian(found.entry, kZxidOffset, 8)) > last)
      return true;
  }
  return false;
}

// Whether the bad record at `position` was written completely, including its end mark; then it is
// damaged and not torn, since a crash tears in order and leaves a zero or nothing in place of the
// mark.  If the length field is wrong, some other length has the mark and the right checksum.
bool WasWhole(absl::string_view file, uint64_t position) {
  const absl::string_view left = file.substr(position);
  if (left.size() <= kPrefixSize) return false;
  const uint64_t size = BigEndian(left, 8, 4);
  if (size <= kMaxEntry && kPrefixSize + size < left.size() && left[kPrefixSize + size] != 0) {
    return true;
  }
  const uint64_t checksum = BigEndian(left, 0, 8);
  const absl::string_view entry = left.substr(kPrefixSize, kMaxEntry + 1);
  uint32_t adler = 1;
  for (size_t i = 0; i < entry.size(); ++i) {
    if (i >= kTxnHeaderSize && entry[i] == kEndOfRecord && adler == checksum) return true;
    adler = Adler(entry.substr(i, 1), adler);
  }
  return false;
}

bool HasHeader(absl::string_view file) {
  return file.size() >= kLogHeaderSize && BigEndian(file, 0, 4) == kMagic &&
         BigEndian(file, 4, 4) == kVersion;
}

}  // namespace

std::string LogName(Zxid first) {
  return "log." + ToHex(first);
}

std::string LogHeader() {
  std::string header;
  JuteWriter writer(header);
  writer.Int(kMagic);
  writer.Int(kVersion);
  writer.Long(0);  // dbid.
  return header;
}

void AppendRecord(const Txn& txn, std::string& out) {
  const absl::string_view entry = txn.bytes.view();
  JuteWriter writer(out);
  writer.Long(Adler(entry));
  writer.Int(static_cast<int32_t>(entry.size()));
  writer.Raw(entry);
  out.push_back(kEndOfRecord);
}

LogContent ReadLog(absl::string_view file, uint64_t from) {
  LogContent content;
  Zxid last;
  if (from == 0) {
    if (!HasHeader(file)) {
      content.problem = "no header";
      content.end = AnyRecordFrom(file, 0, last) ? LogEnd::kDamaged : LogEnd::kTorn;
      return content;
    }
    from = kLogHeaderSize;
  }
  content.valid_length = from;
  while (content.valid_length < file.size()) {
    const uint64_t position = content.valid_length;
    const Found found = RecordAt(file, position);
    if (found.problem) {
      if (AllZeros(file.substr(position))) break;
      content.problem = absl::StrCat(found.problem, " record at byte ", position);
      const bool damaged = WasWhole(file, position) || AnyRecordFrom(file, position + 1, last);
      content.end = damaged ? LogEnd::kDamaged : LogEnd::kTorn;
      break;
    }
    absl::StatusOr<TxnRef> txn = ParseTxn(Payload(std::string(found.entry)));
    if (!txn.ok()) {  // Its checksum is right, so no crash has torn it.
      content.problem = absl::StrCat("record at byte ", position, ": ", txn.status().message());
      content.end = LogEnd::kDamaged;
      break;
    }
    last = (*txn)->zxid();
    content.records.push_back({.txn = *std::move(txn), .end = found.end});
    content.valid_length = found.end;
  }
  return content;
}

}  // namespace zab
