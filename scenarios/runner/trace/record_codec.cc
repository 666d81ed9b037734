// A block: id of the first record, count, then the records.  A record: time since the previous one,
// node, distance back to its cause (0: none), probe, a bit for each non-zero column, and these
// columns.  Integers are varints, signed ones zigzag; hashes take their eight bytes.
#include "scenarios/runner/trace/record_codec.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"

namespace scenario {
namespace {

/// One bit per column.
enum RecordColumn : uint32_t {
  kKind = 1 << 0,
  kReason = 1 << 1,
  kPeer = 1 << 2,
  kEpoch = 1 << 3,
  kZxid = 1 << 4,
  kClient = 1 << 5,
  kNumber = 1 << 6,
  kCode = 1 << 7,
  kTxn = 1 << 8,
  kTree = 1 << 9,
  kConnection = 1 << 10,
  kAllColumns = (1 << 11) - 1,
};

void PutVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void PutSigned(std::string& out, int64_t value) {
  PutVarint(out, static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
}

void PutHash(std::string& out, uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

uint32_t PresentColumns(const TraceEvent& event) {
  const auto bit = [](bool present, RecordColumn column) { return present ? uint32_t{column} : 0; };
  return bit(event.kind != Kind::kNone, kKind) | bit(event.reason != zab::Reason::kNone, kReason) |
         bit(event.peer.value != 0, kPeer) | bit(event.epoch.value != 0, kEpoch) |
         bit(event.zxid != zab::Zxid{}, kZxid) | bit(event.client != 0, kClient) |
         bit(event.number != 0, kNumber) | bit(event.code != 0, kCode) | bit(event.txn != 0, kTxn) |
         bit(event.tree != 0, kTree) | bit(event.connection != 0, kConnection);
}

/// Reads integers from the front; after a failure it returns zeros.
class Decoder {
 public:
  explicit Decoder(absl::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool empty() const { return bytes_.empty(); }

  uint64_t Varint(uint64_t most = UINT64_MAX) {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      const uint64_t bits = byte & 0x7f;
      if (shift == 63 && bits > 1) break;
      value |= bits << shift;
      if ((byte & 0x80) != 0) continue;
      if (value > most) break;
      return value;
    }
    return Fail();
  }
  int64_t Signed() {
    const uint64_t value = Varint();
    return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  uint64_t Hash() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 8) value |= uint64_t{Byte()} << shift;
    return value;
  }
  /// Reads a number below `count` as an enumerator.
  template <class Enum>
  Enum Enumerator(int count) {
    return static_cast<Enum>(Varint(static_cast<uint64_t>(count) - 1));
  }

 private:
  uint8_t Byte() {
    if (bytes_.empty()) return static_cast<uint8_t>(Fail());
    const auto byte = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }
  uint64_t Fail() {
    ok_ = false;
    bytes_ = "";
    return 0;
  }

  absl::string_view bytes_;
  bool ok_ = true;
};

void DecodeColumns(Decoder& in, TraceEvent& event) {
  const auto columns = static_cast<uint32_t>(in.Varint(kAllColumns));
  if ((columns & kKind) != 0) event.kind = in.Enumerator<Kind>(kKindCount);
  if ((columns & kReason) != 0) event.reason = in.Enumerator<zab::Reason>(zab::kReasonCount);
  if ((columns & kPeer) != 0) event.peer.value = static_cast<uint16_t>(in.Varint(UINT16_MAX));
  if ((columns & kEpoch) != 0) event.epoch.value = static_cast<uint32_t>(in.Varint(UINT32_MAX));
  if ((columns & kZxid) != 0) {
    event.zxid.epoch.value = static_cast<uint32_t>(in.Varint(UINT32_MAX));
    event.zxid.counter = static_cast<uint32_t>(in.Varint(UINT32_MAX));
  }
  if ((columns & kClient) != 0) event.client = in.Signed();
  if ((columns & kNumber) != 0) event.number = in.Signed();
  if ((columns & kCode) != 0) event.code = static_cast<int32_t>(in.Signed());
  if ((columns & kTxn) != 0) event.txn = in.Hash();
  if ((columns & kTree) != 0) event.tree = in.Hash();
  if ((columns & kConnection) != 0) event.connection = in.Varint();
}

}  // namespace

void RecordEncoder::Add(const Record& record) {
  if (count_ == 0) {
    first_id_ = record.id;
    last_ = {};
  }
  ZAB_CHECK(record.id == first_id_ + count_) << "record " << record.id << " is out of order";
  ++count_;
  const TraceEvent& event = record.event;
  PutSigned(body_, (record.time - std::exchange(last_, record.time)).nanoseconds);
  PutVarint(body_, record.node.value);
  PutVarint(body_, record.cause == 0 ? 0 : record.id - record.cause);
  PutVarint(body_, static_cast<uint64_t>(event.probe));
  const uint32_t columns = PresentColumns(event);
  PutVarint(body_, columns);
  if ((columns & kKind) != 0) PutVarint(body_, static_cast<uint64_t>(event.kind));
  if ((columns & kReason) != 0) PutVarint(body_, static_cast<uint64_t>(event.reason));
  if ((columns & kPeer) != 0) PutVarint(body_, event.peer.value);
  if ((columns & kEpoch) != 0) PutVarint(body_, event.epoch.value);
  if ((columns & kZxid) != 0) {
    PutVarint(body_, event.zxid.epoch.value);
    PutVarint(body_, event.zxid.counter);
  }
  if ((columns & kClient) != 0) PutSigned(body_, event.client);
  if ((columns & kNumber) != 0) PutSigned(body_, event.number);
  if ((columns & kCode) != 0) PutSigned(body_, event.code);
  if ((columns & kTxn) != 0) PutHash(body_, event.txn);
  if ((columns & kTree) != 0) PutHash(body_, event.tree);
  if ((columns & kConnection) != 0) PutVarint(body_, event.connection);
}

std::string RecordEncoder::Take() {
  std::string bytes;
  PutVarint(bytes, first_id_);
  PutVarint(bytes, std::exchange(count_, 0));
  bytes += body_;
  body_.clear();
  return bytes;
}

absl::StatusOr<std::vector<Record>> DecodeRecords(absl::string_view bytes) {
  constexpr size_t kFewestBytes = 5;  // The least that a record takes.
  Decoder in(bytes);
  const uint64_t first_id = in.Varint();
  const uint64_t count = in.Varint(bytes.size() / kFewestBytes);
  if (!in.ok() || first_id == 0 || count == 0 || first_id > UINT64_MAX - count) {
    return absl::DataLossError("a block whose header is wrong about the records in it");
  }
  std::vector<Record> records(count);
  uint64_t time = 0;
  for (uint64_t i = 0; i < count; ++i) {
    Record& record = records[i];
    record.id = first_id + i;
    time += static_cast<uint64_t>(in.Signed());  // Wraps on invalid bytes.
    record.time.nanoseconds = static_cast<int64_t>(time);
    record.node.value = static_cast<uint16_t>(in.Varint(UINT16_MAX));
    const uint64_t back = in.Varint(record.id - 1);
    if (back != 0) record.cause = record.id - back;
    record.event.probe = in.Enumerator<Probe>(kProbeCount);
    DecodeColumns(in, record.event);
    if (in.ok()) continue;
    return absl::DataLossError(absl::StrCat(
        "record ", record.id, " is truncated or has a value that this zabsim does not know"));
  }
  if (in.empty()) return records;
  return absl::DataLossError(
      absl::StrCat("more bytes than the ", count, " records that it declares"));
}

}  // namespace scenario
