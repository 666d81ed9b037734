// Connections: opening, carrying packets, closing.
#include "sim/network.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace sim {
namespace {

constexpr zab::Stream kReset("net/reset");

uint8_t Bit(PortNumber port) {
  ZAB_CHECK(port < kPortCount) << "no port " << int{port};
  return static_cast<uint8_t>(1u << port);
}

}  // namespace

void Network::AddNode(const LinkProfile& profile) {
  ZAB_CHECK(connections_.empty()) << "a node added after the first connect";
  machines_.push_back({});
  links_.emplace_back();
  untouched_.profile = profile;
}

const Network::Link& Network::Untouched(LinkId link) const {
  ZAB_CHECK(From(link) < machines_.size() && To(link) < machines_.size() && link.from != link.to)
      << "no link " << link.from.value << " -> " << link.to.value;
  return untouched_;
}

Network::Link& Network::Touch(LinkId link) {
  links_[From(link)].resize(link.to.value, Untouched(link));
  return links_[From(link)][To(link)];
}

const Network::Known* Network::Find(NodeId node, zab::ConnectionId id) const {
  const std::vector<Known>& known = At(node).known;
  const auto found = std::lower_bound(known.begin(), known.end(), id,
                                      [](const Known& k, zab::ConnectionId i) { return k.id < i; });
  return found != known.end() && found->id == id ? &*found : nullptr;
}

LinkId Network::LinkOf(StreamId id) const {
  const Connection& connection = connections_[id.connection];
  return {connection.ends[id.direction].node, connection.ends[1 - id.direction].node};
}

// ---- The table ----------------------------------------------------------------------------------

uint32_t Network::NewConnection() {
  if (free_.empty()) {
    connections_.push_back({});
    return static_cast<uint32_t>(connections_.size() - 1);
  }
  const uint32_t connection = free_.back();
  free_.pop_back();
  return connection;
}

void Network::Learn(End& end, zab::ConnectionId id, StreamId outgoing) {
  std::vector<Known>& known = At(end.node).known;
  const auto place = std::lower_bound(known.begin(), known.end(), id,
                                      [](const Known& k, zab::ConnectionId i) { return k.id < i; });
  ZAB_CHECK(place == known.end() || place->id != id) << "connection id used twice: " << id.value;
  known.insert(place, {id, outgoing});
  end.id = id;
  end.known = true;
}

void Network::Forget(NodeId node, zab::ConnectionId id) {
  const Known* known = Find(node, id);
  if (known == nullptr) return;
  const StreamId outgoing = known->stream;
  Sender(outgoing).known = false;
  std::vector<Known>& all = At(node).known;
  all.erase(all.begin() + (known - all.data()));
  FreeIfUnused(outgoing.connection);
}

// Frees the slot once no machine, process or packet refers to it.
void Network::FreeIfUnused(uint32_t index) {
  Connection& connection = connections_[index];
  if (!connection.in_use) return;
  for (const End& end : connection.ends) {
    if (end.known || IsLive(end.state)) return;
  }
  for (const Stream& stream : connection.streams) {
    if (!stream.packets.empty()) return;
  }
  connection = Connection();
  free_.push_back(index);
}

// ---- What processes do --------------------------------------------------------------------------

void Network::Listen(NodeId node, PortNumber port) {
  At(node).listening = static_cast<uint8_t>(At(node).listening | Bit(port));
}

void Network::Unlisten(NodeId node, PortNumber port) {
  At(node).listening = static_cast<uint8_t>(At(node).listening & ~Bit(port));
}

void Network::Connect(NodeId node, zab::ConnectionId id, NodeId to, PortNumber port,
                      Kernel& kernel) {
  ZAB_CHECK(id.value < zab::ConnectionId::kFirstAccepted);
  for (const LinkId link : {LinkId{node, to}, LinkId{to, node}}) {
    At(link).used = true;
    ArmBreak(link, kernel);
  }
  const StreamId outgoing{.connection = NewConnection()};
  Connection& connection = connections_[outgoing.connection];
  connection.in_use = true;
  connection.port = port;
  connection.ends[0] = {.node = node, .state = EndState::kConnecting};
  connection.ends[1] = {.node = to};
  Learn(connection.ends[0], id, outgoing);
  connection.timeout_seq =
      kernel.Schedule(kernel.now + kConnectTimeout, event::ConnectTimeout{outgoing.connection});
  Push(outgoing, Packet{.kind = PacketKind::kSyn}, kernel);
}

