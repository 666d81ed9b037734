// Notifications, frames and hellos as bytes.
#include "protocol/election/notification.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/wire/jute.h"

namespace zab {
namespace {

constexpr int32_t kNotificationVersion = 2;
constexpr size_t kSizeWithoutPeerEpoch = 28;  // Before ZooKeeper 3.4.
constexpr size_t kSizeWithoutConfig = 40;     // Before 3.5.
constexpr int64_t kHelloVersion1 = -65536;
constexpr int64_t kHelloVersion2 = -65535;  // Several addresses.
constexpr size_t kMaxAddress = 2048;

absl::Status Bad(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("notification: ", why));
}

}  // namespace

Payload EncodeNotification(const Notification& notification) {
  std::string bytes;
  bytes.reserve(44 + notification.config.size());
  JuteWriter writer(bytes);
  writer.Int(static_cast<int32_t>(notification.state));
  writer.Long(notification.leader.value);
  writer.Long(notification.zxid ? static_cast<int64_t>(notification.zxid->ToWire()) : -1);
  writer.Long(notification.round);
  writer.Long(notification.peer_epoch.value);
  writer.Int(kNotificationVersion);
  writer.String(notification.config);
  return Payload(std::move(bytes));
}

absl::StatusOr<Notification> DecodeNotification(absl::string_view payload) {
  if (payload.size() < kSizeWithoutPeerEpoch) return Bad("shorter than 28 bytes");
  JuteReader reader(payload);
  const int32_t state = reader.Int();
  if (state < 0 || state > static_cast<int32_t>(ServerState::kObserving)) return Bad("bad state");
  const int64_t leader = reader.Long();
  if (leader < 0 || leader > std::numeric_limits<uint16_t>::max()) return Bad("bad leader");
  const int64_t zxid = reader.Long();
  if (zxid < -1) return Bad("bad zxid");
  Notification result{.state = static_cast<ServerState>(state),
                      .leader = ServerId{static_cast<uint16_t>(leader)},
                      .round = reader.Long()};
  if (result.round == std::numeric_limits<int64_t>::max()) return Bad("no round after this one");
  if (zxid >= 0) result.zxid = Zxid::FromWire(static_cast<uint64_t>(zxid));
  if (payload.size() == kSizeWithoutPeerEpoch) {
    if (result.zxid) result.peer_epoch = result.zxid->epoch;
    return result;
  }
  const int64_t peer_epoch = reader.Long();
  if (!reader.ok() || peer_epoch < 0 || peer_epoch > std::numeric_limits<int32_t>::max()) {
    return Bad("bad peerEpoch");
  }
  result.peer_epoch = Epoch{static_cast<uint32_t>(peer_epoch)};
  const int32_t version = reader.Int();
  if (payload.size() == kSizeWithoutConfig) return result;  // The last int is ignored.
  if (version < 2) return reader.ok() ? absl::StatusOr<Notification>(result) : Bad("truncated");
  const int32_t config_size = reader.Int();
  if (!reader.ok() || config_size < 0) return Bad("bad config length");
  result.config = std::string(reader.Raw(static_cast<size_t>(config_size)));
  if (!reader.ok()) return Bad("truncated config");  // ZOOKEEPER-3769.
  return result;
}

Payload Frame(absl::string_view payload) {
  std::string bytes;
  bytes.reserve(4 + payload.size());
  JuteWriter(bytes).String(payload);
  return Payload(std::move(bytes));
}

Payload EncodeHello(ServerId self, absl::string_view address) {
  std::string bytes;
  JuteWriter writer(bytes);
  writer.Long(kHelloVersion1);
  writer.Long(self.value);
  writer.String(address);
  return Payload(std::move(bytes));
}

void FrameDecoder::Feed(absl::string_view bytes) {
  if (!failure_.ok()) return;
  // Consumed bytes are erased when they are the larger part, so that each byte is moved once on
  // average.
  if (consumed_ > buffer_.size() / 2) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
  buffer_.append(bytes.data(), bytes.size());
}

absl::Status FrameDecoder::Fail(absl::string_view why) {
  failure_ = absl::InvalidArgumentError(absl::StrCat("election connection: ", why));
  buffer_.clear();
  consumed_ = 0;
  return failure_;
}

absl::StatusOr<std::optional<Hello>> FrameDecoder::NextHello() {
  if (!failure_.ok()) return failure_;
  JuteReader reader(pending());
  if (reader.remaining() < 8) return std::nullopt;
  const int64_t first = reader.Long();
  const bool old_form = first >= 0;  // Before ZooKeeper 3.5 there is only the sid.
  if (!old_form && first != kHelloVersion1 && first != kHelloVersion2) return Fail("bad version");
  if (!old_form && reader.remaining() < 12) return std::nullopt;
  const int64_t sid = old_form ? first : reader.Long();
  if (sid < 0 || sid > std::numeric_limits<uint16_t>::max()) return Fail("bad sid");
  Hello hello{.server = ServerId{static_cast<uint16_t>(sid)}};
  if (!old_form) {
    const int32_t size = reader.Int();
    if (size < 1 || static_cast<size_t>(size) > kMaxAddress) return Fail("bad address length");
    if (reader.remaining() < static_cast<size_t>(size)) return std::nullopt;
    hello.address = std::string(reader.Raw(static_cast<size_t>(size)));
  }
  consumed_ += reader.position();
  return hello;
}

absl::StatusOr<std::optional<std::string>> FrameDecoder::Next() {
  if (!failure_.ok()) return failure_;
  JuteReader reader(pending());
  if (reader.remaining() < 4) return std::nullopt;
  const int32_t size = reader.Int();
  if (size < 1 || static_cast<size_t>(size) > kMaxElectionFrame) return Fail("bad frame length");
  if (reader.remaining() < static_cast<size_t>(size)) return std::nullopt;
  std::string payload(reader.Raw(static_cast<size_t>(size)));
  consumed_ += reader.position();
  return payload;
}

}  // namespace zab
