// Records: their encoding for the hash, and their text.
#include "sim/trace.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "absl/strings/str_cat.h"

namespace sim {
namespace {

// Appends integers to a buffer, little-endian on every machine.
class Encoder {
 public:
  explicit Encoder(char* out) : out_(out) {}
  template <class Integer>
  void Put(Integer value) {
    const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (size_t i = 0; i < sizeof bits; ++i) {
      out_[i] = static_cast<char>(static_cast<uint8_t>(bits >> (8 * i)));
    }
    out_ += sizeof bits;
  }
  char* end() const { return out_; }

 private:
  char* out_;
};

// The columns in the order of their declaration; the id follows from the position.
constexpr size_t kEncodedSize = 3 * 8 + 3 * 1 + 2 * 2 + 4 + 8 + 8 + 4 + 3 * 8;

char* Encode(const Record& record, char* out) {
  const zab::TraceEvent& event = record.event;
  Encoder encoder(out);
  encoder.Put(record.time.nanoseconds);
  encoder.Put(record.node.value);
  encoder.Put(record.cause);
  encoder.Put(static_cast<uint8_t>(event.probe));
  encoder.Put(static_cast<uint8_t>(event.kind));
  encoder.Put(static_cast<uint8_t>(event.reason));
  encoder.Put(event.peer.value);
  encoder.Put(event.epoch.value);
  encoder.Put(event.zxid.ToWire());
  encoder.Put(event.client);
  encoder.Put(event.number);
  encoder.Put(event.code);
  encoder.Put(event.txn);
  encoder.Put(event.tree);
  encoder.Put(event.connection);
  return encoder.end();
}

template <class Value>
void AppendColumn(absl::string_view name, const Value& value, std::string& text) {
  absl::StrAppend(&text, " ", name, "=", value);
}

}  // namespace

std::string ToString(const Record& record) {
  const zab::TraceEvent& event = record.event;
  std::string text = absl::StrCat("#", record.id, " ", zab::ToString(record.time), " node ",
                                  record.node.value, " ", zab::Name(event.probe));
  if (event.kind != zab::Kind::kNone) AppendColumn("kind", zab::Name(event.kind), text);
  if (event.reason != zab::Reason::kNone) AppendColumn("reason", zab::Name(event.reason), text);
  if (event.peer.value != 0) AppendColumn("peer", event.peer.value, text);
  if (event.epoch.value != 0) AppendColumn("epoch", event.epoch.value, text);
  if (event.zxid != zab::Zxid{}) AppendColumn("zxid", zab::ToString(event.zxid), text);
  if (event.client != 0) AppendColumn("client", event.client, text);
  if (event.number != 0) AppendColumn("number", event.number, text);
  if (event.code != 0) AppendColumn("code", event.code, text);
  if (event.txn != 0) AppendColumn("txn", absl::Hex(event.txn), text);
  if (event.tree != 0) AppendColumn("tree", absl::Hex(event.tree), text);
  if (event.connection != 0) AppendColumn("connection", event.connection, text);
  if (record.cause != 0) absl::StrAppend(&text, " <- #", record.cause);
  return text;
}

const Record& Trace::Add(Record record) {
  record.id = ++count_;
  Hash(record);
  Record& kept = tail_[(count_ - 1) % kTail];
  kept = record;
  if (sink_) sink_(kept);
  return kept;
}

void Trace::Hash(const Record& record) {
  if (used_ + kEncodedSize > kBlockSize) {
    const zab::Hash128 hash = zab::Hash128Of(absl::string_view(block_.data(), used_));
    Encoder encoder(block_.data());
    encoder.Put(hash.high);
    encoder.Put(hash.low);
    used_ = static_cast<size_t>(encoder.end() - block_.data());
  }
  used_ = static_cast<size_t>(Encode(record, block_.data() + used_) - block_.data());
}

zab::Hash128 Trace::hash() const {
  return zab::Hash128Of(absl::string_view(block_.data(), used_));
}

std::vector<Record> Trace::Tail() const {
  std::vector<Record> tail;
  const uint64_t first = count_ > kTail ? count_ - kTail : 0;
  for (uint64_t i = first; i < count_; ++i) tail.push_back(tail_[i % kTail]);
  return tail;
}

}  // namespace sim