void Network::Send(NodeId node, zab::ConnectionId id, zab::Payload bytes, bool wants_done, Tag tag,
                   Kernel& kernel) {
  const Known* known = Find(node, id);
  if (known == nullptr) return;
  const EndState state = Sender(known->stream).state;
  ZAB_CHECK(state != EndState::kConnecting) << "send before connected: " << id.value;
  if (state != EndState::kOpen) return;
  Count(LinkOf(known->stream), tag, bytes.view().size());
  Push(known->stream, Packet{.wants_done = wants_done, .tag = tag, .bytes = std::move(bytes)},
       kernel);
}

void Network::Count(LinkId link, Tag tag, size_t bytes) {
  std::vector<Traffic>& traffic = At(link).traffic;
  if (traffic.size() <= tag) traffic.resize(size_t{tag} + 1);
  ++traffic[tag].messages;
  traffic[tag].bytes += bytes;
}

void Network::Close(NodeId node, zab::ConnectionId id, Kernel& kernel) {
  const Known* known = Find(node, id);
  if (known == nullptr) return;
  const StreamId outgoing = known->stream;
  End& end = Sender(outgoing);
  if (end.state == EndState::kOpen) {
    end.state = EndState::kClosing;
    Push(outgoing, Packet{.kind = PacketKind::kFin}, kernel);
  } else if (end.state == EndState::kConnecting) {
    SetGone(outgoing);
  }
  Forget(node, id);
}

void Network::Push(StreamId id, Packet packet, Kernel& kernel) {
  Stream& stream = StreamAt(id);
  packet.cause = kernel.causes.OfEffect();
  packet.orphan = stream.severed;
  packet.queued = kernel.now;
  stream.packets.PushBack(std::move(packet));
  Pump(id, kernel);
  NoteQueue(id, kernel.now);
}

// ---- The end of a connection --------------------------------------------------------------------

// The machine forgets its end; unsent data are lost.
void Network::SetGone(StreamId outgoing) {
  Sender(outgoing).state = EndState::kGone;
  DropUnsent(outgoing);
}

// The sender's machine tells the other one that the connection is unknown.
void Network::Reset(StreamId id, Kernel& kernel) {
  if (!IsLive(Receiver(id).state)) return;
  Push(id, Packet{.kind = PacketKind::kReset}, kernel);
}

// The machine learns that its end is dead and notifies the process.
std::optional<Delivery> Network::Lost(StreamId outgoing, Kernel& kernel) {
  const End& end = Sender(outgoing);
  const EndState before = end.state;
  if (!IsLive(before)) return std::nullopt;
  SetGone(outgoing);
  if (!end.known) return std::nullopt;
  const uint64_t cause = kernel.causes.OfEffect();
  if (before == EndState::kConnecting) {
    return Delivery{end.node, cause, input::ConnectFailed{end.id}};
  }
  return Delivery{end.node, cause, input::Closed{end.id}};
}

Network::Outcome Network::On(const event::ConnectTimeout& timeout, uint64_t seq, Kernel& kernel) {
  const Connection& connection = connections_[timeout.connection];
  if (connection.timeout_seq != seq) return {.stale = true};
  if (connection.ends[0].state != EndState::kConnecting) return {.stale = true};
  Outcome outcome{.delivery = Lost({timeout.connection, 0}, kernel)};
  FreeIfUnused(timeout.connection);
  return outcome;
}

// ---- Arrivals -----------------------------------------------------------------------------------

Network::Outcome Network::On(const event::Arrival& arrival, uint64_t seq, Kernel& kernel) {
  const StreamId id = arrival.stream;
  Stream& stream = StreamAt(id);
  if (stream.arrival_seq != seq) return {.stale = true};
  Packet packet = stream.packets.PopFront();
  --stream.on_wire;
  stream.arrival_seq = 0;
  ScheduleArrival(id, kernel);
  Outcome outcome{.delivery = Receive(id, std::move(packet), kernel)};
  FreeIfUnused(id.connection);
  return outcome;
}

std::optional<Delivery> Network::Receive(StreamId id, Packet packet, Kernel& kernel) {
  const bool is_last = packet.kind == PacketKind::kFin || packet.kind == PacketKind::kRefusal;
  if (is_last) Sender(id).state = EndState::kGone;
  if (packet.kind == PacketKind::kReset) return Lost(Reverse(id), kernel);
  End& receiver = Receiver(id);
  if (packet.orphan || receiver.state == EndState::kGone) {
    Reset(Reverse(id), kernel);
    return std::nullopt;
  }
  switch (packet.kind) {
    case PacketKind::kSyn: ReceiveSyn(id, kernel); return std::nullopt;
    case PacketKind::kRefusal: return Lost(Reverse(id), kernel);
    case PacketKind::kSynAck:
      receiver.state = EndState::kOpen;
      Push(Reverse(id), Packet{.kind = PacketKind::kAck}, kernel);
      return Delivery{receiver.node, packet.cause, input::Connected{receiver.id}};
    case PacketKind::kAck: return ReceiveAck(id, kernel);
    case PacketKind::kData:
      // A process that has closed its end no longer reads.
      if (receiver.state != EndState::kOpen) return std::nullopt;
      return Delivery{receiver.node, packet.cause,
                      input::Received{receiver.id, std::move(packet.bytes)}};
    case PacketKind::kFin: return Lost(Reverse(id), kernel);
    case PacketKind::kReset: break;
  }
  return std::nullopt;
}

