// Dispatches inputs and changes roles.
#include "protocol/peer.h"

#include <utility>

namespace zab {
namespace {

constexpr int kStartTimeShift = 15;
constexpr int64_t kClientIdMask = (int64_t{1} << 56) - 1;

// After a failed change the contents of the disk are unknown (after a failed fsync, even to the
// operating system), so the process must not continue.  A failed read changes nothing and is left
// to the component that requested it.
bool IsFailedChange(FileError error) {
  switch (error) {
    case FileError::kNone:
    case FileError::kNotFound:
    case FileError::kUnreadable: return false;
    case FileError::kIo:
    case FileError::kNoSpace:
    case FileError::kAborted: return true;
  }
  return true;
}

}  // namespace

Peer::Peer(PeerConfig config, Chooser chooser, Entity entity)
    : role_(Recovering(Reason::kStarted)) {
  core_.config = std::move(config);
  core_.chooser = std::move(chooser);
  core_.entity = entity;
  core_.database.committed_log =
      CommittedLog(static_cast<size_t>(core_.config.limits.commit_log_count));
}

// ---- Inputs -------------------------------------------------------------------------------------

/// One overload for each input.
struct Peer::Dispatcher {
  Peer& peer;
  Outbox& out;
  Core& core = peer.core_;

  template <class R>
  R* As() const {
    return std::get_if<R>(&peer.role_);
  }

