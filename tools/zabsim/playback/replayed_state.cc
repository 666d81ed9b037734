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
  server.phase = scenario::Kind::kNone;
  server.leader = {};
  server.serving = false;
}

void BeginLife(ReplayedServer& server) {
  server.delivered = {};
  server.committed = {};
  LookForLeader(server);
}

void RestoreHistory(ReplayedServer& server, const scenario::TraceEvent& event) {
  server.damaged = event.kind == scenario::Kind::kDamaged;
  CutHistoryBack(server, event.zxid);
  if (server.last() < event.zxid) ReplaceHistory(server, event.zxid);
  server.synced = event.zxid;
  server.current = event.epoch;
}

void BecomeElected(ReplayedServer& server, const scenario::TraceEvent& event) {
  const bool leads = event.kind == scenario::Kind::kLeading;
  server.role = leads ? ReplayedRole::kLeading : ReplayedRole::kFollowing;
  server.leader = event.peer;
}

void PersistEpoch(ReplayedServer& server, const scenario::TraceEvent& event) {
  (event.kind == scenario::Kind::kAccepted ? server.accepted : server.current) = event.epoch;
}

void BeginToServe(ReplayedServer& server, const scenario::TraceEvent& event) {
  server.serving = true;
  server.delivered = event.zxid;
}

void InstallSnapshot(ReplayedServer& server, const scenario::TraceEvent& event) {
  ReplaceHistory(server, event.zxid);
  server.damaged = false;
}

/// An empty disk has neither history nor epochs.  What other damage has done to a history shows
/// when it is next read.
void LoseDisk(ReplayedServer& server, const scenario::TraceEvent& event) {
  if (event.kind != scenario::Kind::kWiped) return;
  ReplaceHistory(server, {});
  server.damaged = false;
  server.accepted = {};
  server.current = {};
}

/// What an event of a server changes in it.
struct ReplayChange {
  scenario::Probe on;
  void (*apply)(ReplayedServer& server, const scenario::TraceEvent& event);
};

constexpr ReplayChange kReplayChanges[] = {
    {scenario::Probe::kLooking,
     [](ReplayedServer& s, const scenario::TraceEvent&) { LookForLeader(s); }},
    {scenario::Probe::kAbandoned,
     [](ReplayedServer& s, const scenario::TraceEvent&) { LookForLeader(s); }},
    {scenario::Probe::kElected, BecomeElected},
    {scenario::Probe::kPhaseChanged,
     [](ReplayedServer& s, const scenario::TraceEvent& e) { s.phase = e.kind; }},
    {scenario::Probe::kEpochPersisted, PersistEpoch},
    {scenario::Probe::kServing, BeginToServe},
    {scenario::Probe::kLogged,
     [](ReplayedServer& s, const scenario::TraceEvent& e) { AppendZxid(s, e.zxid); }},
    {scenario::Probe::kSynced,
     [](ReplayedServer& s, const scenario::TraceEvent& e) { s.synced = e.zxid; }},
    {scenario::Probe::kDelivered,
     [](ReplayedServer& s, const scenario::TraceEvent& e) { s.delivered = e.zxid; }},
    {scenario::Probe::kCommitted,
     [](ReplayedServer& s, const scenario::TraceEvent& e) { s.committed = e.zxid; }},
    {scenario::Probe::kTruncated,
     [](ReplayedServer& s, const scenario::TraceEvent& e) { CutHistoryBack(s, e.zxid); }},
    {scenario::Probe::kSnapInstalled, InstallSnapshot},
    {scenario::Probe::kRecovered, RestoreHistory},
    {scenario::Probe::kDiskCorrupted, LoseDisk},
    {scenario::Probe::kCrashed, [](ReplayedServer& s, const scenario::TraceEvent&) { EndLife(s); }},
    {scenario::Probe::kHalted, [](ReplayedServer& s, const scenario::TraceEvent&) { EndLife(s); }},
    {scenario::Probe::kRestarted,
     [](ReplayedServer& s, const scenario::TraceEvent&) { BeginLife(s); }},
    {scenario::Probe::kPaused,
     [](ReplayedServer& s, const scenario::TraceEvent&) { s.paused = true; }},
    {scenario::Probe::kResumed,
     [](ReplayedServer& s, const scenario::TraceEvent&) { s.paused = false; }},
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

void ReplayedState::Apply(const scenario::Record& record) {
  const scenario::TraceEvent& event = record.event;
  const std::pair link{record.node.value, event.peer.value};
  if (event.probe == scenario::Probe::kCut) ++links[link].cuts;
  if (event.probe == scenario::Probe::kHealed) links[link].cuts = std::max(0, links[link].cuts - 1);
  if (event.probe == scenario::Probe::kClogged) links[link].clogged = true;
  if (event.probe == scenario::Probe::kReleased) links[link].clogged = false;
  if (event.probe == scenario::Probe::kCommitted) committed = std::max(committed, event.zxid);
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
