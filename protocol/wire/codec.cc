// Quorum packets: int type; long zxid; buffer data; vector of Ids (REFERENCE.md 5).  A packet whose
// fixed fields differ from what ZooKeeper writes is rejected, although ZooKeeper itself would
// ignore the difference: such bytes are a bug or an attack, and should be noticed (REFERENCE.md
// D17).
#include "protocol/wire/codec.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"
#include "protocol/wire/jute.h"
#include "protocol/wire/request.h"

namespace zab {
namespace {

enum class PacketType : int32_t {
  kRequest = 1,
  kProposal = 2,
  kAck = 3,
  kCommit = 4,
  kPing = 5,
  kRevalidate = 6,
  kSync = 7,
  kNewLeader = 10,
  kFollowerInfo = 11,
  kUpToDate = 12,
  kDiff = 13,
  kTrunc = 14,
  kSnap = 15,
  kLeaderInfo = 17,
  kAckEpoch = 18,
};

constexpr int32_t kProtocolVersion = 0x10000;
constexpr uint64_t kNoZxid = ~uint64_t{0};  // -1.
constexpr size_t kFixedPart = 16;           // Up to and with the data's length.
constexpr int32_t kMaxIds = 64;             // Of authinfo; a client has one or two.
constexpr size_t kSessionSize = 12;
constexpr size_t kRequestPart = 64;  // At most, of a request: all but its path and data.
constexpr size_t kLocalIds = 32;     // At most, of the authinfo that we send.

// ---- Encoding -----------------------------------------------------------------------------------

using Data = std::optional<absl::string_view>;  // None: null.

std::string Open(PacketType type, uint64_t zxid, Data data, size_t ids = 4) {
  std::string bytes;
  bytes.reserve(kFixedPart + ids + (data ? data->size() : 0));
  JuteWriter out(bytes);
  out.Int(static_cast<int32_t>(type));
  out.UnsignedLong(zxid);
  if (data) {
    out.String(*data);
  } else {
    out.Int(-1);
  }
  return bytes;
}

std::string Encoded(PacketType type, uint64_t zxid, Data data = std::nullopt) {
  std::string bytes = Open(type, zxid, data);
  JuteWriter(bytes).Int(-1);  // No authinfo.
  return bytes;
}

std::string IntData(int32_t value) {
  std::string data;
  JuteWriter(data).Int(value);
  return data;
}

void Write(const Session& session, JuteWriter& out) {
  out.Long(session.id);
  out.Int(session.timeout);
}

uint64_t StartOf(Epoch epoch) {
  return Zxid{epoch, 0}.ToWire();
}

std::string ToBytes(const FollowerInfo& m) {
  std::string data;
  JuteWriter out(data);
  out.Long(m.server.value);
  out.Int(kProtocolVersion);
  out.Long(m.config_version);
  return Encoded(PacketType::kFollowerInfo, StartOf(m.accepted_epoch), data);
}
std::string ToBytes(const LeaderInfo& m) {
  return Encoded(PacketType::kLeaderInfo, StartOf(m.new_epoch), IntData(kProtocolVersion));
}
std::string ToBytes(const AckEpoch& m) {
  const int32_t epoch = m.current_epoch ? static_cast<int32_t>(m.current_epoch->value) : -1;
  return Encoded(PacketType::kAckEpoch, m.last_zxid ? m.last_zxid->ToWire() : kNoZxid,
                 IntData(epoch));
}
std::string ToBytes(const Diff& m) {
  return Encoded(PacketType::kDiff, m.zxid.ToWire());
}
std::string ToBytes(const Trunc& m) {
  return Encoded(PacketType::kTrunc, m.zxid.ToWire());
}
std::string ToBytes(const Snap& m) {
  return Encoded(PacketType::kSnap, m.zxid.ToWire());
}
std::string ToBytes(const NewLeader& m) {
  return Encoded(PacketType::kNewLeader, StartOf(m.epoch), m.config);
}
std::string ToBytes(const UpToDate&) {
  return Encoded(PacketType::kUpToDate, kNoZxid);
}
std::string ToBytes(const Proposal& m) {
  return Encoded(PacketType::kProposal, m.txn->zxid().ToWire(), m.txn->bytes.view());
}
std::string ToBytes(const Ack& m) {
  return Encoded(PacketType::kAck, m.zxid.ToWire());
}
std::string ToBytes(const Commit& m) {
  return Encoded(PacketType::kCommit, m.zxid.ToWire());
}
std::string ToBytes(const Ping& m) {
  std::string data;
  JuteWriter out(data);
  for (const Session& session : m.sessions) Write(session, out);
  return Encoded(PacketType::kPing, m.zxid.ToWire(), m.reply ? Data(data) : std::nullopt);
}
std::string ToBytes(const SyncReply&) {
  return Encoded(PacketType::kSync, 0);
}
std::string ToBytes(const Revalidate& m) {
  std::string data;
  JuteWriter out(data);
  Write(m.session, out);
  return Encoded(PacketType::kRevalidate, kNoZxid, data);
}
std::string ToBytes(const RevalidateReply& m) {
  std::string data;
  JuteWriter out(data);
  out.Long(m.session_id);
  out.Bool(m.valid);
  return Encoded(PacketType::kRevalidate, kNoZxid, data);
}

// Real leaders check ACLs against authinfo and crash if it is null, so it contains the entry of a
// local client.
std::string ToBytes(const ForwardedRequest& m) {
  std::string data;
  data.reserve(kRequestPart + m.operation.path.size() +
               (m.operation.data ? m.operation.data->size() : 0));
  JuteWriter body(data);
  body.Long(m.client_id);
  body.Int(m.cxid);
  WriteRequest(m.operation, body);
  std::string bytes = Open(PacketType::kRequest, kNoZxid, data, kLocalIds);
  JuteWriter out(bytes);
  out.Int(1);
  out.String("ip");
  out.String("127.0.0.1");
  return bytes;
}

// ---- Decoding -----------------------------------------------------------------------------------

struct RawPacket {
  PacketType type{};
  int64_t wire_zxid = 0;
  Data data;

