// QuorumCnxManager: the channels that election notifications cross (REFERENCE.md 4).  One
// connection per pair of servers, a queue of one per peer in which the newest wins, the last
// message sent again when a connection is new.  Lives as long as the process; no role, no protocol
// rule beyond that.
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

/// A notification and who sent it.
struct ReceivedNotification {
  ServerId from;
  Notification notification;
};

/// A plain value.  Of the two connections that a pair of servers may try, the one that the larger
/// id initiates survives; a smaller id connects only to ask for that, with its hello, and closes.
class ElectionChannels {
 public:
  /// Listens on the election port.
  void Start(Outbox& out);

  /// Queues `notification` for `to` (another voter), replacing one that waits; connects if there is
  /// no connection and no attempt at one.
  void Send(ServerId to, const Notification& notification, const PeerConfig& config, Outbox& out);
  /// Tries to reach every other voter to which there is no connection and no attempt at one.
  void ConnectAll(const PeerConfig& config, Outbox& out);
  /// Some peer's queue is empty: something was sent, so a silence may mean that it was lost.
  bool HaveDelivered(const PeerConfig& config) const;

  /// Whether a connection is one of the channels'.  Accepted ones become so by OnAccepted.  All
  /// calls below but OnAccepted and OnHandshakeTimeout ask for one that is.
  bool Owns(ConnectionId connection) const { return links_.contains(connection); }
  void OnAccepted(ConnectionId connection, const PeerConfig& config, Outbox& out);
  void OnConnected(ConnectionId connection, const PeerConfig& config, Outbox& out);
  void OnConnectFailed(ConnectionId connection, Outbox& out);
  /// What has arrived whole, in order.
  std::vector<ReceivedNotification> OnReceived(ConnectionId connection, absl::string_view bytes,
                                               const PeerConfig& config, Outbox& out);
  void OnSendDone(ConnectionId connection, Outbox& out);
  void OnClosed(ConnectionId connection, Outbox& out);
  /// TimerName::kHandshake.
  void OnHandshakeTimeout(ConnectionId connection, Outbox& out);

 private:
  enum class LinkState : uint8_t {
    kConnecting,  // We have asked for it.
    kGreeting,    // Accepted; the hello is awaited, and a timer runs.
    kUp,
  };
  struct Link {
    LinkState state{};
    ServerId peer;  // In kGreeting not yet known.
    FrameDecoder decoder;
  };
  struct Outgoing {
    TraceEvent description;  // probe kMsgSent.
    Payload frame;
  };
  /// The way to one other voter.
  struct Channel {
    std::optional<ConnectionId> connecting;
    std::optional<ConnectionId> up;
    bool sending = false;            // A frame has not left yet; only with `up`.
    std::optional<Outgoing> queued;  // The queue of one.
    std::optional<Outgoing> last_sent;
  };

  Link& LinkOf(ConnectionId connection);
  void Connect(ServerId peer, Outbox& out);
  /// Makes `connection` the channel to `peer`.
  void Open(ConnectionId connection, ServerId peer, Outbox& out);
  static void SendQueued(Channel& channel, Outbox& out);
  static void SendLast(Channel& channel, Outbox& out);
  /// Forgets and closes.
  void Drop(ConnectionId connection, Reason why, Outbox& out);
  /// The link is gone; says so.
  void Forget(ConnectionId connection, Reason why, Outbox& out);
  /// Reads the hello.  False if more bytes are needed, or if the link is gone.
  bool Greet(ConnectionId connection, const PeerConfig& config, Outbox& out);

  absl::btree_map<ConnectionId, Link> links_;
  absl::btree_map<ServerId, Channel> channels_;  // Of those to which something was sent or tried.
};

}  // namespace zab
