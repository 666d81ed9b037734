// Connections between voters: who may initiate, what is queued, what is sent again.
#include "protocol/election/channels.h"

#include <utility>

namespace zab {
namespace {

TimerId HandshakeTimer(ConnectionId connection) { return {TimerName::kHandshake, connection}; }

const std::string& NameOf(const PeerConfig& config, ServerId server) {
  return config.voters[server.value - size_t{1}].name;
}

}  // namespace

void ElectionChannels::Start(Outbox& out) { out.Listen(Port::kElection); }

void ElectionChannels::Send(ServerId to, const Notification& notification, const PeerConfig& config,
                            Outbox& out) {
  (void)config;
  Channel& channel = channels_[to];
  if (channel.queued) out.Emit({.probe = Probe::kNotificationReplaced, .peer = to});
  channel.queued = notification;
  if (channel.up) {
    SendQueued(to, channel, out);
  } else if (!channel.connecting) {
    Connect(to, out);
  }
}

void ElectionChannels::ConnectAll(const PeerConfig& config, Outbox& out) {
  for (const Member& member : config.voters) {
    if (member.server == config.self) continue;
    const Channel& channel = channels_[member.server];
    if (!channel.up && !channel.connecting) Connect(member.server, out);
  }
}

bool ElectionChannels::HaveDelivered(const PeerConfig& config) const {
  for (const Member& member : config.voters) {
    if (member.server == config.self) continue;
    const auto it = channels_.find(member.server);
    if (it != channels_.end() && !it->second.queued) return true;
  }
  return false;
}

void ElectionChannels::Connect(ServerId peer, Outbox& out) {
  const ConnectionId connection = out.Connect(peer, Port::kElection);
  links_[connection] = {.state = LinkState::kConnecting, .peer = peer};
  channels_[peer].connecting = connection;
}

// One frame at a time: until it has left this end's link the queue of one holds.
void ElectionChannels::SendQueued(ServerId peer, Channel& channel, Outbox& out) {
  if (channel.sending || !channel.queued) return;
  const Notification notification = *std::exchange(channel.queued, std::nullopt);
  channel.last_sent = notification;
  channel.sending = true;
  out.Emit({.probe = Probe::kMsgSent,
            .kind = Kind::kNotificationMessage,
            .peer = peer,
            .epoch = notification.peer_epoch,
            .zxid = notification.zxid.value_or(Zxid{}),
            .number = notification.round,
            .connection = channel.up->value});
  out.Send(*channel.up, Frame(EncodeNotification(notification).view()), /*wants_done=*/true);
}

// ---- Connections --------------------------------------------------------------------------------

void ElectionChannels::OnAccepted(ConnectionId connection, const PeerConfig& config, Outbox& out) {
  links_[connection] = {.state = LinkState::kGreeting};
  out.SetTimer(HandshakeTimer(connection), config.timing.SyncTimeout());
}

// Only connections initiated by the larger id survive: a smaller one says who it is, and closes.
void ElectionChannels::OnConnected(ConnectionId connection, const PeerConfig& config, Outbox& out) {
  const ServerId peer = links_.at(connection).peer;
  out.Send(connection, EncodeHello(config.self, NameOf(config, config.self)));
  if (config.self < peer) {
    channels_[peer].connecting.reset();
    links_.erase(connection);
    return out.Close(connection);
  }
  Open(connection, peer, out);
}

void ElectionChannels::OnConnectFailed(ConnectionId connection, Outbox& out) {
  Forget(connection, Reason::kConnectFailed, out);
}

// The channel is new: an older one is replaced, and with nothing queued the last message is sent again.
void ElectionChannels::Open(ConnectionId connection, ServerId peer, Outbox& out) {
  Channel& channel = channels_[peer];
  if (channel.connecting == connection) channel.connecting.reset();
  if (channel.up) Drop(*channel.up, Reason::kReplaced, out);
  Link& link = links_.at(connection);
  link.state = LinkState::kUp;
  link.peer = peer;
  channel.up = connection;
  channel.sending = false;
  out.Emit({.probe = Probe::kChannelUp, .peer = peer, .connection = connection.value});
  if (!channel.queued) channel.queued = channel.last_sent;
  SendQueued(peer, channel, out);
}

void ElectionChannels::Drop(ConnectionId connection, Reason why, Outbox& out) {
  Forget(connection, why, out);
  out.Close(connection);
}

void ElectionChannels::Forget(ConnectionId connection, Reason why, Outbox& out) {
  const auto it = links_.find(connection);
  if (it == links_.end()) return;
  const Link& link = it->second;
  if (link.state == LinkState::kGreeting) out.CancelTimer(HandshakeTimer(connection));
  if (link.state != LinkState::kGreeting) {
    Channel& channel = channels_[link.peer];
    if (channel.connecting == connection) channel.connecting.reset();
    if (channel.up == connection) {
      channel.up.reset();
      channel.sending = false;
      out.Emit({.probe = Probe::kChannelDown,
                .reason = why,
                .peer = link.peer,
                .connection = connection.value});
    }
  }
  links_.erase(it);
}

void ElectionChannels::OnClosed(ConnectionId connection, Outbox& out) {
  Forget(connection, Reason::kConnectionLost, out);
}

void ElectionChannels::OnHandshakeTimeout(ConnectionId connection, Outbox& out) {
  const auto it = links_.find(connection);
  if (it == links_.end() || it->second.state != LinkState::kGreeting) return;
  Drop(connection, Reason::kReadTimeout, out);
}

void ElectionChannels::OnSendDone(ConnectionId connection, Outbox& out) {
  const ServerId peer = links_.at(connection).peer;
  const auto it = channels_.find(peer);
  if (it == channels_.end() || it->second.up != connection) return;
  it->second.sending = false;
  SendQueued(peer, it->second, out);
}

// ---- Bytes --------------------------------------------------------------------------------------

// False if the link is gone or more bytes are needed.
bool ElectionChannels::Greet(ConnectionId connection, const PeerConfig& config, Outbox& out) {
  const auto hello = links_.at(connection).decoder.NextHello();
  if (!hello.ok()) {
    Drop(connection, Reason::kBadBytes, out);
    return false;
  }
  if (!hello->has_value()) return false;
  const ServerId peer = (*hello)->server;
  out.CancelTimer(HandshakeTimer(connection));
  if (!config.IsVoter(peer) || peer == config.self) {
    out.Emit({.probe = Probe::kIgnored, .reason = Reason::kNotVoter, .peer = peer});
    Drop(connection, Reason::kNotVoter, out);
    return false;
  }
  if (peer < config.self) {  // It has only told us to connect back.
    Drop(connection, Reason::kReplaced, out);
    Channel& channel = channels_[peer];
    if (channel.up) Drop(*channel.up, Reason::kReplaced, out);
    if (!channel.connecting) Connect(peer, out);
    return false;
  }
  Open(connection, peer, out);
  return true;
}

std::vector<ReceivedNotification> ElectionChannels::OnReceived(ConnectionId connection,
                                                               absl::string_view bytes,
                                                               const PeerConfig& config,
                                                               Outbox& out) {
  std::vector<ReceivedNotification> received;
  Link& link = links_.at(connection);
  link.decoder.Feed(bytes);
  if (link.state == LinkState::kGreeting && !Greet(connection, config, out)) return received;
  while (true) {
    const auto frame = links_.at(connection).decoder.Next();
    if (!frame.ok()) {
      Drop(connection, Reason::kBadBytes, out);
      return received;
    }
    if (!frame->has_value()) return received;
    const ServerId from = links_.at(connection).peer;
    auto notification = DecodeNotification(**frame);
    if (!notification.ok()) {
      out.Emit({.probe = Probe::kIgnored,
                .kind = Kind::kNotificationMessage,
                .reason = Reason::kBadBytes,
                .peer = from});
      continue;
    }
    out.Emit({.probe = Probe::kMsgDelivered,
              .kind = Kind::kNotificationMessage,
              .peer = from,
              .epoch = notification->peer_epoch,
              .zxid = notification->zxid.value_or(Zxid{}),
              .number = notification->round,
              .connection = connection.value});
    received.push_back({from, *std::move(notification)});
  }
}

}  // namespace zab
