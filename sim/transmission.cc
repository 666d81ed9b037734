// The sending side of streams: attempts, losses, retransmission, the wire.
#include <algorithm>
#include <string>
#include <utility>

#include "protocol/base/check.h"
#include "sim/network.h"

namespace sim {
namespace {

constexpr zab::Stream kLoss("net/loss");

zab::Duration RetransmissionAfter(uint32_t failures, zab::Duration most) {
  zab::Duration wait = kFirstRetransmission;
  for (uint32_t i = 1; i < failures && wait < most; ++i) wait = wait * 2;
  return std::min(wait, most);
}

}  // namespace

zab::Entity EntityOf(LinkId link) {
  return {uint64_t{link.from.value} * 65536 + link.to.value};
}

// Sends what can be sent.
void Network::Pump(StreamId id, Kernel& kernel) {
  Stream& stream = StreamAt(id);
  if (stream.retry_seq != 0 || stream.space_seq != 0) return;
  while (stream.on_wire < stream.packets.size()) {
    const LinkId link = LinkOf(id);
    if (At(link).clogged) return;
    if (IsDatagram(link, stream.packets[stream.on_wire])) {
      SendDatagram(id, kernel);
      continue;
    }
    const Packet& next = stream.packets[stream.on_wire];
    if (next.begin > 0 || next.bytes.size() > kSegmentSize) NextSegment(id);
    if (WaitsForSpace(id, kernel)) return;
    if (Passes(link, kernel)) {
      stream.failures = 0;
      Depart(id, kernel);
      continue;
    }
    const bool is_reset = stream.packets[stream.on_wire].kind == PacketKind::kReset;
    if (is_reset || Sender(id).state == EndState::kGone) {
      GiveUp(id);
      continue;
    }
    if (stream.failures == 0) stream.since = kernel.now;
    ++stream.failures;
    ScheduleRetry(id, kernel.now, kernel);
    return;
  }
}

// Makes the first packet that is not on the wire one segment: on a link with a bandwidth a longer
// message is cut, elsewhere what is left of one becomes whole.
void Network::NextSegment(StreamId id) {
  Stream& stream = StreamAt(id);
  Packet& packet = stream.packets[stream.on_wire];
  const absl::string_view rest = packet.bytes.view().substr(packet.begin);
  if (IsNarrow(LinkOf(id)) && rest.size() > kSegmentSize) {
    Packet segment = packet;
    segment.wants_done = false;
    segment.bytes = zab::Payload(std::string(rest.substr(0, kSegmentSize)));
    segment.begin = 0;
    segment.partial = true;
    packet.begin += kSegmentSize;
    packet.continues = true;
    stream.packets.Insert(stream.on_wire, std::move(segment));
  } else if (packet.begin > 0) {
    packet.bytes = zab::Payload(std::string(rest));
    packet.begin = 0;
  }
}

// Whether the first packet that is not on the wire does not fit into the send buffer; if so, it
// leaves as soon as it does.
bool Network::WaitsForSpace(StreamId id, Kernel& kernel) {
  Stream& stream = StreamAt(id);
  const Packet& next = stream.packets[stream.on_wire];
  if (next.kind != PacketKind::kData) return false;
  size_t used = next.bytes.size();
  for (size_t i = stream.on_wire; i-- > 0 && stream.packets[i].out > kernel.now;) {
    used += stream.packets[i].bytes.size();
    if (used <= kSendBuffer) continue;
    const zab::Time room = stream.packets[i].out;
    stream.space_seq = kernel.queue.Push(room, Event{event::Space{id}, next.cause});
    return true;
  }
  return false;
}

Network::Outcome Network::On(const event::Space& space, uint64_t seq, Kernel& kernel) {
  Stream& stream = StreamAt(space.stream);
  if (stream.space_seq != seq) return {.stale = true};
  stream.space_seq = 0;
  Pump(space.stream, kernel);
  FreeIfUnused(space.stream.connection);
  return {};
}

// The first packet that is not on the wire is lost and not sent again.  All data after it are lost
// too, since otherwise the stream would have a gap; a reset after it may still arrive.
void Network::GiveUp(StreamId id) {
  Stream& stream = StreamAt(id);
  if (stream.packets[stream.on_wire].kind == PacketKind::kReset) {
    return stream.packets.Erase(stream.on_wire);
  }
  for (size_t i = stream.packets.size(); i-- > stream.on_wire;) {
    if (stream.packets[i].kind != PacketKind::kReset) stream.packets.Erase(i);
  }
}

// One attempt to send over the link.
bool Network::Passes(LinkId link, Kernel& kernel) {
  if (At(link).cuts > 0 || !At(link.to).powered) return false;
  if (At(link).profile.bandwidth && Overflows(At(link), kernel.now)) return false;
  return !kernel.chooser.Chance(kLoss, EntityOf(link), At(link).profile.loss);
}

// Whether the queue for the bandwidth is full.
bool Network::Overflows(Link& link, zab::Time now) {
  if (!link.profile.queue) return false;
  const auto first = std::upper_bound(link.waiting.begin(), link.waiting.end(), now);
  link.waiting.erase(link.waiting.begin(), first);
  return link.waiting.size() >= *link.profile.queue;
}

bool Network::IsNarrow(LinkId link) const {
  return At(link).profile.bandwidth || At(link.from).bandwidth.egress ||
         At(link.to).bandwidth.ingress;
}

// Rounds the time up.
zab::Time Network::Pipe::Pass(std::optional<int64_t> bandwidth, const Packet& packet,
                              zab::Time from) {
  if (!bandwidth) return from;
  const int64_t bytes = static_cast<int64_t>(packet.bytes.size()) + kHeaderSize;
  constexpr int64_t kSecond = zab::Seconds(1).nanoseconds;
  busy_until = std::max(from, busy_until) +
               zab::Nanoseconds((bytes * kSecond + *bandwidth - 1) / *bandwidth);
  return busy_until;
}

// Transmits after everything that has left before; returns when the last byte is through.
zab::Time Network::Transmit(LinkId id, const Packet& packet, zab::Time now) {
  Link& link = At(id);
  Machine& from = At(id.from);
  Machine& to = At(id.to);
  const zab::Time sent = from.egress.Pass(from.bandwidth.egress, packet, now);
  const zab::Time begin = std::max(sent, link.pipe.busy_until);
  if (link.profile.bandwidth && link.profile.queue && begin > now) link.waiting.push_back(begin);
  const zab::Time through = link.pipe.Pass(link.profile.bandwidth, packet, sent);
  return to.ingress.Pass(to.bandwidth.ingress, packet, through);
}

// The first packet that is not on the wire leaves.
void Network::Depart(StreamId id, Kernel& kernel) {
  const LinkId link_id = LinkOf(id);
  Link& link = At(link_id);
  Stream& stream = StreamAt(id);
  Packet& packet = stream.packets[stream.on_wire];
  zab::Duration latency = link.profile.latency.Next(kLatency, EntityOf(link_id), kernel.chooser);
  if (!link.fates.empty() && packet.kind == PacketKind::kData && !packet.continues) {
    if (const auto fate = TakeFate(link, Fate::Kind::kDelay, packet, kernel))
      latency = latency + fate->by;
  }
  const zab::Time out = Transmit(link_id, packet, kernel.now);
  NoteTransmitted(link, packet, out);
  packet.sent = kernel.now;
  packet.out = out;
  packet.arrival = out + latency;
  if (stream.on_wire > 0) {
    packet.arrival = std::max(packet.arrival, stream.packets[stream.on_wire - 1].arrival);
  }
  packet.seq = kernel.queue.ReserveSeq();
  ++stream.on_wire;
  if (stream.on_wire == 1) ScheduleArrival(id, kernel);
  TellDone(id, packet, out, kernel);
}

// How many messages of the stream wait to be transmitted.
void Network::NoteQueue(StreamId id, zab::Time now) {
  const Stream& stream = StreamAt(id);
  uint64_t length = stream.packets.size() - stream.on_wire;
  for (size_t i = stream.on_wire; i-- > 0 && stream.packets[i].out > now;) {
    if (!stream.packets[i].partial) ++length;
  }
  if (length > 0) At(LinkOf(id)).use.queue.OnEnter(length);
}

// The packet's last byte leaves at `out`.  If it is lost on the wire, it waits again from then on.
void Network::NoteTransmitted(Link& link, Packet& packet, zab::Time out) {
  if (packet.kind != PacketKind::kData || packet.partial) return;
  link.use.queue.OnLeave(out - packet.queued);
  packet.queued = out;
}

// The packet's last byte leaves at `out`.
void Network::TellDone(StreamId id, Packet& packet, zab::Time out, Kernel& kernel) {
  if (!std::exchange(packet.wants_done, false)) return;
  const End& sender = Sender(id);
  if (!sender.known) return;  // A clog may have held it beyond the life of its process.
  kernel.queue.Push(out, Event{event::SendDone{sender.node, sender.id, At(sender.node).incarnation},
                               packet.cause});
}

// Only the first packet on the wire is in the event queue; the others keep their reserved position.
void Network::ScheduleArrival(StreamId id, Kernel& kernel) {
  Stream& stream = StreamAt(id);
  if (stream.on_wire == 0) return;
  const Packet& first = stream.packets[0];
  stream.arrival_seq = first.seq;
  kernel.queue.Push(EventOrder{first.arrival, first.seq}, Event{event::Arrival{id}, first.cause});
}

// After a failure at `failed`: schedules a retry or breaks.
void Network::ScheduleRetry(StreamId id, zab::Time failed, Kernel& kernel) {
  Stream& stream = StreamAt(id);
  const LinkProfile& profile = At(LinkOf(id)).profile;
  const zab::Time next = failed + RetransmissionAfter(stream.failures, profile.rto_max);
  const zab::Time at = std::min(next, stream.since + profile.break_after);
  const uint64_t cause = stream.packets[stream.on_wire].cause;
  stream.retry_seq = kernel.queue.Push(std::max(at, kernel.now), Event{event::Retry{id}, cause});
}

Network::Outcome Network::On(const event::Retry& retry, uint64_t seq, Kernel& kernel) {
  const StreamId id = retry.stream;
  Stream& stream = StreamAt(id);
  if (stream.retry_seq != seq) return {.stale = true};
  stream.retry_seq = 0;
  Outcome outcome;
  if (kernel.now >= stream.since + At(LinkOf(id)).profile.break_after) {
    outcome.delivery = Lost(id, kernel);
    Reset(id, kernel);
  } else {
    ++At(LinkOf(id)).use.retransmissions;
    Pump(id, kernel);
  }
  FreeIfUnused(id.connection);
  return outcome;
}

// Packets on the wire do not arrive: each of these attempts has failed.
void Network::LoseWire(StreamId id, Kernel& kernel) {
  Stream& stream = StreamAt(id);
  if (stream.on_wire == 0) return;
  if (Sender(id).state == EndState::kGone) return Cease(id, 0);
  for (size_t i = stream.on_wire; i-- > 0;) {
    const bool repeated =
        stream.packets[i].kind != PacketKind::kReset && !IsDatagram(LinkOf(id), stream.packets[i]);
    if (repeated) continue;
    stream.packets.Erase(i);
    --stream.on_wire;
  }
  stream.arrival_seq = 0;
  if (stream.on_wire == 0) return;
  stream.on_wire = 0;
  stream.space_seq = 0;
  stream.since = stream.packets[0].sent;
  stream.failures = 1;
  ScheduleRetry(id, stream.since, kernel);
}

// The sender's machine sends nothing more.  Packets held by a clogged link have already left it.
void Network::DropUnsent(StreamId id) {
  const Stream& stream = StreamAt(id);
  Cease(id, At(LinkOf(id)).clogged ? stream.packets.size() : stream.on_wire);
}

// Stops all attempts and keeps only the first `kept` packets.
void Network::Cease(StreamId id, size_t kept) {
  Stream& stream = StreamAt(id);
  stream.packets.Truncate(kept);
  stream.on_wire = std::min(stream.on_wire, kept);
  if (stream.on_wire == 0) stream.arrival_seq = 0;
  stream.retry_seq = 0;
  stream.space_seq = 0;
  stream.failures = 0;
}

}  // namespace sim
