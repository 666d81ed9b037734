// The records field by field, in the order of their structs.  An optional field is a bool and, if
// that is true, the field.
#include "protocol/wire/client_wire.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "protocol/wire/jute.h"

namespace zab::client {
namespace {

using zab::JuteReader;
using zab::JuteWriter;

constexpr size_t kLengthSize = 4;

zab::Payload Frame(const std::string& body) {
  std::string bytes;
  bytes.reserve(kLengthSize + body.size());
  JuteWriter writer(bytes);
  writer.Int(static_cast<int32_t>(body.size()));
  writer.Raw(body);
  return zab::Payload(std::move(bytes));
}

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
  std::string body;
  JuteWriter(body).UnsignedLong(record.last_zxid_seen.ToWire());
  return Frame(body);
}

zab::Payload Encode(const ConnectResponse& record) {
  std::string body;
  JuteWriter(body).Long(record.client_id);
  return Frame(body);
}

zab::Payload Encode(const Request& record) {
  std::string body;
  JuteWriter writer(body);
  writer.Int(record.cxid);
  writer.Int(static_cast<int32_t>(record.operation.type));
  writer.String(record.operation.path);
  writer.Buffer(record.operation.data);
  writer.Int(record.operation.version);
  writer.Bool(record.operation.sequential);
  return Frame(body);
}

zab::Payload Encode(const Reply& record) {
  std::string body;
  JuteWriter writer(body);
  writer.Int(record.cxid);
  writer.UnsignedLong(record.zxid.ToWire());
  writer.Int(static_cast<int32_t>(record.result.error));
  writer.String(record.result.path);
  writer.Buffer(record.result.data);
  writer.Bool(record.result.stat.has_value());
  if (record.result.stat) Write(*record.result.stat, writer);
  writer.Int(static_cast<int32_t>(record.result.children.size()));
  for (const std::string& child : record.result.children) writer.String(child);
  return Frame(body);
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

absl::StatusOr<std::optional<std::string>> FrameDecoder::Next() {
  const absl::string_view left = absl::string_view(buffer_).substr(consumed_);
  if (left.size() < kLengthSize) return std::nullopt;
  const int32_t length = JuteReader(left).Int();
  if (length < 0 || static_cast<size_t>(length) > kMaxFrame) {
    return absl::InvalidArgumentError(absl::StrCat("client port: a frame of ", length, " bytes"));
  }
  const size_t size = static_cast<size_t>(length);
  if (left.size() - kLengthSize < size) return std::nullopt;
  consumed_ += kLengthSize + size;
  return std::string(left.substr(kLengthSize, size));
}

}  // namespace zab::client
