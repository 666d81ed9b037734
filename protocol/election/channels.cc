// Connections between voters: who may initiate, what is queued, what is sent again.
#include "protocol/election/channels.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"

namespace zab {
namespace {

TimerId HandshakeTimer(ConnectionId connection) {
  return {TimerName::kHandshake, connection};
}

std::string ElectionAddress(const PeerConfig& config) {
  const Member* const self = config.FindVoter(config.self);
  ZAB_CHECK(self != nullptr) << "not a voter: " << ToString(config.self);
  return absl::StrCat(self->name, ":", self->election_port);
}

TraceEvent Describe(Probe probe, ServerId peer, const Notification& notification) {
  return {.probe = probe,
          .kind = Kind::kNotificationMessage,
          .peer = peer,
          .epoch = notification.peer_epoch,
          .zxid = notification.zxid.value_or(Zxid{}),
          .number = notification.round};
}

}  // namespace

void ElectionChannels::Start(Outbox& out) {
  out.Listen(Port::kElection);
}

// ---- Sending ------------------------------------------------------------------------------------

void ElectionChannels::Send(ServerId to, const Notification& notification, const PeerConfig& config,
                            Outbox& out) {
  ZAB_CHECK(to != config.self && config.IsVoter(to)) << ToString(to);
  Channel& channel = channels_[to];
  if (channel.queued) out.Emit({.probe = Probe::kNotificationReplaced, .peer = to});
  channel.queued = Outgoing{.description = Describe(Probe::kMsgSent, to, notification),
                            .frame = Frame(EncodeNotification(notification).view())};
  if (channel.up) {
    SendQueued(channel, out);
  } else if (!channel.connecting) {
    Connect(to, out);
  }
}

// One frame at a time: until its last byte has left this end's link, the queue waits.
void ElectionChannels::SendQueued(Channel& channel, Outbox& out) {
  if (channel.sending || !channel.queued) return;
  channel.last_sent = std::exchange(channel.queued, std::nullopt);
  SendLast(channel, out);
}

void ElectionChannels::SendLast(Channel& channel, Outbox& out) {
  channel.sending = true;
  TraceEvent event = channel.last_sent->description;
  event.connection = channel.up->value;
  out.Emit(event);
  out.Send(*channel.up, channel.last_sent->frame, /*wants_done=*/true);
}

void ElectionChannels::OnSendDone(ConnectionId connection, Outbox& out) {
  const Link& link = LinkOf(connection);
  if (link.state != LinkState::kUp) return;
  Channel& channel = channels_[link.peer];
  channel.sending = false;
  SendQueued(channel, out);
}

bool ElectionChannels::HaveDelivered(const PeerConfig& config) const {
  return std::any_of(config.voters.begin(), config.voters.end(), [&](const Member& member) {
    const auto it = channels_.find(member.server);
    return it != channels_.end() && !it->second.queued;
  });
}

// ---- Connections --------------------------------------------------------------------------------

ElectionChannels::Link& ElectionChannels::LinkOf(ConnectionId connection) {
  const auto it = links_.find(connection);
  ZAB_CHECK(it != links_.end()) << "not an election connection: " << connection.value;
  return it->second;
}

void ElectionChannels::ConnectAll(const PeerConfig& config, Outbox& out) {
  for (const Member& member : config.voters) {
    if (member.server == config.self) continue;
    const Channel& channel = channels_[member.server];
    if (!channel.up && !channel.connecting) Connect(member.server, out);
  }
}

void ElectionChannels::Connect(ServerId peer, Outbox& out) {
  const ConnectionId connection = out.Connect(peer, Port::kElection);
  links_[connection] = {.state = LinkState::kConnecting, .peer = peer};
  channels_[peer].connecting = connection;
}

void ElectionChannels::OnAccepted(ConnectionId connection, const PeerConfig& config, Outbox& out) {
  links_[connection] = {.state = LinkState::kAwaitingHello};
  out.SetTimer(HandshakeTimer(connection), config.timing.SyncTimeout());
}

// The hello is sent even if a channel has come up meanwhile: the other channel may be half-open,
// which only the larger id can know.  (ZK startConnection.)
void ElectionChannels::OnConnected(ConnectionId connection, const PeerConfig& config, Outbox& out) {
  const ServerId peer = LinkOf(connection).peer;
  out.Send(connection, EncodeHello(config.self, ElectionAddress(config)));
  if (config.self < peer) return Drop(connection, Reason::kReplaced, out);
  Open(connection, peer, out);
}

void ElectionChannels::OnConnectFailed(ConnectionId connection, Outbox& out) {
  Forget(connection, Reason::kConnectFailed, out);  // Only the next send tries again.
}

// A new channel may replace one that broke with an unread message; unless there is a newer message,
// the last one is sent again.  (ZK SendWorker.run.)
void ElectionChannels::Open(ConnectionId connection, ServerId peer, Outbox& out) {
  Channel& channel = channels_[peer];
  if (channel.up) Drop(*channel.up, Reason::kReplaced, out);
  if (channel.connecting == connection) channel.connecting.reset();
  Link& link = LinkOf(connection);
  if (link.state == LinkState::kAwaitingHello) out.CancelTimer(HandshakeTimer(connection));
  link.state = LinkState::kUp;
  link.peer = peer;
  channel.up = connection;
  out.Emit({.probe = Probe::kChannelUp, .peer = peer, .connection = connection.value});
  if (channel.queued) return SendQueued(channel, out);
  if (channel.last_sent) SendLast(channel, out);
}

void ElectionChannels::Drop(ConnectionId connection, Reason why, Outbox& out) {
  Forget(connection, why, out);
  out.Close(connection);
}

void ElectionChannels::Forget(ConnectionId connection, Reason why, Outbox& out) {
  const Link& link = LinkOf(connection);
  const bool was_up = link.state == LinkState::kUp;
  out.Emit({.probe = was_up ? Probe::kChannelDown : Probe::kIgnored,
            .reason = why,
            .peer = link.peer,
            .connection = connection.value});
  if (link.state == LinkState::kAwaitingHello) {
    out.CancelTimer(HandshakeTimer(connection));
  } else {
    Channel& channel = channels_[link.peer];
    if (channel.connecting == connection) channel.connecting.reset();
    if (channel.up == connection) {
      channel.up.reset();
      channel.sending = false;
    }
  }
  links_.erase(connection);
}

void ElectionChannels::OnClosed(ConnectionId connection, Outbox& out) {
  Forget(connection, Reason::kConnectionLost, out);
}

void ElectionChannels::OnHandshakeTimeout(ConnectionId connection, Outbox& out) {
  const auto it = links_.find(connection);
  if (it == links_.end() || it->second.state != LinkState::kAwaitingHello) return;
  Drop(connection, Reason::kReadTimeout, out);
}

// ---- Bytes --------------------------------------------------------------------------------------

bool ElectionChannels::Greet(ConnectionId connection, const PeerConfig& config, Outbox& out) {
  Link& link = LinkOf(connection);
  const auto hello = link.decoder.NextHello();
  if (!hello.ok()) {
    Drop(connection, Reason::kBadBytes, out);
    return false;
  }
  if (!hello->has_value()) return false;
  const ServerId peer = (*hello)->server;
  link.peer = peer;  // For the trace.
  if (!config.IsVoter(peer) || peer == config.self) {
    Drop(connection, Reason::kNotVoter, out);
    return false;
  }
  if (peer > config.self) {
    Open(connection, peer, out);
    return true;
  }
  // A smaller id asks this server to connect.  When it asked it had no channel, so an existing one
  // may be half-open and is dropped too.  A pending attempt is as good as a new one.
  Drop(connection, Reason::kReplaced, out);
  const Channel& channel = channels_[peer];
  if (channel.up) Drop(*channel.up, Reason::kReplaced, out);
  if (!channel.connecting) Connect(peer, out);
  return false;
}

std::vector<ReceivedNotification> ElectionChannels::OnReceived(ConnectionId connection,
                                                               absl::string_view bytes,
                                                               const PeerConfig& config,
                                                               Outbox& out) {
  std::vector<ReceivedNotification> received;
  LinkOf(connection).decoder.Feed(bytes);
  const bool greeting = LinkOf(connection).state == LinkState::kAwaitingHello;
  if (greeting && !Greet(connection, config, out)) return received;
  Link& link = LinkOf(connection);
  const ServerId from = link.peer;
  while (true) {
    const auto frame = link.decoder.Next();
    if (!frame.ok()) {
      Drop(connection, Reason::kBadBytes, out);
      return received;
    }
    if (!frame->has_value()) return received;
    auto notification = DecodeNotification(**frame);
    if (!notification.ok()) {  // The frame was complete, so the connection is still usable.
      out.Emit({.probe = Probe::kIgnored,
                .kind = Kind::kNotificationMessage,
                .reason = Reason::kBadBytes,
                .peer = from,
                .connection = connection.value});
      continue;
    }
    TraceEvent event = Describe(Probe::kMsgDelivered, from, *notification);
    event.connection = connection.value;
    out.Emit(event);
    received.push_back({from, *std::move(notification)});
  }
}

}  // namespace zab
