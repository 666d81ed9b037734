// A follower's synchronisation (phase 2), in the steps of REFERENCE.md 7.6.
#include <utility>

#include "protocol/roles/connection.h"
#include "protocol/roles/follower.h"
#include "protocol/roles/snapshot_stream.h"

namespace zab {
namespace {

/// Whether an earlier role's log is still being written (ZOOKEEPER-4712); then replacing it has to
/// wait.
bool AppendsLate(const Core& core) {
  return core.config.known_bugs.late_append_after_fastforward && !core.log.idle();
}

}  // namespace

// ---- 1. First packet ----------------------------------------------------------------------------

void Follower::OnDiff(const Diff& message, Core& core, Outbox& out) {
  if (phase_ != Phase::kAwaitingSync) return Abandon(Reason::kWrongPhase, out);
  // It carries the leader's last committed zxid, which must not be adopted as our own.
  if (core.config.known_bugs.diff_sets_lastprocessed_early) {  // ZOOKEEPER-2355.
    last_queued_ = std::exchange(core.database.last_processed, message.zxid);
  }
  BeginSyncing(Kind::kDiff, core, out);
}

void Follower::OnTrunc(const Trunc& message, Core& core, Outbox& out) {
  // It has been asked for SNAP: asking again would go on for ever.
  if (phase_ != Phase::kAwaitingSync || wants_snapshot_) return Abandon(Reason::kWrongPhase, out);
  sync_zxid_ = message.zxid;
  Enter(Phase::kInspecting, out);
  core.snapshots.Abandon(out);
  reader_.Start(out);
}

void Follower::OnFileDone(const FileDone& done, Core& core, Outbox& out) {
  if (phase_ == Phase::kInspecting && reader_.OnFileDone(done, out)) {
    if (reader_.done()) Inspected(core, out);
    return;
  }
  if (phase_ == Phase::kSaving && listing_ == done.operation) {
    if (done.error != FileError::kNone)
      return out.Halt(Reason::kDiskError);  // The files to replace are unknown.
    if (AppendsLate(core)) {
      listing_ = out.List();
      return;
    }
    listing_.reset();
    BeginInstall(done.names, core, out);
  }
}

// Nothing is changed before the check that snapshot and log lead exactly to the zxid (REFERENCE.md
// 15.3 step 1).
void Follower::Inspected(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kInspecting && connection_) << *this;
  if (reader_.list_failed() || !reader_.unreadable().empty()) return AskForSnapshot(core, out);
  DirectoryImage image = reader_.TakeImage();
  if (AppendsLate(core)) {
    reader_ = DirectoryReader();
    return reader_.Start(out);
  }
  const auto steps = PlanTruncate(image, sync_zxid_, core.config.known_bugs);
  if (!steps) return AskForSnapshot(core, out);
  Enter(Phase::kTruncating, out);
  BeginTruncate(std::move(image), *steps, sync_zxid_, core, out);
}

// The history is sound but cannot be shortened: reconnect to the same leader without an election,
// and announce -1, which does not count (REFERENCE.md 15.6).
void Follower::AskForSnapshot(Core& core, Outbox& out) {
  out.Emit({.probe = Probe::kIgnored,
            .kind = Kind::kTruncMessage,
            .reason = Reason::kCannotTruncate,
            .peer = leader_,
            .zxid = sync_zxid_});
  out.CancelTimer({TimerName::kRead, *connection_});
  out.Close(*connection_);
  wants_snapshot_ = true;
  attempts_ = 0;
  Enter(Phase::kConnecting, out);
  out.SetTimer({TimerName::kConnectLimit}, core.config.timing.InitTimeout());
  Connect(core, out);
}

void Follower::OnHistoryChanged(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kTruncating || phase_ == Phase::kSaving) << *this;
  if (phase_ == Phase::kTruncating) BeginSyncing(Kind::kTrunc, core, out);
  if (phase_ == Phase::kSaving) {
    unsaved_snapshot_ = false;
    HistorySaved(core, out);
  }
  ReadOn(core, out);
}

void Follower::OnSnap(const Snap& message, Core& core, Outbox& out) {
  if (phase_ != Phase::kAwaitingSync) return Abandon(Reason::kWrongPhase, out);
  sync_zxid_ = message.zxid;
  Enter(Phase::kReceiving, out);
  core.snapshots.Abandon(out);
}

// Receives into a new tree; the current one stays until the last byte has arrived.
void Follower::ReceiveSnapshot(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kReceiving && !unsaved_snapshot_) << *this;
  if (!snapshot_.Feed(decoder_.TakeRaw()).ok()) return Abandon(Reason::kBadBytes, out);
  if (!snapshot_.done()) return;
  const SignatureCheck check = CheckSignature(snapshot_.rest());
  if (check == SignatureCheck::kWrong) return Abandon(Reason::kBadBytes, out);
  if (check == SignatureCheck::kIncomplete) return;
  decoder_.Unread(snapshot_.rest().substr(kSignatureSize));
  core.database.tree = snapshot_.TakeTree();
  snapshot_ = SnapshotDecoder();
  core.database.committed_log.Clear();
  core.database.last_processed = sync_zxid_;
  unsaved_snapshot_ = true;
  out.Emit({.probe = Probe::kSnapReceived, .peer = leader_, .zxid = sync_zxid_});
  BeginSyncing(Kind::kSnap, core, out);
}

void Follower::BeginSyncing(Kind kind, Core& core, Outbox& out) {
  ZAB_CHECK(not_committed_.empty() && committed_.empty() && core.unapplied.empty()) << *this;
  // ZOOKEEPER-2355: the zxid of DIFF stands for what has not come yet.
  ZAB_CHECK(!last_queued_ || core.config.known_bugs.diff_sets_lastprocessed_early) << *this;
  kind_ = kind;
  core.database.tree.SetConfig(core.config.ConfigText());
  Enter(Phase::kSyncing, out);
}