  Zxid zxid() const { return Zxid::FromWire(static_cast<uint64_t>(wire_zxid)); }
};

absl::Status Bad(const RawPacket& packet, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("quorum packet of type ", static_cast<int32_t>(packet.type), ": ", why));
}

absl::StatusOr<Message> DecodeRequest(const RawPacket& packet) {
  if (!packet.data || packet.wire_zxid != -1) return Bad(packet, "no request");
  JuteReader in(*packet.data);
  ForwardedRequest request;
  request.client_id = in.Long();
  request.cxid = in.Int();
  absl::StatusOr<Operation> operation = ReadRequest(in);
  if (!operation.ok()) return Bad(packet, operation.status().message());
  request.operation = *std::move(operation);
  return request;
}

// LearnerInfo: sid; since 3.4 the protocol version, since 3.5 the config version.
absl::StatusOr<Message> DecodeFollowerInfo(const RawPacket& packet) {
  const size_t size = packet.data ? packet.data->size() : 0;
  if (size != 8 && size != 12 && size != 20) return Bad(packet, "bad LearnerInfo");
  if (packet.wire_zxid < 0 || packet.zxid().counter != 0) return Bad(packet, "bad epoch");
  JuteReader in(*packet.data);
  const int64_t sid = in.Long();
  if (sid < 0 || sid > std::numeric_limits<uint16_t>::max()) return Bad(packet, "bad sid");
  if (size >= 12 && in.Int() < kProtocolVersion) return Bad(packet, "protocol before Zab 1.0");
  return FollowerInfo{.accepted_epoch = packet.zxid().epoch,
                      .server = ServerId{static_cast<uint16_t>(sid)},
                      .config_version = size == 20 ? in.Long() : 0};
}

absl::StatusOr<Message> DecodeAckEpoch(const RawPacket& packet) {
  if (!packet.data || packet.data->size() != 4) return Bad(packet, "bad epoch");
  const int32_t epoch = JuteReader(*packet.data).Int();
  if (packet.wire_zxid < -1 || epoch < -1) return Bad(packet, "negative zxid or epoch");
  AckEpoch message;
  if (packet.wire_zxid >= 0) message.last_zxid = packet.zxid();
  if (epoch >= 0) message.current_epoch = Epoch{static_cast<uint32_t>(epoch)};
  return message;
}

absl::StatusOr<Message> DecodeProposal(const RawPacket& packet) {
  if (!packet.data) return Bad(packet, "no transaction");
  absl::StatusOr<TxnRef> txn = ParseTxn(Payload(std::string(*packet.data)));
  if (!txn.ok()) return Bad(packet, txn.status().message());
  if (packet.wire_zxid != static_cast<int64_t>((*txn)->zxid().ToWire())) {
    return Bad(packet, "zxid is not the transaction's");
  }
  return Proposal{*std::move(txn)};
}

// A packet with only a type and a zxid.
template <class M>
absl::StatusOr<Message> DecodePlain(const RawPacket& packet) {
  if (packet.data) return Bad(packet, "data where none belong");
  if (packet.wire_zxid < 0) return Bad(packet, "negative zxid");
  return M{.zxid = packet.zxid()};
}

Session ReadSession(JuteReader& in) {
  return {.id = in.Long(), .timeout = in.Int()};
}

absl::StatusOr<Message> DecodePingReply(const RawPacket& packet) {
  if (!packet.data || packet.data->size() % kSessionSize != 0) {
    return Bad(packet, "bad session list");
  }
  if (packet.wire_zxid < 0) return Bad(packet, "negative zxid");
  Ping ping{.zxid = packet.zxid(), .reply = true};
  for (JuteReader in(*packet.data); !in.at_end();) ping.sessions.push_back(ReadSession(in));
  return ping;
}

absl::StatusOr<Message> DecodeRevalidate(const RawPacket& packet) {
  if (!packet.data || packet.data->size() != kSessionSize || packet.wire_zxid != -1) {
    return Bad(packet, "no session");
  }
  JuteReader in(*packet.data);
  return Revalidate{ReadSession(in)};
}

absl::StatusOr<Message> DecodeRevalidateReply(const RawPacket& packet) {
  if (!packet.data || packet.wire_zxid != -1) return Bad(packet, "no session");
  JuteReader in(*packet.data);
  const RevalidateReply reply{.session_id = in.Long(), .valid = in.Bool()};
  if (!in.ok() || !in.at_end()) return Bad(packet, "no answer about a session");
  return reply;
}

absl::StatusOr<Message> DecodeAtLeader(const RawPacket& packet) {
  switch (packet.type) {
    case PacketType::kFollowerInfo: return DecodeFollowerInfo(packet);
    case PacketType::kAckEpoch: return DecodeAckEpoch(packet);
    case PacketType::kAck: return DecodePlain<Ack>(packet);
    case PacketType::kRequest: return DecodeRequest(packet);
    case PacketType::kPing: return DecodePingReply(packet);
    case PacketType::kRevalidate: return DecodeRevalidate(packet);
    case PacketType::kProposal:
    case PacketType::kCommit:
    case PacketType::kSync:
    case PacketType::kNewLeader:
    case PacketType::kUpToDate:
    case PacketType::kDiff:
    case PacketType::kTrunc:
    case PacketType::kSnap:
    case PacketType::kLeaderInfo: break;
  }
  return Bad(packet, "not for a leader");
}

absl::StatusOr<Message> DecodeAtLearner(const RawPacket& packet) {
  const bool starts_epoch = packet.wire_zxid >= 0 && packet.zxid().counter == 0;
  switch (packet.type) {
    case PacketType::kLeaderInfo:
      if (!starts_epoch || !packet.data || packet.data->size() != 4 ||
          JuteReader(*packet.data).Int() < kProtocolVersion) {
        return Bad(packet, "bad epoch or version");
      }
      return LeaderInfo{packet.zxid().epoch};
    case PacketType::kDiff: return DecodePlain<Diff>(packet);
    case PacketType::kTrunc: return DecodePlain<Trunc>(packet);
    case PacketType::kSnap: return DecodePlain<Snap>(packet);
    case PacketType::kNewLeader:
      if (!starts_epoch) return Bad(packet, "bad epoch");
      return NewLeader{packet.zxid().epoch, std::string(packet.data.value_or(""))};
    case PacketType::kUpToDate:
      if (packet.data || packet.wire_zxid != -1) return Bad(packet, "data or zxid");
      return UpToDate{};
    case PacketType::kProposal: return DecodeProposal(packet);
    case PacketType::kCommit: return DecodePlain<Commit>(packet);
    case PacketType::kPing: return DecodePlain<Ping>(packet);
    case PacketType::kSync:
      if (packet.data || packet.wire_zxid != 0) return Bad(packet, "data or zxid");
      return SyncReply{};
    case PacketType::kRevalidate: return DecodeRevalidateReply(packet);
    case PacketType::kRequest:
    case PacketType::kAck:
    case PacketType::kFollowerInfo:
    case PacketType::kAckEpoch: break;
  }
  return Bad(packet, "not for a learner");
}

// ---- The extent of a packet ---------------------------------------------------------------------

int32_t IntAt(absl::string_view bytes, size_t offset) {
  return JuteReader(bytes.substr(offset)).Int();
}

// The size of the packet at the front or, if that is larger than `bytes`, the number of bytes
// needed to continue; 0 if it is not a packet.  Reads lengths only; kMaxIds bounds the number of
// calls per packet.
size_t Extent(absl::string_view bytes) {
  if (bytes.size() < kFixedPart) return kFixedPart;
  const int32_t data_size = IntAt(bytes, kFixedPart - 4);
  if (data_size < -1) return 0;
  size_t end = kFixedPart + static_cast<size_t>(std::max(data_size, 0)) + 4;
  if (end > kMaxPacket) return 0;
  if (bytes.size() < end) return end;
  const int32_t ids = IntAt(bytes, end - 4);
  if (ids < -1 || ids > kMaxIds) return 0;
  for (int32_t strings = 2 * std::max(ids, 0); strings > 0; --strings) {
    end += 4;
    if (bytes.size() < end) return end;
    const int32_t size = IntAt(bytes, end - 4);
    if (size < -1) return 0;
    end += static_cast<size_t>(std::max(size, 0));
    if (end > kMaxPacket) return 0;
    if (bytes.size() < end) return end;
  }
  return end;
}

RawPacket ReadRaw(absl::string_view bytes) {
  JuteReader in(bytes);
  RawPacket packet;
  packet.type = static_cast<PacketType>(in.Int());
  packet.wire_zxid = in.Long();
  const int32_t data_size = in.Int();
  if (data_size >= 0) packet.data = in.Raw(static_cast<size_t>(data_size));
  return packet;
}

// A packet of a bad length is empty.
absl::StatusOr<Message> Decode(absl::string_view bytes, ReadingEnd end) {
  if (bytes.empty()) return absl::InvalidArgumentError("quorum packet: bad length");
  const RawPacket packet = ReadRaw(bytes);
  return end == ReadingEnd::kLeader ? DecodeAtLeader(packet) : DecodeAtLearner(packet);
}

}  // namespace

