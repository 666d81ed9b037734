// One function for each kind of change, in the order of tools/viewer/state.mjs.
#include "tools/zabsim/playback/replayed_state.h"

#include <algorithm>

namespace zabsim {
namespace {

constexpr size_t kKeyframeEvery = 512;

void AppendZxid(ReplayedServer& server, zab::Zxid zxid) {
  if (zxid <= server.last()) return;
  if (!server.log.empty() && server.log.back().last.Next() == zxid) {
    server.log.back().last = zxid;
  } else {
    server.log.push_back({zxid, zxid});
  }
}

/// Forgets what lies behind zxid.
void CutHistoryBack(ReplayedServer& server, zab::Zxid zxid) {
  while (!server.log.empty() && server.log.back().last > zxid) {
    scenario::ZxidRange& range = server.log.back();
    if (range.first <= zxid) {
      range.last = zxid;
      break;
    }
    server.log.pop_back();
  }
  server.base = std::min(server.base, zxid);
  server.synced = std::min(server.synced, zxid);
}

/// The whole history is that up to zxid, and nothing more is known of it.
void ReplaceHistory(ReplayedServer& server, zab::Zxid zxid) {
  server.base = zxid;
  server.log.clear();
  server.synced = zxid;
}

void LookForLeader(ReplayedServer& server) {
  server.role = ReplayedRole::kLooking;
  server.leader = {};
  server.serving = false;
}

void EndLife(ReplayedServer& server) {
  server.role = ReplayedRole::kDown;
  server.paused = false;
  server.phase = zab::Kind::kNone;
  server.leader = {};
  server.serving = false;
}

void BeginLife(ReplayedServer& server) {
  server.delivered = {};
  server.committed = {};
  LookForLeader(server);
}

void RestoreHistory(ReplayedServer& server, const zab::TraceEvent& event) {
  server.damaged = event.kind == zab::Kind::kDamaged;
  CutHistoryBack(server, event.zxid);
  if (server.last() < event.zxid) ReplaceHistory(server, event.zxid);
  server.synced = event.zxid;
  server.current = event.epoch;
}

void BecomeElected(ReplayedServer& server, const zab::TraceEvent& event) {
  const bool leads = event.kind == zab::Kind::kLeading;
  server.role = leads ? ReplayedRole::kLeading : ReplayedRole::kFollowing;
  server.leader = event.peer;
}

void PersistEpoch(ReplayedServer& server, const zab::TraceEvent& event) {
  (event.kind == zab::Kind::kAccepted ? server.accepted : server.current) = event.epoch;
}

void BeginToServe(ReplayedServer& server, const zab::TraceEvent& event) {
  server.serving = true;
  server.delivered = event.zxid;
}

void InstallSnapshot(ReplayedServer& server, const zab::TraceEvent& event) {
  ReplaceHistory(server, event.zxid);
  server.damaged = false;
}

/// An empty disk has neither history nor epochs.  What other damage has done to a history shows
/// when it is next read.
void LoseDisk(ReplayedServer& server, const zab::TraceEvent& event) {
  if (event.kind != zab::Kind::kWiped) return;
  ReplaceHistory(server, {});
  server.damaged = false;
  server.accepted = {};
  server.current = {};
}

/// What an event of a server changes in it.
struct ReplayChange {
  zab::Probe on;
  void (*apply)(ReplayedServer& server, const zab::TraceEvent& event);
};

constexpr ReplayChange kReplayChanges[] = {
    {zab::Probe::kLooking, [](ReplayedServer& s, const zab::TraceEvent&) { LookForLeader(s); }},
    {zab::Probe::kAbandoned, [](ReplayedServer& s, const zab::TraceEvent&) { LookForLeader(s); }},
    {zab::Probe::kElected, BecomeElected},
    {zab::Probe::kPhaseChanged,
     [](ReplayedServer& s, const zab::TraceEvent& e) { s.phase = e.kind; }},
    {zab::Probe::kEpochPersisted, PersistEpoch},
    {zab::Probe::kServing, BeginToServe},
    {zab::Probe::kLogged,
     [](ReplayedServer& s, const zab::TraceEvent& e) { AppendZxid(s, e.zxid); }},
    {zab::Probe::kSynced, [](ReplayedServer& s, const zab::TraceEvent& e) { s.synced = e.zxid; }},
    {zab::Probe::kDelivered,
     [](ReplayedServer& s, const zab::TraceEvent& e) { s.delivered = e.zxid; }},
    {zab::Probe::kCommitted,
     [](ReplayedServer& s, const zab::TraceEvent& e) { s.committed = e.zxid; }},
    {zab::Probe::kTruncated,
     [](ReplayedServer& s, const zab::TraceEvent& e) { CutHistoryBack(s, e.zxid); }},
    {zab::Probe::kSnapInstalled, InstallSnapshot},
    {zab::Probe::kRecovered, RestoreHistory},
    {zab::Probe::kDiskCorrupted, LoseDisk},
    {zab::Probe::kCrashed, [](ReplayedServer& s, const zab::TraceEvent&) { EndLife(s); }},
    {zab::Probe::kHalted, [](ReplayedServer& s, const zab::TraceEvent&) { EndLife(s); }},
    {zab::Probe::kRestarted, [](ReplayedServer& s, const zab::TraceEvent&) { BeginLife(s); }},
    {zab::Probe::kPaused, [](ReplayedServer& s, const zab::TraceEvent&) { s.paused = true; }},
    {zab::Probe::kResumed, [](ReplayedServer& s, const zab::TraceEvent&) { s.paused = false; }},
};

}  // namespace

LogEntry ReplayedServer::EntryOf(zab::Zxid zxid) const {
  if (zxid <= base) return LogEntry::kBase;
  const bool has = std::ranges::any_of(log, [zxid](const scenario::ZxidRange& range) {
    return range.first <= zxid && zxid <= range.last;
  });
  if (!has) return LogEntry::kAbsent;
  return zxid <= synced ? LogEntry::kSynced : LogEntry::kVolatile;
}

void ReplayedState::Apply(const sim::Record& record) {
  const zab::TraceEvent& event = record.event;
  const std::pair link{record.node.value, event.peer.value};
  if (event.probe == zab::Probe::kCut) ++links[link].cuts;
  if (event.probe == zab::Probe::kHealed) links[link].cuts = std::max(0, links[link].cuts - 1);
  if (event.probe == zab::Probe::kClogged) links[link].clogged = true;
  if (event.probe == zab::Probe::kReleased) links[link].clogged = false;
  if (event.probe == zab::Probe::kCommitted) committed = std::max(committed, event.zxid);
  const size_t server = record.node.value;
  if (server < 1 || server > servers.size()) return;
  const auto* const change = std::ranges::find(kReplayChanges, event.probe, &ReplayChange::on);
  if (change != std::end(kReplayChanges)) change->apply(servers[server - 1], event);
}

ReplayedStates::ReplayedStates(const WatchedRun& run) : run_(run) {
  state_.servers.resize(run.server_count());
  for (; next_ < run.count(); ++next_) {
    if (next_ % kKeyframeEvery == 0) keyframes_.push_back(state_);
    state_.Apply(run.record(next_));
  }
}

const ReplayedState& ReplayedStates::At(size_t event) {
  const size_t frame = event / kKeyframeEvery;
  if (next_ > event + 1 || next_ < frame * kKeyframeEvery) {
    state_ = keyframes_[frame];
    next_ = frame * kKeyframeEvery;
  }
  for (; next_ <= event; ++next_) state_.Apply(run_.record(next_));
  return state_;
}

}  // namespace zabsim
