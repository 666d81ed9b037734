// One small update per record; fingerprints are taken only at steps of the protocol, not at each
// write.
#include "scenarios/runner/search/state_watch.h"

#include <algorithm>
#include <bitset>
#include <numeric>
#include <string>
#include <utility>

#include "protocol/base/hash.h"

namespace scenario {
namespace {

constexpr size_t kMostInFlight = 3;

/// Whether a fingerprint is taken after this probe.  Other probes only change the state.
bool IsStep(Probe probe) {
  static constexpr Probe kSteps[] = {
      Probe::kElected,        Probe::kLooking,       Probe::kPhaseChanged,   Probe::kSyncDecided,
      Probe::kNewLeaderAcked, Probe::kEstablished,   Probe::kQuorumLost,     Probe::kUpToDate,
      Probe::kTruncated,      Probe::kSnapInstalled, Probe::kEpochPersisted, Probe::kSnapshotBegin,
      Probe::kSnapshotEnd,    Probe::kRecovered,     Probe::kCrashed,        Probe::kRestarted,
      Probe::kPaused,         Probe::kResumed,       Probe::kHalted,         Probe::kAbandoned};
  static const std::bitset<kProbeCount> kSet = [] {
    std::bitset<kProbeCount> set;
    for (const Probe step : kSteps) set.set(static_cast<size_t>(step));
    return set;
  }();
  return kSet.test(static_cast<size_t>(probe));
}

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

}  // namespace

StateWatch::StateWatch(size_t servers) : servers_(servers), links_(servers * servers) {}

StateWatch::Server* StateWatch::Find(sim::NodeId node) {
  if (node.value == 0 || node.value > servers_.size()) return nullptr;
  return &servers_[node.value - size_t{1}];
}

void StateWatch::OnRecord(const Record& record) {
  Server* const server = Find(record.node);
  if (server == nullptr) return;
  const Probe probe = record.event.probe;
  if (probe == Probe::kMsgSent || probe == Probe::kMsgDelivered || probe == Probe::kChannelUp ||
      probe == Probe::kChannelDown) {
    return OnMessage(record);
  }
  if (probe == Probe::kIgnored || probe == Probe::kAbandoned || probe == Probe::kHalted ||
      probe == Probe::kLooking) {
    Meet(*server, record.event.kind, record.event.reason);
  }
  Change(*server, record);
  if (IsStep(probe)) Take();
}

void StateWatch::Change(Server& server, const Record& record) {
  const TraceEvent& event = record.event;
  const Probe probe = event.probe;
  if (probe == Probe::kElected) {
    server.role = event.kind;
  } else if (probe == Probe::kLooking || probe == Probe::kAbandoned) {
    server.role = Kind::kLooking;
  } else if (probe == Probe::kPhaseChanged) {
    server.phase = event.kind;
  } else if (probe == Probe::kEpochPersisted) {
    server.epoch = std::max(server.epoch, event.epoch.value);
  } else if (probe == Probe::kCrashed || probe == Probe::kHalted) {
    server = {.epoch = server.epoch, .life = Life::kDown};
    CloseAll(record.node.value - size_t{1});
  } else if (probe == Probe::kPaused) {
    server.life = Life::kPaused;
  } else if (probe == Probe::kResumed || probe == Probe::kRestarted) {
    server.life = Life::kUp;
  } else {
    ChangeHistory(server, probe);
  }
}

void StateWatch::ChangeHistory(Server& server, Probe probe) {
  if (probe == Probe::kLogged) {
    ++server.undelivered;
    server.synced = false;
  } else if (probe == Probe::kSynced) {
    server.synced = true;
  } else if (probe == Probe::kDelivered) {
    server.undelivered -= std::min(server.undelivered, 1u);
  } else if (probe == Probe::kTruncated || probe == Probe::kSnapInstalled ||
             probe == Probe::kRecovered) {
    server.undelivered = 0;
  } else if (probe == Probe::kSnapshotBegin || probe == Probe::kSnapshotEnd) {
    server.snapshot = probe == Probe::kSnapshotBegin;
  }
}

void StateWatch::OnMessage(const Record& record) {
  const TraceEvent& event = record.event;
  if (event.peer.value == 0 || event.peer.value > servers_.size()) return;
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
    Meet(servers_[self], event.kind, zab::Reason::kNone);
  }
}

void StateWatch::Meet(const Server& server, Kind message, zab::Reason reason) {
  encounters_.insert({server.role, server.phase, message, reason});
}

void StateWatch::CloseAll(size_t server) {
  for (size_t other = 0; other < servers_.size(); ++other) {
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
  uint32_t newest = 0;
  for (const Server& server : servers_) newest = std::max(newest, server.epoch);
  std::vector<std::string> parts(servers_.size());
  for (size_t i = 0; i < servers_.size(); ++i) {
    const Server& server = servers_[i];
    Append(parts[i], static_cast<uint8_t>(server.role));
    Append(parts[i], static_cast<uint8_t>(server.phase));
    Append(parts[i], static_cast<uint8_t>(std::min(newest - server.epoch, 3u)));
    Append(parts[i], static_cast<uint8_t>(std::min(server.undelivered, 3u)));
    Append(parts[i], static_cast<uint8_t>((server.synced ? 1 : 0) | (server.snapshot ? 2 : 0)));
    Append(parts[i], static_cast<uint8_t>(server.life));
  }
  std::vector<size_t> order(servers_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return std::pair(absl::string_view(parts[i]), i); });
  std::string bytes;
  for (const size_t i : order) bytes += parts[i];
  for (const size_t from : order) {
    for (const size_t to : order) {
      const Link& link = links_[from * servers_.size() + to];
      Append(bytes, link.open ? 1 : 0);
      AppendInFlight(link.in_flight, bytes);
    }
  }
  return zab::Hash64Of(bytes);
}

}  // namespace scenario
