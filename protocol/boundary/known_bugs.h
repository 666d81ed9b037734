// Historical bugs that can be switched back on to test the checkers.  All are off by default.  Each
// has its id (of JIRA; OWN-n: a finding without one), the affected versions, the wrong and the
// right behaviour, and the place where the switch is read.
#pragma once

namespace zab {

struct KnownBugs {
  /// ZOOKEEPER-4643; 3.5.10, 3.6.3 on, 3.7.0 on, 3.8.0 to 3.8.4, 3.9.0, 3.9.1.  Wrong: at NEWLEADER
  /// currentEpoch is stored before the transactions of the DIFF.  A crash in between leaves an old
  /// history that beats newer ones in the next election.  Right: the log, durably; then
  /// currentEpoch; then the ACK (P3).  Follower::SaveCommitted.
  bool epoch_before_history = false;

  /// ZOOKEEPER-4646; as 4643.  Wrong: NEWLEADER is acknowledged as soon as currentEpoch is stored,
  /// while the transactions of the DIFF are still being written, after currentEpoch (as in 4643).
  /// Right: as 4643.  Follower::SaveCommitted.
  bool ack_newleader_before_fsync = false;

  /// ZOOKEEPER-3911; 3.4.10 on, 3.5.3 to 3.5.9, 3.6.0 to 3.6.2.
  /// Wrong: the transactions of the DIFF are logged only after UPTODATE.
  /// Right: as 4643.  Follower::SaveCommitted.
  bool log_diff_after_uptodate = false;

  /// ZOOKEEPER-4712, 4541; 3.5.10, 3.6.3 to 3.9.2.  Wrong: a server that loses its leader advances
  /// its tree to the end of the log written so far, announces that end, and writes what is still
  /// queued only afterwards.  Right: the queue is written and synced first (P8).  Peer::CatchUp;
  /// and in follower_sync.cc, where TRUNC and SNAP have to wait for late writes.
  bool late_append_after_fastforward = false;

  /// ZOOKEEPER-2845; 3.4.10, 3.4.11, 3.5.3.  Wrong: a server that loses its leader keeps its tree
  /// as it is and announces it, while logged, uncommitted transactions stay in the log.  Right: the
  /// tree is advanced to the end of the log first.  Peer::CatchUp.
  bool keep_stale_memory_db = false;

  /// ZOOKEEPER-1549, 1558, 4837; every release since 3.5 (3.4.6 on are free of it).  Wrong: an
  /// elected server writes a snapshot of its whole history, committed or not; a later TRUNC cuts
  /// the log but keeps that snapshot, from which the truncated transactions are restored.  Right:
  /// no snapshot at the start of a leader; TRUNC removes newer ones.  Leader::Start.
  bool snapshot_uncommitted_on_lead = false;

  /// OWN-1; every release from 3.4 on.  Wrong: TRUNC cuts after the first record that is not below
  /// its zxid.  If the zxid itself is only in a snapshot, this keeps the record that should be
  /// removed.  Right: exactly the records up to the zxid are kept, and only if they lead there.
  /// PlanTruncate.
  bool trunc_keeps_next_record = false;

  /// ZOOKEEPER-1154; up to 3.3.3.
  /// Wrong: a learner whose last transaction is not in the leader's history, but between two
  /// that are, gets a plain DIFF from the next one on.
  /// Right: TRUNC, or SNAP if the epochs differ.  PlanSync.
  bool diff_without_trunc = false;

  /// ZOOKEEPER-2355; up to 3.4.10, 3.5.0 to 3.5.3.  Wrong: a learner adopts the zxid of DIFF before
  /// it has the transactions.  Right: only applied transactions count.  Follower::OnDiff.
  bool diff_sets_lastprocessed_early = false;

  /// ZOOKEEPER-335, 1081; before 3.4.0.  Wrong: promises do not survive a restart; the new epoch is
  /// derived from the last logged zxid.  Right: it is larger than any that a quorum has durably
  /// promised (P1, P2).  Recovering::Repair.
  bool no_persisted_accepted_epoch = false;

  /// ZOOKEEPER-3642; up to 3.5.9, 3.6.0 to 3.6.2.  Wrong: an unsaved tree received by SNAP is kept
  /// when the leader is lost.  Right: what is on the disk is restored.  Peer::ChangeRoles.
  bool keep_unsaved_snap_db = false;