  void operator()(const Started&) const {
    const int64_t start = core.now.wall.nanoseconds / 1'000'000;
    core.clients_accepted = (start << kStartTimeShift) & kClientIdMask;
    core.election.current_vote.leader = core.config.self;
    core.channels.Start(out);
  }
  void operator()(const TimerFired& input) const { peer.OnTimer(input.timer, out); }
  void operator()(const Accepted& input) const {
    if (input.port == Port::kElection) {
      return core.channels.OnAccepted(input.connection, core.config, out);
    }
    if (auto* leader = As<Leader>(); leader && input.port == Port::kQuorum) {
      return leader->OnAccepted(input.connection, core, out);
    }
    if (input.port == Port::kQuorum) out.Close(input.connection);
  }
  void operator()(const Connected& input) const {
    if (core.channels.Owns(input.connection)) {
      return core.channels.OnConnected(input.connection, core.config, out);
    }
    auto* follower = As<Follower>();
    if (follower && follower->Owns(input.connection)) return follower->OnConnected(core, out);
    out.Close(input.connection);  // Of an earlier role.
  }
  void operator()(const ConnectFailed& input) const {
    if (core.channels.Owns(input.connection)) {
      return core.channels.OnConnectFailed(input.connection, out);
    }
    auto* follower = As<Follower>();
    if (follower && follower->Owns(input.connection)) follower->OnConnectFailed(core, out);
  }
  void operator()(const Received& input) const {
    if (core.channels.Owns(input.connection)) {
      return peer.OnNotifications(
          core.channels.OnReceived(input.connection, input.bytes.view(), core.config, out), out);
    }
    if (auto* follower = As<Follower>(); follower && follower->Owns(input.connection)) {
      return follower->OnReceived(input.bytes.view(), core, out);
    }
    if (auto* leader = As<Leader>(); leader && leader->Owns(input.connection)) {
      leader->OnReceived(input.connection, input.bytes.view(), core, out);
    }
  }
  void operator()(const SendDone& input) const {
    if (core.channels.Owns(input.connection)) {
      return core.channels.OnSendDone(input.connection, out);
    }
    if (auto* leader = As<Leader>()) leader->OnSendDone(input.connection, core, out);
  }
  void operator()(const Closed& input) const {
    if (core.channels.Owns(input.connection)) return core.channels.OnClosed(input.connection, out);
    if (auto* follower = As<Follower>()) return follower->OnClosed(input.connection, out);
    if (auto* leader = As<Leader>()) leader->OnClosed(input.connection, out);
  }
  void operator()(const FileDone& input) const { peer.OnFileDone(input, out); }
  void operator()(const ClientConnected& input) const {
    if (auto* follower = As<Follower>()) return follower->OnClientConnected(input, core, out);
    if (auto* leader = As<Leader>()) return leader->OnClientConnected(input, core, out);
    out.Close(input.connection);
  }
  void operator()(const ClientRequest& input) const {
    if (auto* follower = As<Follower>()) return follower->OnClientRequest(input, core, out);
    if (auto* leader = As<Leader>()) leader->OnClientRequest(input, core, out);
  }
  void operator()(const Resume& input) const { peer.OnResume(input.task, out); }
  void operator()(const SnapshotRequested&) const {
    // Only of a tree that corresponds to the history on disk, so not before a received SNAP is
    // saved.
    const auto* follower = As<Follower>();
    const auto* leader = As<Leader>();
    const bool serving = (follower && follower->phase() == Follower::Phase::kBroadcast) ||
                         (leader && leader->phase() == Leader::Phase::kBroadcast);
    if (!serving || core.snapshots.busy()) return;
    core.log.Roll(out);
    core.snapshots.Start(core.database, out);
  }
};

void Peer::Step(Instant now, const Input& input, Effects& effects) {
  core_.now = now;
  Outbox out(core_.ids, effects);
  std::visit(Dispatcher{*this, out}, input);
  ChangeRoles(out);
}

// Completions go to the component that requested the operation.  Most operations of a sequence, and
// those of earlier roles, are not waited for; their completions are dropped.
void Peer::OnFileDone(const FileDone& done, Outbox& out) {
  if (IsFailedChange(done.error)) {
    if (core_.config.known_bugs.continue_after_log_error && core_.log.Owns(done.operation)) {
      return OnFileDone({.operation = done.operation}, out);  // ZOOKEEPER-2247.
    }
    return out.Halt(done.error == FileError::kNoSpace ? Reason::kDiskFull : Reason::kDiskError);
  }
  if (core_.log.OnFileDone(done, core_.config.limits, out)) return OnLogProgress(out);
  if (core_.snapshots.OnFileDone(done, core_.log.last_synced(), core_.config.limits, out)) return;
  auto* follower = std::get_if<Follower>(&role_);
  auto* leader = std::get_if<Leader>(&role_);
  if (core_.epochs.OnFileDone(done, out)) {
    if (follower) follower->OnEpochStored(core_, out);
    if (leader) leader->OnEpochStored(core_, out);
    return;
  }
  if (FinishHistoryChange(done, core_, out)) {
    if (follower) follower->OnHistoryChanged(core_, out);
    return;
  }
  if (auto* recovering = std::get_if<Recovering>(&role_)) recovering->OnFileDone(done, core_, out);
  if (follower) follower->OnFileDone(done, core_, out);
  if (leader) leader->OnFileDone(done, core_, out);
}

void Peer::OnLogProgress(Outbox& out) {
  core_.snapshots.OnLogSynced(core_.log.last_synced(), out);
  if (auto* follower = std::get_if<Follower>(&role_)) follower->OnLogSynced(core_, out);
  if (auto* leader = std::get_if<Leader>(&role_)) leader->OnLogSynced(core_, out);
  MaybeSnapshot(out);
}

// Starts a new log file, and a snapshot unless one is being written, after enough transactions or
// bytes (REFERENCE.md 14.3).
void Peer::MaybeSnapshot(Outbox& out) {
  const LogWriter& log = core_.log;
  if (!core_.snapshot_trigger.Reached(log.txns_since_roll(), log.bytes_since_roll())) return;
  core_.log.Roll(out);
  core_.snapshot_trigger.Draw(core_.config.limits, core_.chooser, core_.entity);
  if (!core_.snapshots.busy() && !core_.history_change) core_.snapshots.Start(core_.database, out);
}

void Peer::OnTimer(TimerId timer, Outbox& out) {
  auto* looking = std::get_if<Looking>(&role_);
  auto* follower = std::get_if<Follower>(&role_);
  auto* leader = std::get_if<Leader>(&role_);
  switch (timer.name) {
    case TimerName::kNotification:
    case TimerName::kFinalize:
      if (looking) looking->OnTimer(timer.name, core_, out);
      return;
    case TimerName::kHandshake: return core_.channels.OnHandshakeTimeout(timer.connection, out);
    case TimerName::kFlush: return core_.log.OnFlushTimer(core_.config.limits, out);
    case TimerName::kConnectRetry:
    case TimerName::kConnectLimit:
      if (follower) follower->OnTimer(timer, core_, out);
      return;
    case TimerName::kPhaseLimit:
    case TimerName::kTick:
      if (leader) leader->OnTimer(timer, core_, out);
      return;
    case TimerName::kRead:
      if (follower) follower->OnTimer(timer, core_, out);
      if (leader) leader->OnTimer(timer, core_, out);
      return;
  }
}

void Peer::OnResume(const Task& task, Outbox& out) {
  switch (task.name) {
    case TaskName::kSnapshotChunk: return core_.snapshots.OnChunk(task.number, core_.database, out);
    case TaskName::kOwnNotification:
      if (auto* looking = std::get_if<Looking>(&role_)) {
        looking->OnOwnNotification(task.number, core_, out);
      }
      return;
    case TaskName::kAcknowledge:
    case TaskName::kAckNewLeader:
    case TaskName::kApply: break;
  }
  if (task.number != core_.role_serial) return;  // Of an earlier role.
  if (auto* follower = std::get_if<Follower>(&role_))
    return follower->OnTask(task.name, core_, out);
  if (auto* leader = std::get_if<Leader>(&role_)) leader->OnTask(task.name, core_, out);
}

void Peer::OnNotifications(const std::vector<ReceivedNotification>& received, Outbox& out) {
  for (const ReceivedNotification& one : received) {
    auto* looking = std::get_if<Looking>(&role_);
    // A server that reads its disk has no vote yet, and no one to send it to.
    if (std::holds_alternative<Recovering>(role_)) continue;
    const std::optional<Vote> proposal = looking ? looking->proposal() : std::nullopt;
    if (ReceiveNotification(one, proposal, core_, out) && looking) {
      looking->OnNotification(one, core_, out);
      ChangeRoles(out);
    }
  }
}

// ---- Roles --------------------------------------------------------------------------------------

void Peer::ChangeRoles(Outbox& out) {
  if (auto* recovering = std::get_if<Recovering>(&role_)) {
    recovering->Poll(core_, out);
    if (recovering->done()) BecomeLooking(recovering->why(), /*reload=*/false, out);
  }
  if (auto* follower = std::get_if<Follower>(&role_); follower && follower->abandoned()) {
    const Reason why = *follower->abandoned();
    const bool reload =
        follower->unsaved_snapshot() && !core_.config.known_bugs.keep_unsaved_snap_db;
    if (follower->phase() != Follower::Phase::kBroadcast) {
      core_.back_off.OnLeft(follower->leader(), core_.now.monotonic, core_.config.timing);
    }
    follower->Leave(out);
    BecomeLooking(why, reload, out);
  }
  if (auto* leader = std::get_if<Leader>(&role_); leader && leader->abandoned()) {
    const Reason why = *leader->abandoned();
    leader->Leave(out);
    BecomeLooking(why, /*reload=*/false, out);
  }
  auto* looking = std::get_if<Looking>(&role_);
  if (looking == nullptr) return;
  if (looking->phase() == Looking::Phase::kDraining && CatchUp()) looking->BeginVoting(core_, out);
  if (!looking->result()) return;
  const ServerId winner = looking->result()->leader;
  ++core_.role_serial;
  if (winner == core_.config.self) {
    role_.emplace<Leader>().Start(core_, out);
  } else {
    role_.emplace<Follower>(winner).Start(core_, out);
  }
  ChangeRoles(out);
}

bool Peer::CatchUp() {
  const KnownBugs& bugs = core_.config.known_bugs;
  if (bugs.late_append_after_fastforward) {  // ZOOKEEPER-4712.
    if (core_.epochs.busy() || core_.history_change) return false;
    std::erase_if(core_.unapplied,
                  [&](const TxnRef& txn) { return txn->zxid() > core_.log.last_written(); });
  } else if (!core_.DiskIdle()) {
    return false;
  }
  if (bugs.keep_stale_memory_db) core_.unapplied.clear();  // ZOOKEEPER-2845.
  core_.FastForward();
  return true;
}

// `reload`: the tree in memory is not on disk, so the tree must be restored from disk (3642).
void Peer::BecomeLooking(Reason why, bool reload, Outbox& out) {
  ++core_.role_serial;
  core_.state = ServerState::kLooking;
  out.Emit({.probe = Probe::kPhaseChanged, .kind = Kind::kElection, .reason = why});
  if (!reload) {
    role_.emplace<Looking>(why);
    return;
  }
  core_.snapshots.Abandon(out);
  role_.emplace<Recovering>(why).Poll(core_, out);
}

void Peer::CheckInvariants() const {
  if (core_.config.known_bugs != KnownBugs{}) return;
  ZAB_CHECK(core_.epochs.current() <= core_.epochs.accepted()) << *this;
  const std::optional<Zxid>& hole = core_.database.committed_log.hole();
  ZAB_CHECK(!hole) << "a gap in the committed log before " << ToString(*hole) << ": " << *this;
  Zxid last = core_.damaged ? Zxid{} : core_.database.last_processed;
  for (const TxnRef& txn : core_.unapplied) {
    ZAB_CHECK(txn->zxid() > last) << ToString(txn->zxid()) << " after " << ToString(last) << ": "
                                  << *this;
    last = txn->zxid();
  }
}

}  // namespace zab