// ---- 2. and 4. Proposals and commits during synchronisation
// ------------------------------------------------

void Follower::QueueCommit(Zxid zxid, Core& core, Outbox& out) {
  if (not_committed_.empty() || not_committed_.front()->zxid() != zxid) {
    return Abandon(Reason::kUnmatchedCommit, out);
  }
  TxnRef txn = std::move(not_committed_.front());
  not_committed_.pop_front();
  if (phase_ == Phase::kSyncing && kind_ == Kind::kSnap) {
    core.database.Apply(txn);  // The received tree is fuzzy; it is exact again at NEWLEADER.
  } else {
    committed_.push_back(std::move(txn));
  }
}

// ---- 3. NEWLEADER -------------------------------------------------------------------------------

// First the history, durably; then currentEpoch, durably; then the ACK (P3).  Uncommitted proposals
// stay in not_committed_ (4394).
void Follower::OnNewLeader(const NewLeader& message, Core& core, Outbox& out) {
  if (phase_ != Phase::kSyncing) return Abandon(Reason::kWrongPhase, out);
  if (message.epoch != epoch_) return Abandon(Reason::kStaleEpoch, out);
  // A transaction in the snapshot cannot be logged after it; its COMMIT had to come before.
  if (!not_committed_.empty() && not_committed_.front()->zxid() <= core.database.last_processed) {
    return Abandon(Reason::kUnmatchedCommit, out);
  }
  // If the last one is in the snapshot, the next one follows the snapshot.
  if (last_queued_ && *last_queued_ < core.database.last_processed) last_queued_.reset();
  ZAB_CHECK(unsaved_snapshot_ == (kind_ == Kind::kSnap)) << *this;
  Enter(Phase::kSaving, out);
  WatchConnection(core, out);
  if (kind_ == Kind::kSnap) {
    listing_ = out.List();
    return;
  }
  SaveCommitted(core, out);
}

// After DIFF or TRUNC: committed transactions are logged; the rest follows once they are durable.
void Follower::SaveCommitted(Core& core, Outbox& out) {
  const KnownBugs& bugs = core.config.known_bugs;
  if (bugs.drop_outstanding_on_newleader) std::swap(handed_on_, not_committed_);  // ZOOKEEPER-4394.
  if (bugs.log_diff_after_uptodate) return HistorySaved(core, out);               // ZOOKEEPER-3911.
  if (bugs.proposal_ack_before_newleader_ack) to_acknowledge_ = committed_;       // ZOOKEEPER-4685.
  if (bugs.epoch_before_history &&
      !committed_.empty()) {  // ZOOKEEPER-4643; stored again in its proper place.
    core.epochs.StoreCurrent(epoch_, out);
  }
  const bool early = bugs.ack_newleader_before_fsync;  // ZOOKEEPER-4646.
  if (early) HistorySaved(core, out);
  for (const TxnRef& txn : committed_) core.Log(txn, out);
  committed_.clear();
  if (early) return core.FastForward();
  if (core.log.idle()) HistorySaved(core, out);
}

void Follower::HistorySaved(Core& core, Outbox& out) {
  const KnownBugs& bugs = core.config.known_bugs;
  // P3.  ZOOKEEPER-4646 and 3911: the log comes after the epoch.
  ZAB_CHECK(core.log.idle() || bugs.ack_newleader_before_fsync || bugs.log_diff_after_uptodate)
      << *this;
  std::optional<CommittedLog> kept;
  if (bugs.committedlog_hole) kept = core.database.committed_log;
  core.FastForward();
  if (kept) core.database.committed_log = *std::move(kept);  // ZOOKEEPER-4925.
  Enter(Phase::kJoining, out);
  core.epochs.StoreCurrent(epoch_, out);
}

void Follower::AcknowledgeNewLeader(Core& core, Outbox& out) {
  ZAB_CHECK(core.epochs.current() == epoch_) << *this;  // P3.
  // ZOOKEEPER-4646 and 3911, as in HistorySaved.
  ZAB_CHECK(core.log.idle() || core.config.known_bugs.ack_newleader_before_fsync ||
            core.config.known_bugs.log_diff_after_uptodate)
      << *this;
  Enter(Phase::kJoined, out);
  out.Emit({.probe = Probe::kNewLeaderAcked, .peer = leader_, .epoch = epoch_});
  SendMessage(leader_, *connection_, Ack{Zxid{epoch_, 0}}, out);
  ReadOn(core, out);
}

// ---- 5. UPTODATE --------------------------------------------------------------------------------

void Follower::OnUpToDate(Core& core, Outbox& out) {
  if (phase_ != Phase::kJoined) return Abandon(Reason::kWrongPhase, out);
  ZAB_CHECK(!unsaved_snapshot_ && !core.damaged) << *this;
  SendMessage(leader_, *connection_, Ack{Zxid{epoch_, 0}}, out);
  core.election.current_vote.peer_epoch = epoch_;
  core.back_off.Reset();
  Enter(Phase::kBroadcast, out);
  out.Emit({.probe = Probe::kServing,
            .epoch = epoch_,
            .zxid = core.database.last_processed,
            .tree = core.database.tree.digest()});
  clients_.Open(out);
  committed_count_ = committed_.size();
  for (TxnRef& txn : committed_) Log(std::move(txn), core, out);
  for (TxnRef& txn : handed_on_) Log(std::move(txn), core, out);
  for (TxnRef& txn : not_committed_) Log(std::move(txn), core, out);
  committed_.clear();
  handed_on_.clear();
  not_committed_.clear();
  if (committed_count_ > 0) HandOver(TaskName::kApply, core, out);
}

}  // namespace zab
