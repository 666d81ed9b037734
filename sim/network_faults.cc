// Faults of links.
#include <algorithm>

#include "protocol/base/check.h"
#include "sim/network.h"

namespace sim {
namespace {

constexpr zab::Stream kBreak("net/break");
constexpr zab::Stream kBreakTime("net/break-time");

}  // namespace

bool InFlight::Keeps(NodeId to) const {
  switch (policy) {
    case Policy::kKeep: return true;
    case Policy::kDrop: return false;
    case Policy::kOnlyTo: return std::find(only_to.begin(), only_to.end(), to) != only_to.end();
  }
  return true;
}

void Network::SetProfile(LinkId link, const LinkProfile& profile, Kernel& kernel) {
  At(link).profile = profile;
  At(link).break_seq = 0;
  ArmBreak(link, kernel);
}

bool Network::Cut(LinkId link, Kernel& kernel) {
  if (At(link).cuts++ > 0) return false;
  ForEachStreamOn(link, [&](StreamId id) {
    LoseWire(id, kernel);
    FreeIfUnused(id.connection);
  });
  return true;
}

bool Network::Uncut(LinkId link) {
  ZAB_CHECK(At(link).cuts > 0);
  return --At(link).cuts == 0;
}

bool Network::Clog(LinkId link) {
  if (At(link).clogged) return false;
  At(link).clogged = true;
  At(link).pipe.busy_until = {};  // Waiting packets are sent again at the release.
  At(link).waiting.clear();
  ForEachStreamOn(link, [&](StreamId id) {
    StreamAt(id).on_wire = 0;
    Cease(id, StreamAt(id).packets.size());
  });
  return true;
}

bool Network::Release(LinkId link, Kernel& kernel) {
  if (!At(link).clogged) return false;
  At(link).clogged = false;
  ForEachStreamOn(link, [&](StreamId id) {
    Pump(id, kernel);
    FreeIfUnused(id.connection);
  });
  return true;
}

bool Network::Break(LinkId link, Kernel& kernel) {
  bool effective = false;
  for (uint32_t i = 0; i < connections_.size(); ++i) {
    const Connection& connection = connections_[i];
    if (!connection.in_use || connection.streams[0].severed) continue;
    const LinkId forth = LinkOf({i, 0});
    if (forth != link && forth != LinkId{link.to, link.from}) continue;
    for (const End& end : connection.ends) effective = effective || IsLive(end.state);
    Sever({i, 0}, kernel);
    Sever({i, 1}, kernel);
    FreeIfUnused(i);
  }
  return effective;
}

// A random prefix of the packets on the wire or held by a clog is delivered, followed by a reset.
// The sender goes on with the others until it learns of the break: by the reset that answers one of
// them, or after break_after.
void Network::Sever(StreamId id, Kernel& kernel) {
  Stream& stream = StreamAt(id);
  const size_t under_way = At(LinkOf(id)).clogged ? stream.packets.size() : stream.on_wire;
  const size_t kept =
      under_way > 0 ? kernel.chooser.Below(kBreak, EntityOf(LinkOf(id)), under_way + 1) : 0;
  for (size_t i = kept; i < stream.packets.size(); ++i) stream.packets[i].orphan = true;
  Reset(id, kernel);
  stream.severed = true;
}

void Network::DelayNext(LinkId link, std::optional<Tag> tag, zab::Duration by, Kernel& kernel) {
  At(link).fates.push_back({Fate::Kind::kDelay, tag, by, kernel.armed.Arm()});
}

bool Network::DropNext(LinkId link, std::optional<Tag> tag, Kernel& kernel) {
  if (At(link).profile.transport != Transport::kDatagram) return false;
  At(link).fates.push_back({Fate::Kind::kDrop, tag, {}, kernel.armed.Arm()});
  return true;
}

bool Network::DupNext(LinkId link, std::optional<Tag> tag, Kernel& kernel) {
  if (At(link).profile.transport != Transport::kDatagram) return false;
  At(link).fates.push_back({Fate::Kind::kDup, tag, {}, kernel.armed.Arm()});
  return true;
}

bool Network::ForgetFates(LinkId link) {
  const bool any = !At(link).fates.empty();
  At(link).fates.clear();
  return any;
}

std::optional<Network::Fate> Network::TakeFate(Link& link, Fate::Kind kind, const Packet& packet,
                                               Kernel& kernel) {
  const auto found = std::find_if(link.fates.begin(), link.fates.end(), [&](const Fate& fate) {
    return fate.kind == kind && (!fate.tag || *fate.tag == packet.tag);
  });
  if (found == link.fates.end()) return std::nullopt;
  const Fate fate = *found;
  link.fates.erase(found);
  kernel.armed.Strike(fate.armed);
  return fate;
}

// ---- Random breaks of links ---------------------------------------------------------------------

// Draws the time of the next break, if the profile has breaks.
void Network::ArmBreak(LinkId id, Kernel& kernel) {
  Link& link = At(id);
  if (!link.used || !link.profile.breaks || link.break_seq != 0) return;
  const uint64_t bits = kernel.chooser.Bits(kBreakTime, EntityOf(id));
  const zab::Duration after = ExponentialOf(bits, link.profile.breaks->mean_every);
  link.break_seq = kernel.queue.Push(kernel.now + after, Event{event::LinkBreak{id.from, id.to}});
}

Network::Outcome Network::On(const event::LinkBreak& broken, uint64_t seq, Kernel& kernel) {
  const LinkId link{broken.from, broken.to};
  if (At(link).break_seq != seq) return {.stale = true};
  At(link).break_seq = 0;
  At(link).refuses_until = kernel.now + At(link).profile.breaks->reconnect;
  Break(link, kernel);
  ArmBreak(link, kernel);
  return {};
}

}  // namespace sim