void Network::ReceiveSyn(StreamId id, Kernel& kernel) {
  const LinkId link = LinkOf(id);
  const zab::Time refuses_until =
      std::max(At(link).refuses_until, At({link.to, link.from}).refuses_until);
  const bool listens = (At(link.to).listening & Bit(connections_[id.connection].port)) != 0;
  const bool refused = !listens || kernel.now < refuses_until;
  Receiver(id).state = EndState::kConnecting;
  const PacketKind answer = refused ? PacketKind::kRefusal : PacketKind::kSynAck;
  Push(Reverse(id), Packet{.kind = answer}, kernel);
}

std::optional<Delivery> Network::ReceiveAck(StreamId id, Kernel& kernel) {
  End& acceptor = Receiver(id);
  Machine& machine = At(acceptor.node);
  const PortNumber port = connections_[id.connection].port;
  if ((machine.listening & Bit(port)) == 0) {  // No longer listening.
    SetGone(Reverse(id));
    Reset(Reverse(id), kernel);
    return std::nullopt;
  }
  acceptor.state = EndState::kOpen;
  Learn(acceptor, {zab::ConnectionId::kFirstAccepted + machine.accepted++}, Reverse(id));
  return Delivery{acceptor.node, kernel.causes.OfEffect(),
                  input::Accepted{acceptor.id, port, Sender(id).node}};
}

// ---- Machines -----------------------------------------------------------------------------------

void Network::ProcessStarted(NodeId node, uint64_t incarnation) {
  Machine& machine = At(node);
  machine.powered = true;
  machine.incarnation = incarnation;
  machine.accepted = 0;
}

void Network::ProcessGone(NodeId node, bool power, const InFlight& in_flight,
                          const Distribution& reset, Kernel& kernel) {
  Machine& machine = At(node);
  machine.listening = 0;
  if (power) machine.powered = false;
  for (const Known& known : machine.known) Sender(known.stream).known = false;
  machine.known.clear();
  ForEachStream([&](StreamId id) {
    if (Sender(id).node == node) EndOf(id, power, in_flight, reset, kernel);
    if (Receiver(id).node == node && power) LoseWire(id, kernel);
  });
  ForEachStream([&](StreamId id) { FreeIfUnused(id.connection); });
}

// The effect of ProcessGone on one connection.
void Network::EndOf(StreamId outgoing, bool power, const InFlight& in_flight,
                    const Distribution& reset, Kernel& kernel) {
  const EndState state = Sender(outgoing).state;
  const bool keeps = in_flight.Keeps(Receiver(outgoing).node);
  if (!keeps) Cease(outgoing, 0);
  if (!IsLive(state)) return;
  // The machine completes the closing of a connection that was closed before.
  if (state == EndState::kClosing && !power && keeps) return;
  if (state == EndState::kOpen && !power) {
    const zab::Duration delay = reset.Next(kReset, EntityOf(LinkOf(outgoing)), kernel.chooser);
    if (delay > zab::Duration{}) {
      Sender(outgoing).state = EndState::kClosing;
      DropUnsent(outgoing);
      StreamAt(outgoing).reset_seq = kernel.Schedule(kernel.now + delay, event::Reset{outgoing});
      return;
    }
  }
  SetGone(outgoing);
  if (!power) Reset(outgoing, kernel);
}

Network::Outcome Network::On(const event::Reset& reset, uint64_t seq, Kernel& kernel) {
  const StreamId outgoing = reset.stream;
  if (StreamAt(outgoing).reset_seq != seq) return {.stale = true};
  StreamAt(outgoing).reset_seq = 0;
  if (!IsLive(Sender(outgoing).state)) return {.stale = true};
  SetGone(outgoing);
  Reset(outgoing, kernel);
  FreeIfUnused(outgoing.connection);
  return {};
}

void Network::SetBandwidth(NodeId node, const NodeBandwidth& bandwidth) {
  At(node).bandwidth = bandwidth;
}

}  // namespace sim
