// Datagrams: data of processes may be lost, duplicated and reordered.
#include <algorithm>
#include <utility>

#include "sim/network.h"

namespace sim {
namespace {

constexpr zab::Stream kDup("net/dup");
constexpr zab::Stream kReorder("net/reorder");

}  // namespace

bool Network::IsDatagram(LinkId link, const Packet& packet) const {
  return At(link).profile.transport == Transport::kDatagram && packet.kind == PacketKind::kData;
}

// The first packet that is not on the wire leaves or is lost permanently.
void Network::SendDatagram(StreamId id, Kernel& kernel) {
  const LinkId link_id = LinkOf(id);
  const zab::Entity entity = EntityOf(link_id);
  Link& link = At(link_id);
  Stream& stream = StreamAt(id);
  Packet packet = stream.packets.Take(stream.on_wire);
  const bool dropped = TakeFate(link, Fate::Kind::kDrop, packet, kernel).has_value();
  if (dropped || !Passes(link_id, kernel)) return TellDone(id, packet, kernel.now, kernel);
  const zab::Time out = Transmit(link_id, packet, kernel.now);
  NoteTransmitted(link, packet, out);
  TellDone(id, packet, out, kernel);
  const auto arrival = [&] {
    return out + link.profile.latency.Next(kLatency, entity, kernel.chooser);
  };
  packet.sent = kernel.now;
  packet.arrival = arrival();
  packet.late = kernel.chooser.Chance(kReorder, entity, link.profile.reorder);
  if (packet.late) packet.arrival = packet.arrival + (arrival() - out);
  if (const auto fate = TakeFate(link, Fate::Kind::kDelay, packet, kernel)) {
    packet.late = true;
    packet.arrival = packet.arrival + fate->by;
  }
  const bool told_twice = TakeFate(link, Fate::Kind::kDup, packet, kernel).has_value();
  const bool twice = kernel.chooser.Chance(kDup, entity, link.profile.dup) || told_twice;
  std::optional<Packet> copy;
  if (twice) copy = packet;
  PutOnWire(id, std::move(packet), kernel);
  if (!copy) return;
  copy->late = true;
  copy->arrival = arrival();
  PutOnWire(id, std::move(*copy), kernel);
}

// Inserts it after all packets that arrive no later.  Packets that are not late keep their order.
void Network::PutOnWire(StreamId id, Packet packet, Kernel& kernel) {
  Stream& stream = StreamAt(id);
  size_t place = stream.on_wire;
  for (size_t i = stream.on_wire; i-- > 0 && !packet.late;) {
    if (stream.packets[i].late) continue;
    packet.arrival = std::max(packet.arrival, stream.packets[i].arrival);
    break;
  }
  while (place > 0 && stream.packets[place - 1].arrival > packet.arrival) --place;
  packet.seq = kernel.queue.ReserveSeq();
  stream.packets.Insert(place, std::move(packet));
  ++stream.on_wire;
  if (place > 0) return;
  // The previous first packet is scheduled again when it becomes first.
  if (stream.on_wire > 1) stream.packets[1].seq = kernel.queue.ReserveSeq();
  ScheduleArrival(id, kernel);
}

}  // namespace sim
