// Writes and reads transaction log files.  The reader accepts arbitrary bytes and distinguishes a
// tail torn by a crash, which is cut off, from damage, which is not (REFERENCE.md 13.3).  A crash
// leaves some of the sectors that were being written, and zeros or nothing in place of the others.
// A bad last record that was written completely is damage too, as in ZooKeeper, since it may have
// been synced and acknowledged.
#include "protocol/storage/log_format.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "protocol/base/big_endian.h"
#include "protocol/wire/jute.h"

namespace zab {
namespace {

constexpr uint32_t kMagic = 0x5a4b4c47;  // "ZKLG".
constexpr uint32_t kVersion = 2;
constexpr size_t kPrefixSize = 12;     // Checksum and length.
constexpr size_t kTxnHeaderSize = 32;  // The minimal size of an entry.
constexpr size_t kZxidOffset = 12;     // In the entry, as is kTypeOffset.
constexpr size_t kTypeOffset = 28;
constexpr uint64_t kSectorSize = 512;  // What a disk writes at once, at least.
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

Found RecordAt(absl::string_view file, uint64_t position, size_t max_entry) {
  const uint64_t left = file.size() - position;
  if (left < kPrefixSize) return {.problem = "incomplete"};
  const uint64_t size = LoadBigEndian<uint32_t>(file.data() + position + 8);
  if (size < kTxnHeaderSize || size > max_entry) return {.problem = "impossible length"};
  if (left < kPrefixSize + size + 1) return {.problem = "incomplete"};
  const uint64_t end = position + kPrefixSize + size + 1;
  if (file[end - 1] != kEndOfRecord) return {.problem = "no end mark"};
  const absl::string_view entry = file.substr(position + kPrefixSize, size);
  if (LoadBigEndian<uint64_t>(file.data() + position) != Adler(entry))
    return {.problem = "wrong checksum"};
  return {.entry = entry, .end = end};
}

// Adler-32 of any part of some bytes in constant time, from sums over their prefixes.
class Checksums {
 public:
  explicit Checksums(absl::string_view bytes) {
    sums_.reserve(bytes.size() + 1);
    sums_.push_back({});
    for (const char c : bytes) {
      const uint64_t byte = static_cast<unsigned char>(c);
      const uint64_t weight = sums_.size() - 1;
      const Sums& before = sums_.back();
      sums_.push_back(
          {(before.bytes + byte) % kModulus, (before.weighted + weight * byte) % kModulus});
    }
  }
  uint64_t Of(uint64_t begin, uint64_t end) const {
    const uint64_t bytes = sums_[end].bytes + kModulus - sums_[begin].bytes;
    const uint64_t weighted = sums_[end].weighted + kModulus - sums_[begin].weighted;
    const uint64_t high = (end - begin + end * bytes + kModulus - weighted % kModulus) % kModulus;
    return high << 16 | (1 + bytes) % kModulus;
  }

 private:
  static constexpr uint64_t kModulus = 65521;
  struct Sums {
    uint64_t bytes = 0, weighted = 0;  // The latter by position.
  };
  std::vector<Sums> sums_;
};

// What a file contains from `position` on, where there is no good record, without the zeros at its
// end.  A sector of zeros in it may be one that a crash has lost.
struct Remains {
  absl::string_view file;
  uint64_t position = 0;
  uint64_t size = 0;

  Remains(absl::string_view from, uint64_t at) : file(from), position(at) {
    if (at >= file.size() || AllZeros(file.substr(at))) return;  // A search byte by byte is slow.
    const size_t last = file.find_last_not_of('\0');
    if (last != absl::string_view::npos && last >= position) size = last + 1 - position;
  }
  absl::string_view bytes() const { return file.substr(position, size); }
  // Whether some of the `count` bytes at `offset` are in a sector that may be lost.
  bool MayBeLost(uint64_t offset, uint64_t count) const {
    for (uint64_t at = position + offset; at < position + offset + count; at = SectorEnd(at)) {
      const uint64_t begin = std::max(position, at / kSectorSize * kSectorSize);
      if (begin >= file.size() || AllZeros(file.substr(begin, SectorEnd(at) - begin))) return true;
    }
    return false;
  }

