// Historical bugs that can be switched back on, for a peer that is to be caught.  All are off by
// default.  Each stands with its id (JIRA's; OWN-n: a finding without one), the versions that had
// it, what is wrong, what is right, and the one place where the switch is read.
#pragma once

namespace zab {

struct KnownBugs {
  /// ZOOKEEPER-4643; 3.5.10, 3.6.3 on, 3.7.0 on, 3.8.0 to 3.8.4, 3.9.0, 3.9.1.
  /// Wrong: at NEWLEADER currentEpoch is stored before the transactions of the DIFF are.  A
  /// crash in between leaves an old history that beats newer ones in the next election.
  /// Right: the log, durably; then currentEpoch; then the ACK (P3).  Follower::SaveCommitted.
  bool epoch_before_history = false;

  /// ZOOKEEPER-4646; as 4643.
  /// Wrong: NEWLEADER is acknowledged as soon as currentEpoch is stored, while the transactions
  /// of the DIFF are still on their way to the disk, behind currentEpoch (as in 4643).
  /// Right: as 4643.  Follower::SaveCommitted.
  bool ack_newleader_before_fsync = false;

  /// ZOOKEEPER-3911; 3.4.10 on, 3.5.3 to 3.5.9, 3.6.0 to 3.6.2.
  /// Wrong: the transactions of the DIFF are logged only after UPTODATE.
  /// Right: as 4643.  Follower::SaveCommitted.
  bool log_diff_after_uptodate = false;

  /// ZOOKEEPER-4712, 4541; 3.5.10, 3.6.3 to 3.9.2.
  /// Wrong: who loses its leader brings its tree to the end of the log as it is written,
  /// announces that end, and writes what is still queued only afterwards.
  /// Right: the queue is written and synced first (P8).  Peer::CatchUp; and where TRUNC
  /// and SNAP have to wait for what comes late, in follower_sync.cc.
  bool late_append_after_fastforward = false;

  /// ZOOKEEPER-2845; 3.4.10, 3.4.11, 3.5.3.
  /// Wrong: who loses its leader keeps its tree as it is, and announces that; what is logged
  /// and not committed stays in the log.
  /// Right: the tree is brought to the end of the log first.  Peer::CatchUp.
  bool keep_stale_memory_db = false;

  /// ZOOKEEPER-1549, 1558, 4837; every release since 3.5 (3.4.6 on are free of it).
  /// Wrong: who is elected writes a snapshot of its whole history, committed or not; a TRUNC
  /// cuts the log and leaves that snapshot, which is restored with what was to be cut.
  /// Right: no snapshot at the start of a leader; TRUNC removes newer ones.  Leader::Start.
  bool snapshot_uncommitted_on_lead = false;

  /// OWN-1; every release, 3.4 to this day.
  /// Wrong: TRUNC cuts behind the first record that is not below its zxid.  If the zxid itself
  /// is in no log, but only in a snapshot, that is the record that was to go.
  /// Right: exactly the records up to the zxid stay, and only if they lead there.
  /// PlanTruncate.
  bool trunc_keeps_next_record = false;

  /// ZOOKEEPER-1154; up to 3.3.3.
  /// Wrong: a learner whose last transaction is not in the leader's history, but between two
  /// that are, gets a plain DIFF from the next one on.
  /// Right: TRUNC, or SNAP if the epochs differ.  PlanSync.
  bool diff_without_trunc = false;

  /// ZOOKEEPER-2355; up to 3.4.10, 3.5.0 to 3.5.3.
  /// Wrong: a learner takes the zxid of DIFF for its own before it has the transactions.
  /// Right: only what is applied counts.  Follower::OnDiff.
  bool diff_sets_lastprocessed_early = false;

  /// ZOOKEEPER-335, 1081; before 3.4.0.
  /// Wrong: no promise outlives a restart: the new epoch is made from the last logged zxid.
  /// Right: larger than any that a quorum has promised, durably (P1, P2).  Recovering::Mend.
  bool no_persisted_accepted_epoch = false;

  /// ZOOKEEPER-3642; up to 3.5.9, 3.6.0 to 3.6.2.
  /// Wrong: a tree received by SNAP and not saved is kept when the leader is lost.
  /// Right: what is on the disk is restored.  Peer::ChangeRoles.
  bool keep_unsaved_snap_db = false;

  /// ZOOKEEPER-4925; 3.9.3.
  /// Wrong: what a learner applies at NEWLEADER is left out of its committed log; as a leader
  /// it leaves it out of its DIFFs.
  /// Right: all that is applied is in the committed log.  Follower::HistorySaved.
  bool committedlog_hole = false;

  /// ZOOKEEPER-2418, 2846; all of 3.5 (2846: to this day).
  /// Wrong: SNAP leaves the old logs where they are, and a leader sends what they hold although
  /// the log jumps behind them.
  /// Right: SNAP removes all that was there before (P7).  BeginInstall.
  bool txnlog_gap_diff = false;

  /// ZOOKEEPER-2872; before 3.5.10 and 3.6.0.
  /// Wrong: the snapshot received by SNAP is written and not synced.
  /// Right: synced before the ACK (P7).  BeginInstall.
  bool unsynced_snap = false;

  /// ZOOKEEPER-4685; 3.6.3 on, 3.7.0 on, 3.8.0 to 3.8.4, 3.9.0, 3.9.1.
  /// Wrong: transactions of the DIFF are acknowledged one by one before NEWLEADER is; the
  /// leader takes the first ACK for that of NEWLEADER.
  /// Right: NEWLEADER is acknowledged before any proposal.  Follower::SaveCommitted.
  bool proposal_ack_before_newleader_ack = false;

  /// ZOOKEEPER-4394; 3.5.10, 3.6.3 on, 3.7.0 to 3.9.2.
  /// Wrong: at NEWLEADER proposals that are not committed are handed on too; the COMMIT of one
  /// that comes before UPTODATE finds nothing.
  /// Right: they stay queued until UPTODATE.  Follower::SaveCommitted.
  bool drop_outstanding_on_newleader = false;

  /// ZOOKEEPER-1419; 3.4.0 to 3.4.3.
  /// Wrong: of two votes with equal zxids the larger id wins, whatever the epochs.
  /// Right: the id decides only within one epoch.  IsBetter.
  bool fle_predicate_no_epoch_eq = false;

  /// ZOOKEEPER-2247, 4882; up to 3.4.8, 3.5.0 to 3.5.2 (4882: to this day).
  /// Wrong: a server goes on when its log cannot be written.
  /// Right: it stops before any further ACK.  Peer::OnFileDone.
  bool continue_after_log_error = false;

  // The code of their time lacks later checks that would hide them.

  /// Tree and log may have parted: what comes again may be in the log already.
  bool TreeAndLogMayPart() const {
    return late_append_after_fastforward || keep_stale_memory_db || diff_sets_lastprocessed_early;
  }
  /// TRUNC does not ask where it leads to.
  bool TruncatesBlindly() const { return snapshot_uncommitted_on_lead || trunc_keeps_next_record; }
  /// Nobody notices that transactions are missing inside an epoch.
  bool OverlooksGaps() const {
    return committedlog_hole || txnlog_gap_diff || diff_sets_lastprocessed_early;
  }

  friend bool operator==(const KnownBugs&, const KnownBugs&) = default;
};

}  // namespace zab
