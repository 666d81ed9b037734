// What crosses an election channel, to the byte: the notification of fast leader election
// (REFERENCE.md 3.2), the frames that carry it and the hello of a connection (REFERENCE.md 4.1).
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

/// What a server is, as notifications tell it.
enum class ServerState : int32_t { kLooking = 0, kFollowing = 1, kLeading = 2, kObserving = 3 };

/// A vote and who it is told by: the sender's state, and the leader it proposes or follows.
struct Notification {
  ServerState state = ServerState::kLooking;
  ServerId leader;
  std::optional<Zxid> zxid;  // The proposed leader's last; none (-1): its history is damaged.
  int64_t round = 0;         // electionEpoch: the sender's logical clock.
  Epoch peer_epoch;          // currentEpoch of the proposed leader.
  std::string config;        // REFERENCE.md 1.3; empty in old forms.
  friend bool operator==(const Notification&, const Notification&) = default;
};

/// Version 2, without the frame's length.
Payload EncodeNotification(const Notification& notification);
/// InvalidArgument for what ZooKeeper's receiver drops; the connection is still good then.  Takes
/// the legacy forms of exactly 28 and 40 bytes.
absl::StatusOr<Notification> DecodeNotification(absl::string_view payload);

/// Longest frame (QuorumCnxManager.PACKETMAXSIZE).
constexpr size_t kMaxElectionFrame = 524288;
/// `payload` behind its length.
Payload Frame(absl::string_view payload);

/// The initial message: who connects, not framed, not answered.
struct Hello {
  ServerId server;
  std::string address;  // "n1:3888"; several are joined by '|'; empty before ZooKeeper 3.5.
  friend bool operator==(const Hello&, const Hello&) = default;
};

/// Of the server `self` that is called `name`.
Payload EncodeHello(ServerId self, absl::string_view name);

/// Splits the bytes of one election connection.  The end that accepted it asks NextHello until it
/// has the Hello; after that, and at the other end from the start, Next gives the frames' payloads.
/// A plain value.
class FrameDecoder {
 public:
  /// Bytes fed after an error are dropped.
  void Feed(absl::string_view bytes);

  /// std::nullopt if more bytes are needed.  InvalidArgument for bytes that are none: the
  /// connection is useless from then on, and so is the decoder.
  absl::StatusOr<std::optional<Hello>> NextHello();
  absl::StatusOr<std::optional<std::string>> Next();

 private:
  absl::string_view pending() const { return absl::string_view(buffer_).substr(consumed_); }
  absl::Status Fail(absl::string_view why);

  std::string buffer_;
  size_t consumed_ = 0;   // Bytes of buffer_ already taken.
  absl::Status failure_;  // The first error.
};

}  // namespace zab
