// The byte formats of election channels: the notification of fast leader election (REFERENCE.md
// 3.2), its frames, and the hello of a connection (REFERENCE.md 4.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/base/bytes.h"
#include "protocol/wire/ids.h"

namespace zab {

/// The state of a server in notifications.
enum class ServerState : int32_t { kLooking = 0, kFollowing = 1, kLeading = 2, kObserving = 3 };

/// A vote with the sender's state: the leader that the sender proposes or follows.
struct Notification {
  ServerState state = ServerState::kLooking;
  ServerId leader;
  std::optional<Zxid>
      zxid;           // The last zxid of the proposed leader; nullopt (-1): its history is damaged.
  int64_t round = 0;  // electionEpoch: the sender's logical clock.
  Epoch peer_epoch;   // currentEpoch of the proposed leader.
  std::string config;  // REFERENCE.md 1.3; empty in old forms.
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("state", state);
    field("leader", leader);
    field("zxid", zxid);
    field("round", round);
    field("peer_epoch", peer_epoch);
    field("config", config);
  }
  friend bool operator==(const Notification&, const Notification&) = default;
};

/// Version 2, without the frame's length.
Payload EncodeNotification(const Notification& notification);
/// Accepts the legacy forms of exactly 28 and 40 bytes.  InvalidArgument for what ZooKeeper's
/// receiver drops; the connection is still usable then.
absl::StatusOr<Notification> DecodeNotification(absl::string_view payload);

/// The longest frame (QuorumCnxManager.PACKETMAXSIZE).
constexpr size_t kMaxElectionFrame = 524288;
/// The length of `payload`, followed by `payload`.
Payload Frame(absl::string_view payload);

/// The initial message, which identifies the connecting server; not framed, not answered.
struct Hello {
  ServerId server;
  std::string address;  // "n1:3888"; several are joined by '|'; empty before ZooKeeper 3.5.
  friend bool operator==(const Hello&, const Hello&) = default;
};

/// The hello of server `self`; a peer that does not keep the connection connects to `address`, its
/// election address, "n1:3888".
Payload EncodeHello(ServerId self, absl::string_view address);

/// Splits the bytes of one election connection.  The accepting end calls NextHello until it has the
/// Hello; after that, and at the other end from the start, Next returns the payloads of frames.  A
/// plain value.
class FrameDecoder {
 public:
  /// Bytes fed after an error are dropped.
  void Feed(absl::string_view bytes);

  /// std::nullopt if more bytes are needed.  InvalidArgument for invalid bytes; connection and
  /// decoder are unusable from then on.
  absl::StatusOr<std::optional<Hello>> NextHello();
  absl::StatusOr<std::optional<std::string>> Next();

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("buffer", buffer_);
    field("consumed", consumed_);
    field("failure", failure_);
  }

 private:
  absl::string_view pending() const { return absl::string_view(buffer_).substr(consumed_); }
  absl::Status Fail(absl::string_view why);

  std::string buffer_;
  size_t consumed_ = 0;   // Bytes of buffer_ already consumed.
  absl::Status failure_;  // The first error.
};

}  // namespace zab
