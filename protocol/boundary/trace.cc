// The names of probes, kinds and reasons.
#include "protocol/boundary/trace.h"

namespace zab {

absl::string_view Name(Probe probe) {
  switch (probe) {
    case Probe::kLooking: return "looking";
    case Probe::kVoteChanged: return "vote_changed";
    case Probe::kElected: return "elected";
    case Probe::kVoteSent: return "vote_sent";
    case Probe::kNotificationReplaced: return "notification_replaced";
    case Probe::kFollowerInfo: return "followerinfo";
    case Probe::kLeaderInfo: return "leaderinfo";
    case Probe::kAckEpoch: return "ackepoch";
    case Probe::kSyncDecided: return "sync_decided";
    case Probe::kSyncFromDiskLog: return "sync_from_disk_log";
    case Probe::kNewLeaderSent: return "newleader_sent";
    case Probe::kNewLeaderAcked: return "newleader_acked";
    case Probe::kUpToDate: return "uptodate";
    case Probe::kSnapSent: return "snap_sent";
    case Probe::kTruncated: return "truncated";
    case Probe::kSnapReceived: return "snap_received";
    case Probe::kSnapInstalled: return "snap_installed";
    case Probe::kEstablished: return "established";
    case Probe::kQuorumLost: return "quorum_lost";
    case Probe::kEpochPersisted: return "epoch_persisted";
    case Probe::kServing: return "serving";
    case Probe::kProposed: return "proposed";
    case Probe::kQuorum: return "quorum";
    case Probe::kCommitted: return "committed";
    case Probe::kLogged: return "logged";
    case Probe::kSynced: return "synced";
    case Probe::kDelivered: return "delivered";
    case Probe::kAcked: return "acked";
    case Probe::kReplied: return "replied";
    case Probe::kSnapshotBegin: return "snapshot_begin";
    case Probe::kSnapshotEnd: return "snapshot_end";
    case Probe::kLogRolled: return "log_rolled";
    case Probe::kRecovered: return "recovered";
    case Probe::kDigestMismatch: return "digest_mismatch";
    case Probe::kChannelUp: return "channel_up";
    case Probe::kChannelDown: return "channel_down";
    case Probe::kMsgSent: return "msg_sent";
    case Probe::kMsgDelivered: return "msg_delivered";
    case Probe::kCrashed: return "crashed";
    case Probe::kRestarted: return "restarted";
    case Probe::kPaused: return "paused";
    case Probe::kResumed: return "resumed";
    case Probe::kHalted: return "halted";
    case Probe::kPhaseChanged: return "phase_changed";
    case Probe::kIgnored: return "ignored";
    case Probe::kAbandoned: return "abandoned";
    case Probe::kClientConnected: return "client_connected";
    case Probe::kClientClosed: return "client_closed";
    case Probe::kInvoked: return "invoked";
    case Probe::kReturned: return "returned";
    case Probe::kCut: return "cut";
    case Probe::kHealed: return "healed";
    case Probe::kClogged: return "clogged";
    case Probe::kReleased: return "released";
    case Probe::kLinkSet: return "link_set";
    case Probe::kDiskSet: return "disk_set";
    case Probe::kFired: return "fired";
    case Probe::kNote: return "note";
    case Probe::kQuiet: return "quiet";
    case Probe::kPurged: return "purged";
    case Probe::kSnapshotDamaged: return "snapshot_damaged";
    case Probe::kDiskFailed: return "disk_failed";
    case Probe::kDiskCorrupted: return "disk_spoiled";
    case Probe::kClockSet: return "clock_set";
  }
  return "?";
}

absl::string_view Name(Kind kind) {
  switch (kind) {
    case Kind::kNone: return "none";
    case Kind::kLooking: return "looking";
    case Kind::kFollowing: return "following";
    case Kind::kLeading: return "leading";
    case Kind::kDiff: return "diff";
    case Kind::kTrunc: return "trunc";
    case Kind::kSnap: return "snap";
    case Kind::kAccepted: return "accepted";
    case Kind::kCurrent: return "current";
    case Kind::kOk: return "ok";
    case Kind::kError: return "error";
    case Kind::kIndeterminate: return "indeterminate";
    case Kind::kPower: return "power";
    case Kind::kKill: return "kill";
    case Kind::kDamaged: return "damaged";
    case Kind::kElection: return "election";
    case Kind::kDiscovery: return "discovery";
    case Kind::kSynchronization: return "synchronization";
    case Kind::kBroadcast: return "broadcast";
    case Kind::kNotificationMessage: return "NOTIFICATION";
    case Kind::kFollowerInfoMessage: return "FOLLOWERINFO";
    case Kind::kLeaderInfoMessage: return "LEADERINFO";
    case Kind::kAckEpochMessage: return "ACKEPOCH";
    case Kind::kDiffMessage: return "DIFF";
    case Kind::kTruncMessage: return "TRUNC";
    case Kind::kSnapMessage: return "SNAP";
    case Kind::kNewLeaderMessage: return "NEWLEADER";
    case Kind::kUpToDateMessage: return "UPTODATE";
    case Kind::kProposalMessage: return "PROPOSAL";
    case Kind::kAckMessage: return "ACK";
    case Kind::kCommitMessage: return "COMMIT";
    case Kind::kPingMessage: return "PING";
    case Kind::kRequestMessage: return "REQUEST";
    case Kind::kSyncMessage: return "SYNC";
    case Kind::kRead: return "read";
    case Kind::kWrite: return "write";
    case Kind::kFsync: return "fsync";
    case Kind::kFull: return "full";
    case Kind::kRot: return "rot";
    case Kind::kBlock: return "block";
    case Kind::kReordered: return "reordered";
    case Kind::kWiped: return "wiped";
  }
  return "?";
}

absl::string_view Name(Reason reason) {
  switch (reason) {
    case Reason::kNone: return "none";
    case Reason::kStarted: return "started";
    case Reason::kWrongPhase: return "wrong_phase";
    case Reason::kStaleEpoch: return "stale_epoch";
    case Reason::kUnknownAck: return "unknown_ack";
    case Reason::kNewerEpochPromised: return "newer_epoch_promised";
    case Reason::kNewerHistory: return "newer_history";
    case Reason::kConnectionLost: return "connection_lost";
    case Reason::kConnectFailed: return "connect_failed";
    case Reason::kReadTimeout: return "read_timeout";
    case Reason::kEpochTimeout: return "epoch_timeout";
    case Reason::kNewLeaderTimeout: return "new_leader_timeout";
    case Reason::kQuorumLost: return "quorum_lost";
    case Reason::kSlowLearner: return "slow_learner";
    case Reason::kZxidOverflow: return "zxid_overflow";
    case Reason::kBadBytes: return "bad_bytes";
    case Reason::kZxidGap: return "zxid_gap";
    case Reason::kUnmatchedCommit: return "unmatched_commit";
    case Reason::kCannotTruncate: return "cannot_truncate";
    case Reason::kWrongNewLeaderAck: return "wrong_new_leader_ack";
    case Reason::kDiskError: return "disk_error";
    case Reason::kReplaced: return "replaced";
    case Reason::kNotVoter: return "not_voter";
    case Reason::kNotServing: return "not_serving";
    case Reason::kBehindClient: return "behind_client";
    case Reason::kLeaderBoundMessage: return "leader_bound_message";
    case Reason::kDiskFull: return "disk_full";
    case Reason::kPromiseLost: return "promise_lost";
    case Reason::kUnmatchedReply: return "unmatched_reply";
  }
  return "?";
}

}  // namespace zab