Payload Encode(const Message& message) {
  return Payload(std::visit([](const auto& m) { return ToBytes(m); }, message));
}

void QuorumDecoder::Feed(absl::string_view bytes) {
  if (!failure_.ok()) return;
  // Decoded bytes are erased when they are the larger part, so that each byte is moved once on
  // average.
  if (consumed_ > buffer_.size() / 2) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
  buffer_.append(bytes.data(), bytes.size());
}

absl::StatusOr<std::optional<Message>> QuorumDecoder::Next() {
  if (!failure_.ok()) return failure_;
  const absl::string_view bytes = pending();
  if (bytes.size() < needed_) return std::nullopt;
  needed_ = Extent(bytes);
  if (needed_ > bytes.size()) return std::nullopt;
  absl::StatusOr<Message> message = Decode(bytes.substr(0, needed_), end_);
  consumed_ += std::exchange(needed_, 0);
  if (message.ok()) return *std::move(message);
  failure_ = message.status();
  buffer_.clear();
  consumed_ = 0;
  return failure_;
}

std::string QuorumDecoder::TakeRaw() {
  buffer_.erase(0, std::exchange(consumed_, 0));
  needed_ = 0;
  return std::exchange(buffer_, std::string());
}

void QuorumDecoder::Unread(absl::string_view bytes) {
  buffer_.replace(0, std::exchange(consumed_, 0), bytes.data(), bytes.size());
  needed_ = 0;
}

}  // namespace zab
