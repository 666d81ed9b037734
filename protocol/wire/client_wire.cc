// The records field by field, in the order of their structs.  An optional field is a bool and, if
// that is true, the field.
#include "protocol/wire/client_wire.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "protocol/base/big_endian.h"
#include "protocol/wire/jute.h"

namespace zab::client {
namespace {

using zab::JuteReader;
using zab::JuteWriter;

constexpr size_t kLengthSize = 4;

/// Writes one frame.
class FrameWriter {
 public:
  /// `size`: of the record, about.
  explicit FrameWriter(size_t size) {
    bytes_.reserve(kLengthSize + size);
    bytes_.resize(kLengthSize);
  }
  JuteWriter record() { return JuteWriter(bytes_); }
  zab::Payload Finish() {
    StoreBigEndian(static_cast<uint32_t>(bytes_.size() - kLengthSize), bytes_.data());
    return zab::Payload(std::move(bytes_));
  }

 private:
  std::string bytes_;
};

absl::Status BadRecord(absl::string_view name, const JuteReader& reader) {
  return absl::InvalidArgumentError(
      absl::StrCat("client port: no ", name, ", byte ", reader.position()));
}

bool Complete(const JuteReader& reader) {
  return reader.ok() && reader.at_end();
}

bool IsKnown(zab::OpType type) {
  switch (type) {
    case zab::OpType::kCreate:
    case zab::OpType::kDelete:
    case zab::OpType::kExists:
    case zab::OpType::kGetData:
    case zab::OpType::kSetData:
    case zab::OpType::kGetChildren:
    case zab::OpType::kSync: return true;
    case zab::OpType::kCloseSession:
    case zab::OpType::kCreateSession:
    case zab::OpType::kUnimplemented: return false;  // Not of our own clients.
  }
  return false;
}

void Write(const zab::Stat& stat, JuteWriter& writer) {
  writer.UnsignedLong(stat.czxid.ToWire());
  writer.UnsignedLong(stat.mzxid.ToWire());
  writer.Long(stat.ctime);
  writer.Long(stat.mtime);
  writer.Int(stat.version);
  writer.Int(stat.cversion);
  writer.Int(stat.aversion);
  writer.Long(stat.ephemeral_owner);
  writer.Int(stat.data_length);
  writer.Int(stat.num_children);
  writer.UnsignedLong(stat.pzxid.ToWire());
}

zab::Stat ReadStat(JuteReader& reader) {
  zab::Stat stat;
  stat.czxid = zab::Zxid::FromWire(reader.UnsignedLong());
  stat.mzxid = zab::Zxid::FromWire(reader.UnsignedLong());
  stat.ctime = reader.Long();
  stat.mtime = reader.Long();
  stat.version = reader.Int();
  stat.cversion = reader.Int();
  stat.aversion = reader.Int();
  stat.ephemeral_owner = reader.Long();
  stat.data_length = reader.Int();
  stat.num_children = reader.Int();
  stat.pzxid = zab::Zxid::FromWire(reader.UnsignedLong());
  return stat;
}

}  // namespace

zab::Payload Encode(const ConnectRequest& record) {
  FrameWriter frame(8);
  frame.record().UnsignedLong(record.last_zxid_seen.ToWire());
  return frame.Finish();
}

zab::Payload Encode(const ConnectResponse& record) {
  FrameWriter frame(8);
  frame.record().Long(record.client_id);
  return frame.Finish();
}

zab::Payload Encode(const Request& record) {
  const zab::Operation& operation = record.operation;
  FrameWriter frame(32 + operation.path.size() + (operation.data ? operation.data->size() : 0));
  JuteWriter writer = frame.record();
  writer.Int(record.cxid);
  writer.Int(static_cast<int32_t>(operation.type));
  writer.String(operation.path);
  writer.Buffer(operation.data);
  writer.Int(operation.version);
  writer.Bool(operation.sequential);
  return frame.Finish();
}

zab::Payload Encode(const Reply& record) {
  const zab::Result& result = record.result;
  FrameWriter frame(112 + result.path.size() + (result.data ? result.data->size() : 0));
  JuteWriter writer = frame.record();
  writer.Int(record.cxid);
  writer.UnsignedLong(record.zxid.ToWire());
  writer.Int(static_cast<int32_t>(result.error));
  writer.String(result.path);
  writer.Buffer(result.data);
  writer.Bool(result.stat.has_value());
  if (result.stat) Write(*result.stat, writer);
  writer.Int(static_cast<int32_t>(result.children.size()));
  for (const std::string& child : result.children) writer.String(child);
  return frame.Finish();
}

absl::StatusOr<ConnectRequest> ParseConnectRequest(absl::string_view frame) {
  JuteReader reader(frame);
  ConnectRequest record;
  record.last_zxid_seen = zab::Zxid::FromWire(reader.UnsignedLong());
  if (!Complete(reader)) return BadRecord("ConnectRequest", reader);
  return record;
}

absl::StatusOr<ConnectResponse> ParseConnectResponse(absl::string_view frame) {
  JuteReader reader(frame);
  ConnectResponse record;
  record.client_id = reader.Long();
  if (!Complete(reader)) return BadRecord("ConnectResponse", reader);
  return record;
}

absl::StatusOr<Request> ParseRequest(absl::string_view frame) {
  JuteReader reader(frame);
  Request record;
  record.cxid = reader.Int();
  record.operation.type = static_cast<zab::OpType>(reader.Int());
  record.operation.path = reader.String();
  record.operation.data = reader.Buffer();
  record.operation.version = reader.Int();
  record.operation.sequential = reader.Bool();
  if (!Complete(reader) || !IsKnown(record.operation.type)) return BadRecord("Request", reader);
  return record;
}

absl::StatusOr<Reply> ParseReply(absl::string_view frame) {
  constexpr size_t kLeastString = 4;
  JuteReader reader(frame);
  Reply record;
  record.cxid = reader.Int();
  record.zxid = zab::Zxid::FromWire(reader.UnsignedLong());
  record.result.error = static_cast<zab::Error>(reader.Int());
  record.result.path = reader.String();
  record.result.data = reader.Buffer();
  if (reader.Bool()) record.result.stat = ReadStat(reader);
  const int32_t children = reader.Count(kLeastString);
  for (int32_t i = 0; i < children; ++i) record.result.children.push_back(reader.String());
  if (!Complete(reader)) return BadRecord("Reply", reader);
  return record;
}

void FrameDecoder::Feed(absl::string_view bytes) {
  // Erasing consumed bytes only here keeps a burst of small frames linear.
  buffer_.erase(0, consumed_);
  consumed_ = 0;
  buffer_.append(bytes.data(), bytes.size());
}

absl::StatusOr<std::optional<absl::string_view>> FrameDecoder::Next() {
  const absl::string_view left = absl::string_view(buffer_).substr(consumed_);
  if (left.size() < kLengthSize) return std::nullopt;
  const int32_t length = JuteReader(left).Int();
  if (length < 0 || static_cast<size_t>(length) > kMaxFrame) {
    return absl::InvalidArgumentError(absl::StrCat("client port: a frame of ", length, " bytes"));
  }
  const size_t size = static_cast<size_t>(length);
  if (left.size() - kLengthSize < size) return std::nullopt;
  consumed_ += kLengthSize + size;
  return left.substr(kLengthSize, size);
}

}  // namespace zab::client
