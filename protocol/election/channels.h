// QuorumCnxManager: the channels for election notifications (REFERENCE.md 4).  One connection per
// pair of servers, and per peer a queue of one message, in which a newer message replaces an older
// one; a new connection sends the last message again.  Lives as long as the process, independently
// of roles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/base/handles.h"
#include "protocol/boundary/config.h"
#include "protocol/boundary/outbox.h"
#include "protocol/election/notification.h"
#include "protocol/wire/ids.h"

namespace zab {

/// A notification and its sender.
struct ReceivedNotification {
  ServerId from;
  Notification notification;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("from", from);
    field("notification", notification);
  }
};

/// A plain value.  Of the two connections that a pair of servers may attempt, the one initiated by
/// the larger id survives; the smaller id connects only to request that connection with its hello,
/// and closes.
class ElectionChannels {
 public:
  /// Listens on the election port.
  void Start(Outbox& out);

  /// Queues `notification` for `to` (another voter), replacing a waiting one; connects if there is
  /// neither a connection nor an attempt.
  void Send(ServerId to, const Notification& notification, const PeerConfig& config, Outbox& out);
  /// Connects to every other voter to which there is neither a connection nor an attempt.
  void ConnectAll(const PeerConfig& config, Outbox& out);
  /// Whether some peer's queue is empty: then something was sent, and silence may mean that it was
  /// lost.
  bool HaveDelivered(const PeerConfig& config) const;

  /// Whether the connection belongs to the channels; accepted ones do after OnAccepted.  Required
  /// by all functions below except OnAccepted and OnHandshakeTimeout.
  bool Owns(ConnectionId connection) const { return links_.contains(connection); }
  void OnAccepted(ConnectionId connection, const PeerConfig& config, Outbox& out);
  void OnConnected(ConnectionId connection, const PeerConfig& config, Outbox& out);
  void OnConnectFailed(ConnectionId connection, Outbox& out);
  /// Returns the notifications that have arrived completely, in order.
  std::vector<ReceivedNotification> OnReceived(ConnectionId connection, absl::string_view bytes,
                                               const PeerConfig& config, Outbox& out);
  void OnSendDone(ConnectionId connection, Outbox& out);
  void OnClosed(ConnectionId connection, Outbox& out);
  /// TimerName::kHandshake.
  void OnHandshakeTimeout(ConnectionId connection, Outbox& out);

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("links", links_);
    field("channels", channels_);
  }

 private:
  enum class LinkState : uint8_t {
    kConnecting,     // Initiated by this server.
    kAwaitingHello,  // Accepted; waiting for the hello, with a timer.
    kUp,
  };
  struct Link {
    LinkState state{};
    ServerId peer;  // Unknown in kAwaitingHello.
    FrameDecoder decoder;

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("state", state);
      field("peer", peer);
      field("decoder", decoder);
    }
  };
  struct Outgoing {
    TraceEvent description;  // probe kMsgSent.
    Payload frame;

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("description", description);
      field("frame", frame);
    }
  };
  /// The channel to one other voter.
  struct Channel {
    std::optional<ConnectionId> connecting;
    std::optional<ConnectionId> up;
    bool sending = false;            // Whether a frame is still being sent; only with `up`.
    std::optional<Outgoing> queued;  // The queue of one.
    std::optional<Outgoing> last_sent;

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("connecting", connecting);
      field("up", up);
      field("sending", sending);
      field("queued", queued);
      field("last_sent", last_sent);
    }
  };

  Link& LinkOf(ConnectionId connection);
  void Connect(ServerId peer, Outbox& out);
  /// Makes `connection` the channel to `peer`.
  void Open(ConnectionId connection, ServerId peer, Outbox& out);
  static void SendQueued(Channel& channel, Outbox& out);
  static void SendLast(Channel& channel, Outbox& out);
  /// Forgets and closes the connection.
  void Drop(ConnectionId connection, Reason why, Outbox& out);
  /// Forgets a closed connection and traces it.
  void Forget(ConnectionId connection, Reason why, Outbox& out);
  /// Reads the hello.  False if more bytes are needed or the connection was closed.
  bool Greet(ConnectionId connection, const PeerConfig& config, Outbox& out);

  absl::btree_map<ConnectionId, Link> links_;
  absl::btree_map<ServerId, Channel>
      channels_;  // For voters to which something was sent or attempted.
};

}  // namespace zab