  /// ZOOKEEPER-4925; 3.9.3.  Wrong: transactions that a learner applies at NEWLEADER are missing
  /// from its committed log and, when it leads, from its DIFFs.  Right: everything applied is in
  /// the committed log.  Follower::HistorySaved.
  bool committedlog_hole = false;

  /// ZOOKEEPER-2418, 2846; all of 3.5 (2846: all later ones too).  Wrong: SNAP keeps the old logs,
  /// and a leader sends their contents although there is a gap after them.  Right: SNAP removes
  /// everything older (P7).  BeginInstall.
  bool txnlog_gap_diff = false;

  /// ZOOKEEPER-2872; before 3.5.10 and 3.6.0.
  /// Wrong: the snapshot received by SNAP is written and not synced.
  /// Right: synced before the ACK (P7).  BeginInstall.
  bool unsynced_snap = false;

  /// ZOOKEEPER-4685; 3.6.3 on, 3.7.0 on, 3.8.0 to 3.8.4, 3.9.0, 3.9.1.  Wrong: transactions of the
  /// DIFF are acknowledged one by one before NEWLEADER is; the leader mistakes the first ACK for
  /// that of NEWLEADER.  Right: NEWLEADER is acknowledged before any proposal.
  /// Follower::SaveCommitted.
  bool proposal_ack_before_newleader_ack = false;

  /// ZOOKEEPER-4394; 3.5.10, 3.6.3 on, 3.7.0 to 3.9.2.  Wrong: at NEWLEADER uncommitted proposals
  /// are passed on too; then a COMMIT before UPTODATE finds no proposal.  Right: they stay queued
  /// until UPTODATE.  Follower::SaveCommitted.
  bool drop_outstanding_on_newleader = false;

  /// ZOOKEEPER-1419; 3.4.0 to 3.4.3.
  /// Wrong: of two votes with equal zxids the larger id wins, whatever the epochs.
  /// Right: the id decides only within one epoch.  IsBetter.
  bool fle_predicate_no_epoch_eq = false;

  /// ZOOKEEPER-2247, 4882; up to 3.4.8, 3.5.0 to 3.5.2 (4882: all later ones too).  Wrong: a server
  /// continues when its log cannot be written.  Right: it stops before any further ACK.
  /// Peer::OnFileDone.
  bool continue_after_log_error = false;

  // Versions with these bugs lack later checks that would hide the bugs.

  /// Tree and log may have diverged: a transaction that is sent again may already be in the log.
  bool TreeAndLogMayPart() const {
    return late_append_after_fastforward || keep_stale_memory_db || diff_sets_lastprocessed_early;
  }
  /// TRUNC does not check what it leads to.
  bool TruncatesBlindly() const { return snapshot_uncommitted_on_lead || trunc_keeps_next_record; }
  /// Missing transactions within an epoch are not detected.
  bool OverlooksGaps() const {
    return committedlog_hole || txnlog_gap_diff || diff_sets_lastprocessed_early;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("epoch_before_history", epoch_before_history);
    field("ack_newleader_before_fsync", ack_newleader_before_fsync);
    field("log_diff_after_uptodate", log_diff_after_uptodate);
    field("late_append_after_fastforward", late_append_after_fastforward);
    field("keep_stale_memory_db", keep_stale_memory_db);
    field("snapshot_uncommitted_on_lead", snapshot_uncommitted_on_lead);
    field("trunc_keeps_next_record", trunc_keeps_next_record);
    field("diff_without_trunc", diff_without_trunc);
    field("diff_sets_lastprocessed_early", diff_sets_lastprocessed_early);
    field("no_persisted_accepted_epoch", no_persisted_accepted_epoch);
    field("keep_unsaved_snap_db", keep_unsaved_snap_db);
    field("committedlog_hole", committedlog_hole);
    field("txnlog_gap_diff", txnlog_gap_diff);
    field("unsynced_snap", unsynced_snap);
    field("proposal_ack_before_newleader_ack", proposal_ack_before_newleader_ack);
    field("drop_outstanding_on_newleader", drop_outstanding_on_newleader);
    field("fle_predicate_no_epoch_eq", fle_predicate_no_epoch_eq);
    field("continue_after_log_error", continue_after_log_error);
  }
  friend bool operator==(const KnownBugs&, const KnownBugs&) = default;
};

}  // namespace zab
