// Fingerprints are taken only at steps of the protocol, not at each
// write.
#include "scenarios/runner/search/state_watch.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "protocol/base/hash.h"
#include "scenarios/runner/language/probe_table.h"

namespace scenario {
namespace {

constexpr size_t kMostInFlight = 3;

/// Whether the fingerprint includes this message in flight.  Messages that are sent all the time or
/// with each client request would only multiply the states.
bool IsShown(Kind message) {
  return message != Kind::kPingMessage && message != Kind::kNotificationMessage &&
         message != Kind::kRequestMessage && message != Kind::kSyncMessage;
}

void Append(std::string& out, uint8_t byte) {
  out.push_back(static_cast<char>(byte));
}

/// The first few kinds in order; equal ones in a row count as one.
void AppendInFlight(const std::vector<Kind>& in_flight, std::string& out) {
  Kind last = Kind::kNone;
  size_t shown = 0;
  for (const Kind kind : in_flight) {
    if (kind == last) continue;
    if (shown++ == kMostInFlight) return;
    Append(out, static_cast<uint8_t>(kind));
    last = kind;
  }
}

// A server that is down counts as one that has just started and looks for a leader.

Kind RoleIn(const ServerState& server) {
  switch (server.role) {
    case Role::kFollowing: return Kind::kFollowing;
    case Role::kLeading: return Kind::kLeading;
    case Role::kLooking:
    case Role::kDown: break;
  }
  return Kind::kLooking;
}

Kind PhaseIn(const ServerState& server) {
  return server.phase == Kind::kNone ? Kind::kElection : server.phase;
}

/// What a fingerprint tells of a server.  `newest`: the newest epoch of all servers.
std::string PartOf(const ServerState& server, uint32_t newest) {
  const int life = !server.up() ? 2 : server.paused ? 1 : 0;
  std::string part;
  Append(part, static_cast<uint8_t>(RoleIn(server)));
  Append(part, static_cast<uint8_t>(PhaseIn(server)));
  Append(part, static_cast<uint8_t>(std::min(newest - server.newest_epoch.value, 3u)));
  Append(part, static_cast<uint8_t>(std::min(server.undelivered, 3u)));
  Append(part, static_cast<uint8_t>((server.unsynced ? 0 : 1) | (server.takes_snapshot ? 2 : 0)));
  Append(part, static_cast<uint8_t>(life));
  return part;
}

}  // namespace

StateWatch::StateWatch(size_t servers) : cluster_(servers), links_(servers * servers) {}

void StateWatch::OnRecord(const Record& record) {
  if (!IsServer(record.node.value)) return;
  const Probe probe = record.event.probe;
  const size_t server = record.node.value - size_t{1};
  if (record.event.reason != zab::Reason::kNone) {
    Meet(cluster_.servers()[server], record.event.kind, record.event.reason);
  }
  if (probe == Probe::kMsgSent || probe == Probe::kMsgDelivered || probe == Probe::kChannelUp ||
      probe == Probe::kChannelDown) {
    return OnMessage(record);
  }
  cluster_.OnRecord(record);
  if (probe == Probe::kCrashed || probe == Probe::kHalted) CloseAll(server);
  if (RowOf(probe).step) Take();
}

void StateWatch::OnMessage(const Record& record) {
  const TraceEvent& event = record.event;
  if (!IsServer(event.peer.value)) return;
  const size_t self = record.node.value - size_t{1};
  const size_t peer = event.peer.value - size_t{1};
  if (event.probe == Probe::kChannelUp) {
    LinkBetween(self, peer).open = true;
  } else if (event.probe == Probe::kChannelDown) {
    LinkBetween(self, peer) = {};
  } else if (event.probe == Probe::kMsgSent) {
    if (IsShown(event.kind)) LinkBetween(self, peer).in_flight.push_back(event.kind);
  } else {
    std::vector<Kind>& in_flight = LinkBetween(peer, self).in_flight;
    const auto found = std::ranges::find(in_flight, event.kind);
    if (found != in_flight.end()) in_flight.erase(in_flight.begin(), found + 1);
    Meet(cluster_.servers()[self], event.kind, zab::Reason::kNone);
  }
}

void StateWatch::Meet(const ServerState& server, Kind message, zab::Reason reason) {
  encounters_.insert({RoleIn(server), PhaseIn(server), message, reason});
}

void StateWatch::CloseAll(size_t server) {
  for (size_t other = 0; other < cluster_.servers().size(); ++other) {
    LinkBetween(server, other) = {};
    LinkBetween(other, server) = {};
  }
}

void StateWatch::Take() {
  const uint64_t state = Fingerprint();
  if (state % kOneStateIn != 0 || !seen_.insert(state).second) return;
  states_.push_back(state);
}

uint64_t StateWatch::Fingerprint() const {
  const std::vector<ServerState>& servers = cluster_.servers();
  uint32_t newest = 0;
  for (const ServerState& server : servers) newest = std::max(newest, server.newest_epoch.value);
  std::vector<std::string> parts;
  parts.reserve(servers.size());
  for (const ServerState& server : servers) parts.push_back(PartOf(server, newest));
  std::vector<size_t> order(servers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return std::pair(absl::string_view(parts[i]), i); });
  std::string bytes;
  for (const size_t i : order) bytes += parts[i];
  for (const size_t from : order) {
    for (const size_t to : order) {
      const Link& link = links_[from * servers.size() + to];
      Append(bytes, link.open ? 1 : 0);
      AppendInFlight(link.in_flight, bytes);
    }
  }
  return zab::Hash64Of(bytes);
}

}  // namespace scenario