 private:
  static uint64_t SectorEnd(uint64_t at) { return (at / kSectorSize + 1) * kSectorSize; }
};

// Whether the record would have its end mark and the right checksum with another length.  Then it
// was written completely, and its length field is wrong.
bool WasWhole(absl::string_view record, size_t max_entry) {
  const uint64_t checksum = BigEndian(record, 0, 8);
  const absl::string_view entry = record.substr(kPrefixSize, max_entry + 1);
  uint32_t adler = 1;
  for (size_t i = 0; i < entry.size(); ++i) {
    if (i >= kTxnHeaderSize && entry[i] == kEndOfRecord && adler == checksum) return true;
    adler = Adler(entry.substr(i, 1), adler);
  }
  return false;
}

// Whether a good record begins anywhere in `bytes`.
bool AnyRecordIn(absl::string_view bytes, size_t max_entry) {
  const Checksums checksums(bytes);
  for (uint64_t at = 0; at + kPrefixSize + kTxnHeaderSize < bytes.size(); ++at) {
    const uint64_t size = BigEndian(bytes, at + 8, 4);
    const uint64_t begin = at + kPrefixSize;
    if (size < kTxnHeaderSize || size > max_entry || begin + size >= bytes.size()) continue;
    if (bytes[begin + size] != kEndOfRecord) continue;
    if (BigEndian(bytes, at, 8) == checksums.Of(begin, begin + size)) return true;
  }
  return false;
}

// Whether these may be the remains of a record that was not written completely, and of others after
// it.  Its own last bytes may have been zeros, so fields that end early are read with zeros.
bool IsIncomplete(const Remains& remains, size_t max_entry, uint64_t& looked_at) {
  std::string head(remains.bytes().substr(0, kPrefixSize + kTxnHeaderSize));
  head.resize(kPrefixSize + kTxnHeaderSize);
  const uint64_t size = BigEndian(head, 8, 4);
  const uint64_t zxid = BigEndian(head, kPrefixSize + kZxidOffset, 8);
  const int32_t type = static_cast<int32_t>(BigEndian(head, kPrefixSize + kTypeOffset, 4));
  if (BigEndian(head, 0, 4) != 0 || size > max_entry || zxid >> 63 != 0) return false;
  if (remains.size <= kPrefixSize) return true;
  if (remains.size > kPrefixSize + max_entry) return false;
  if (remains.size >= head.size() && !remains.MayBeLost(kPrefixSize + kTypeOffset, 4) &&
      !IsTxnType(type)) {
    return false;
  }
  looked_at += 2 * remains.size;
  if (remains.MayBeLost(8, 4)) return !AnyRecordIn(remains.bytes(), max_entry);
  const uint64_t mark = kPrefixSize + size;
  if (size < kTxnHeaderSize || WasWhole(remains.bytes(), max_entry)) return false;
  if (remains.size <= mark) return true;
  return remains.MayBeLost(mark, 1) && !AnyRecordIn(remains.bytes().substr(mark), max_entry);
}

// Classifies what follows `position`, where there is no good record.
LogEnd EndAt(absl::string_view file, uint64_t position, size_t max_entry, uint64_t& looked_at) {
  looked_at += file.size() - position;
  Remains remains(file, position);
  if (position == 0) {  // Not even a header.
    if (absl::StartsWith(LogHeader(), remains.bytes())) return LogEnd::kTorn;
    if (!remains.MayBeLost(0, kLogHeaderSize)) return LogEnd::kDamaged;
    remains = Remains(file, kLogHeaderSize);
  } else if (remains.size == 0) {
    return LogEnd::kClean;
  }
  const bool torn = IsIncomplete(remains, max_entry, looked_at);
  return torn ? LogEnd::kTorn : LogEnd::kDamaged;
}

// The version is ignored, as by ZooKeeper; but a crash may leave the magic followed by zeros only.
bool HasHeader(absl::string_view file) {
  return file.size() >= kLogHeaderSize && BigEndian(file, 0, 4) == kMagic &&
         !AllZeros(file.substr(4, kLogHeaderSize - 4));
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

size_t RecordSize(const Txn& txn) {
  return kPrefixSize + txn.bytes.size() + 1;
}

bool HasRecordAt(absl::string_view file, uint64_t position, const Txn& txn) {
  const size_t size = RecordSize(txn);
  if (file.size() < position || file.size() - position < size) return false;
  const absl::string_view record = file.substr(position, size);
  const absl::string_view entry = txn.bytes.view();
  return record.substr(kPrefixSize, entry.size()) == entry && record.back() == kEndOfRecord &&
         LoadBigEndian<uint32_t>(record.data() + 8) == entry.size() &&
         LoadBigEndian<uint64_t>(record.data()) == Adler(entry);
}

LogContent ReadLog(absl::string_view file, uint64_t from, size_t max_entry) {
  LogContent content;
  if (from == 0) {
    if (!HasHeader(file)) {
      content.end = EndAt(file, 0, max_entry, content.looked_at);
      content.problem = content.end == LogEnd::kTorn ? "no header yet" : "not a transaction log";
      return content;
    }
    from = kLogHeaderSize;
  }
  content.valid_length = from;
  while (content.valid_length < file.size()) {
    const uint64_t position = content.valid_length;
    const Found found = RecordAt(file, position, max_entry);
    if (found.problem) {
      content.end = EndAt(file, position, max_entry, content.looked_at);
      if (content.end == LogEnd::kClean) break;
      content.problem = absl::StrCat(found.problem, " record at byte ", position);
      break;
    }
    content.looked_at += found.end - position;
    absl::StatusOr<TxnRef> txn = ParseTxn(Payload(std::string(found.entry)));
    if (!txn.ok()) {  // Its checksum is right, so no crash has torn it.
      content.problem = absl::StrCat("record at byte ", position, ": ", txn.status().message());
      content.end = LogEnd::kDamaged;
      break;
    }
    content.records.push_back({.txn = *std::move(txn), .end = found.end});
    content.valid_length = found.end;
  }
  return content;
}

}  // namespace zab
