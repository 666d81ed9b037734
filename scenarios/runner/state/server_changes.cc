// One small function for each kind of change; most records change nothing.
#include "scenarios/runner/state/server_changes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace scenario {
namespace {

// ---- Lives and roles ----------------------------------------------------------------------------

/// Its disk is left.
void OnCrashed(ServerState& s, const Record& record) {
  if (record.event.kind == Kind::kPower) s.history.LosePower();
  s = {.role = Role::kDown,
       .accepted = s.accepted,
       .current = s.current,
       .newest_epoch = s.newest_epoch,
       .history = std::move(s.history),
       .damaged = s.damaged};
}

void OnRestarted(ServerState& s, const Record&) {
  s.role = Role::kLooking;
}

void OnRoleEnded(ServerState& s, const Record&) {
  s.role = Role::kLooking;
  s.leader = {};
  s.epoch = {};
  s.established = false;
  s.counted = {};
}

void OnElected(ServerState& s, const Record& record) {
  OnRoleEnded(s, record);
  s.role = record.event.kind == Kind::kLeading ? Role::kLeading : Role::kFollowing;
  s.leader = record.event.peer;
  s.elected = record.id;
}

void OnPhaseChanged(ServerState& s, const Record& record) {
  s.phase = record.event.kind;
}
/// The leader has announced it, or the follower has acknowledged its NEWLEADER.
void OnEpochEntered(ServerState& s, const Record& record) {
  s.epoch = record.event.epoch;
}
void OnEstablished(ServerState& s, const Record& record) {
  s.epoch = record.event.epoch;
  s.established = true;
}
void OnPaused(ServerState& s, const Record&) {
  s.paused = true;
}
void OnResumed(ServerState& s, const Record&) {
  s.paused = false;
}

// ---- Transactions -------------------------------------------------------------------------------

void ShowTree(ServerState& s, const Record& record) {
  s.tree = ServedTree{.zxid = record.event.zxid, .digest = record.event.tree};
}

void OnLogged(ServerState& s, const Record& record) {
  s.history.Append(record.event.zxid);
  s.unsynced = true;
  ++s.undelivered;
}

void OnSynced(ServerState& s, const Record& record) {
  s.history.SyncUpTo(record.event.zxid);
  s.unsynced = false;
}

void OnDelivered(ServerState& s, const Record& record) {
  ShowTree(s, record);
  s.delivered = record.event.zxid;
  s.undelivered -= std::min(s.undelivered, 1u);
}

void OnServing(ServerState& s, const Record& record) {
  ShowTree(s, record);
  s.delivered = record.event.zxid;
}

void OnTruncated(ServerState& s, const Record& record) {
  ShowTree(s, record);
  s.history.CutAfter(record.event.zxid);
  s.undelivered = 0;
}

// ---- Disks --------------------------------------------------------------------------------------

void OnSnapInstalled(ServerState& s, const Record& record) {
  ShowTree(s, record);
  s.history.Replace(record.event.zxid);
  s.undelivered = 0;
  s.damaged = false;
}

void OnRecovered(ServerState& s, const Record& record) {
  s.damaged = record.event.kind == Kind::kDamaged;
  if (!s.damaged) ShowTree(s, record);
  s.history.Recover(record.event.zxid);
  s.current = record.event.epoch;
  s.undelivered = 0;
}

void OnEpochPersisted(ServerState& s, const Record& record) {
  (record.event.kind == Kind::kAccepted ? s.accepted : s.current) = record.event.epoch;
  s.newest_epoch = std::max(s.newest_epoch, record.event.epoch);
}

void OnSnapshotBegin(ServerState& s, const Record&) {
  s.takes_snapshot = true;
}
void OnSnapshotEnd(ServerState& s, const Record&) {
  s.takes_snapshot = false;
}

/// An empty disk has neither history nor epochs.  What other damage has done to a history shows
/// when it is next read.
void OnDiskCorrupted(ServerState& s, const Record& record) {
  if (record.event.kind != Kind::kWiped) return;
  s.history = {};
  s.damaged = false;
  s.accepted = {};
  s.current = {};
}

using Change = void (*)(ServerState& server, const Record& record);

/// By probe; null: it changes nothing.
constexpr auto kChanges = [] {
  std::array<Change, kProbeCount> changes{};
  const auto on = [&changes](Probe probe, Change change) {
    changes[static_cast<size_t>(probe)] = change;
  };
  on(Probe::kLooking, OnRoleEnded);
  on(Probe::kAbandoned, OnRoleEnded);
  on(Probe::kElected, OnElected);
  on(Probe::kPhaseChanged, OnPhaseChanged);
  on(Probe::kLeaderInfo, OnEpochEntered);
  on(Probe::kEstablished, OnEstablished);
  on(Probe::kNewLeaderAcked, OnEpochEntered);
  on(Probe::kCrashed, OnCrashed);
  on(Probe::kHalted, OnCrashed);
  on(Probe::kRestarted, OnRestarted);
  on(Probe::kPaused, OnPaused);
  on(Probe::kResumed, OnResumed);
  on(Probe::kLogged, OnLogged);
  on(Probe::kSynced, OnSynced);
  on(Probe::kDelivered, OnDelivered);
  on(Probe::kServing, OnServing);
  on(Probe::kTruncated, OnTruncated);
  on(Probe::kSnapInstalled, OnSnapInstalled);
  on(Probe::kRecovered, OnRecovered);
  on(Probe::kEpochPersisted, OnEpochPersisted);
  on(Probe::kSnapshotBegin, OnSnapshotBegin);
  on(Probe::kSnapshotEnd, OnSnapshotEnd);
  on(Probe::kDiskCorrupted, OnDiskCorrupted);
  return changes;
}();

}  // namespace

void ApplyToServer(const Record& record, ServerState& server) {
  const Change change = kChanges[static_cast<size_t>(record.event.probe)];
  if (change != nullptr) change(server, record);
}

}  // namespace scenario
