// QuorumCnxManager: the channels that election notifications cross (zab-reference 4).  One connection
// per pair of servers, a queue of one per peer in which the newest wins, the last message sent again
// when a connection is new.  Lives as long as the process; no role, no protocol rule beyond that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/base/ids.h"
#include "protocol/config.h"
#include "protocol/election/notification.h"
#include "protocol/outbox.h"

namespace zab {

/// A notification and who sent it.
struct ReceivedNotification {
  ServerId from;
  Notification notification;
};

class ElectionChannels {
 public:
  /// Listens on the election port.
  void Start(Outbox& out);

  /// Queues `notification` for `to` (another voter), replacing one that waits; connects if needed.
  void Send(ServerId to, const Notification& notification, const PeerConfig& config, Outbox& out);
  /// Tries to reach every voter to which there is no connection.
  void ConnectAll(const PeerConfig& config, Outbox& out);
  /// Some peer's queue is empty: something was sent, so a silence may mean that it was lost.
  bool HaveDelivered(const PeerConfig& config) const;

  /// Whether a connection is one of the channels'.  Accepted ones become so by OnAccepted.
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
    kGreeting,    // Accepted; the hello is awaited.
    kUp,
  };
  struct Link {
    LinkState state{};
    ServerId peer;  // Not yet known in kGreeting.
    FrameDecoder decoder;
  };
  /// The way to one other voter.
  struct Channel {
    std::optional<ConnectionId> connecting;
    std::optional<ConnectionId> up;
    bool sending = false;          // A frame has not left yet; only with `up`.
    std::optional<Notification> queued;
    std::optional<Notification> last_sent;
  };

  void Connect(ServerId peer, Outbox& out);
  void Open(ConnectionId connection, ServerId peer, Outbox& out);
  void SendQueued(ServerId peer, Channel& channel, Outbox& out);
  void Drop(ConnectionId connection, Reason why, Outbox& out);
  /// What is left behind when a link is gone.
  void Forget(ConnectionId connection, Reason why, Outbox& out);
  bool Greet(ConnectionId connection, const PeerConfig& config, Outbox& out);

  absl::btree_map<ConnectionId, Link> links_;
  absl::btree_map<ServerId, Channel> channels_;
};

}  // namespace zab
