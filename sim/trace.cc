// Records: their encoding for the hash, and their text.
#include "sim/trace.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "sim/vocabulary.h"

namespace sim {
namespace {

// Appends integers to a buffer, little-endian on every machine.
class Encoder {
 public:
  explicit Encoder(char* out) : out_(out) {}
  template <class Integer>
  void Put(Integer value) {
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(out_, &value, sizeof value);
    } else {
      const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
      for (size_t i = 0; i < sizeof bits; ++i) {
        out_[i] = static_cast<char>(static_cast<uint8_t>(bits >> (8 * i)));
      }
    }
    out_ += sizeof value;
  }
  char* end() const { return out_; }

 private:
  char* out_;
};

// The columns in the order of their declaration; the id follows from the position.
constexpr size_t kEncodedSize = 3 * 8 + 3 * 1 + 2 * 2 + 4 + 8 + 8 + 4 + 3 * 8;

char* Encode(const Record& record, char* out) {
  const Columns& columns = record.columns;
  Encoder encoder(out);
  encoder.Put(record.time.nanoseconds);
  encoder.Put(record.node.value);
  encoder.Put(record.cause);
  encoder.Put(columns.probe);
  encoder.Put(columns.kind);
  encoder.Put(columns.reason);
  encoder.Put(columns.peer.value);
  encoder.Put(columns.term);
  encoder.Put(columns.position);
  encoder.Put(columns.client);
  encoder.Put(columns.number);
  encoder.Put(columns.code);
  encoder.Put(columns.item);
  encoder.Put(columns.state);
  encoder.Put(columns.connection);
  return encoder.end();
}

template <class Value>
void AppendColumn(absl::string_view name, Value value, std::string& text) {
  if (value != 0) absl::StrAppend(&text, " ", name, "=", value);
}

}  // namespace

std::string ToString(const Record& record) {
  const Columns& columns = record.columns;
  const absl::string_view probe = Name(static_cast<WorldProbe>(columns.probe));
  const absl::string_view kind = Name(static_cast<WorldKind>(columns.kind));
  std::string text = absl::StrCat("#", record.id, " ", zab::ToString(record.time), " node ",
                                  record.node.value, " ");
  if (probe.empty()) {
    absl::StrAppend(&text, "probe ", columns.probe);
  } else {
    absl::StrAppend(&text, probe);
  }
  if (columns.kind != 0 && !kind.empty()) {
    absl::StrAppend(&text, " kind=", kind);
  } else {
    AppendColumn("kind", columns.kind, text);
  }
  AppendColumn("reason", columns.reason, text);
  AppendColumn("peer", columns.peer.value, text);
  AppendColumn("term", columns.term, text);
  AppendColumn("position", columns.position, text);
  AppendColumn("client", columns.client, text);
  AppendColumn("number", columns.number, text);
  AppendColumn("code", columns.code, text);
  AppendColumn("item", columns.item, text);
  AppendColumn("state", columns.state, text);
  AppendColumn("connection", columns.connection, text);
  if (record.cause != 0) absl::StrAppend(&text, " <- #", record.cause);
  return text;
}

const Record& Trace::Add(const Record& record) {
  Record& kept = tail_[count_ % kTail];
  kept = record;
  kept.id = ++count_;
  Hash(kept);
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
