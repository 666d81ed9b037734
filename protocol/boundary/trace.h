// The trace: everything observable about a run.  Protocol and simulator emit flat records of one
// type; their columns are the filters of the scenario language, so triggers, checkers, the hash and
// the viewer all read the same data.  Unused columns are zero.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/base/handles.h"
#include "protocol/wire/ids.h"

namespace zab {

/// What happened.  Name() gives the names of scenarios/README.md, which traces, triggers, coverage
/// and captions use.
enum class Probe : uint8_t {
  // Election.
  kLooking,               // kind none; zxid: of the vote to come; reason why.
  kVoteChanged,           // peer: whom it now proposes, zxid, epoch: peerEpoch, number: round.
  kElected,               // kind leading | following, peer: the leader, zxid, epoch, number: round.
  kVoteSent,              // peer: to.  kind looking | following | leading: the state told.
  kNotificationReplaced,  // peer: to.
  // Discovery.  peer: the other end; epoch.
  kFollowerInfo,  // epoch: the accepted epoch told.
  kLeaderInfo,    // epoch: the new epoch.
  kAckEpoch,      // epoch: the epoch acknowledged; number: current epoch told, or -1; zxid told.
  // Synchronisation.
  kSyncDecided,      // peer: to, kind diff | trunc | snap, zxid: that of the packet.
  kSyncFromDiskLog,  // peer: to, zxid: the first one taken from the log on disk.
  kNewLeaderSent,    // peer: to, epoch, zxid: last of the initial history.
  kNewLeaderAcked,   // peer: to (the leader itself: its own), epoch.
  kUpToDate,         // peer: to, epoch.
  kSnapSent,         // peer: to, epoch, zxid.
  kTruncated,        // zxid: the last one kept, tree: digest.
  kSnapReceived,     // zxid: the snapshot's; in memory only.
  kSnapInstalled,    // zxid, tree: digest; durable.
  kEstablished,      // epoch, zxid: last of the initial history.
  kQuorumLost,       // epoch.
  kEpochPersisted,   // kind accepted | current, epoch.
  kServing,          // From here on its tree is shown to clients.  zxid: last applied, epoch, tree.
  // Broadcast.  zxid, txn: hash of the transaction's bytes, client and number: of the request
  // (cxid).
  kProposed,
  kQuorum,
  kCommitted,
  kLogged,
  kSynced,
  kDelivered,  // also tree: digest after it.
  kAcked,      // zxid; peer: to (the leader itself: its own).
  kReplied,    // kind ok | error, client, number: cxid, zxid, code: error.
  // Storage.
  kSnapshotBegin,
  kSnapshotEnd,
  kLogRolled,
  kRecovered,       // zxid: last of the restored history, epoch: currentEpoch, tree; kind none |
                    // damaged;
                    // number: records replayed on the snapshot.
  kDigestMismatch,  // zxid, tree: found, txn: wanted.
  // Channels and messages.
  kChannelUp,     // peer: the other end.
  kChannelDown,   // peer: the other end.
  kMsgSent,       // peer: to, kind, zxid, epoch.
  kMsgDelivered,  // peer: from, kind, zxid, epoch.
  // Processes.
  kCrashed,  // kind power | kill.
  kRestarted,
  kPaused,
  kResumed,
  kHalted,        // reason.
  kPhaseChanged,  // kind election | discovery | synchronization | broadcast.
  kIgnored,       // reason, kind: the message.
  kAbandoned,     // reason: the role ends, back to LOOKING.
  // Experiment.
  kClientConnected,  // peer: the server, client: the id given.
  kClientClosed,     // peer: the server.
  kInvoked,          // The client has sent a request.  client, number: cxid, code: op type, tree:
                     // hash of the path.
  kReturned,  // The client has its answer.  kind ok | error | indeterminate, zxid, code, txn:
              // hash of the data read.
  kCut,
  kHealed,
  kClogged,
  kReleased,
  kLinkSet,
  kDiskSet,
  kFired,  // number: index of the event, peer: the `by` of the probe that fired it.
  kNote,   // number: index of the event, code: position of the action; kind error: no effect.
  kQuiet,
  // Storage again; the numbers of earlier probes must not change, since every trace hash depends on
  // them.
  kPurged,           // zxid: the oldest snapshot kept, number: files removed; durable.
  kSnapshotDamaged,  // zxid: of one that a restore has passed over.
  // Disks.
  kDiskFailed,     // An operation has failed.  kind read | write | fsync | full.
  kDiskCorrupted,  // Durable bytes are not what was written.  kind rot | block | reordered | wiped.
  // Clocks.
  kClockSet,  // number: how far the wall clock jumps, in ns; code: the drift from now on, in ppm.
};
constexpr int kProbeCount = static_cast<int>(Probe::kClockSet) + 1;

/// The `kind` column: one list for all probes.
enum class Kind : uint8_t {
  kNone,
  // Roles, for elected, vote_sent.
  kLooking,
  kFollowing,
  kLeading,
  // Synchronisation.
  kDiff,
  kTrunc,
  kSnap,
  // Epoch files.
  kAccepted,
  kCurrent,
  // Results.
  kOk,
  kError,
  kIndeterminate,
  // Crashes, recovery.
  kPower,
  kKill,
  kDamaged,
  // Phases.
  kElection,
  kDiscovery,
  kSynchronization,
  kBroadcast,
  // Messages, in capitals.
  kNotificationMessage,
  kFollowerInfoMessage,
  kLeaderInfoMessage,
  kAckEpochMessage,
  kDiffMessage,
  kTruncMessage,
  kSnapMessage,
  kNewLeaderMessage,
  kUpToDateMessage,
  kProposalMessage,
  kAckMessage,
  kCommitMessage,
  kPingMessage,
  kRequestMessage,
  kSyncMessage,
  // Disks: what failed; what happened to a copy.
  kRead,
  kWrite,
  kFsync,
  kFull,
  kRot,
  kBlock,
  kReordered,
  kWiped,
};
constexpr int kKindCount = static_cast<int>(Kind::kWiped) + 1;

/// Why a server ignored a message, abandoned a role or halted.  Every exit has its own reason, so
/// that reports can list the ones that were never reached.
enum class Reason : uint8_t {
  kNone,
  kStarted,             // looking: the process has started.
  kWrongPhase,          // A message that cannot occur in this phase.
  kStaleEpoch,          // LEADERINFO of an epoch older than promised.
  kUnknownAck,          // ACK of a zxid that the leader never sent.
  kNewerEpochPromised,  // FOLLOWERINFO of a server with a newer promise (REFERENCE.md D1).
  kNewerHistory,        // ACKEPOCH more recent than the leader's own history.
  kConnectionLost,
  kConnectFailed,
  kReadTimeout,
  kEpochTimeout,      // No quorum of FOLLOWERINFO or ACKEPOCH within init_limit.
  kNewLeaderTimeout,  // No quorum of NEWLEADER acks within init_limit.
  kQuorumLost,
  kSlowLearner,  // A proposal unacknowledged for sync_limit.
  kZxidOverflow,
  kBadBytes,         // Undecodable.
  kZxidGap,          // PROPOSAL that does not follow the last one of its epoch.
  kUnmatchedCommit,  // COMMIT that is not the head of the pending proposals.
  kCannotTruncate,   // TRUNC to a zxid that this history does not contain: asks for SNAP.
  kWrongNewLeaderAck,
  kDiskError,  // A write or fsync has failed: what is on disk is unknown, so it halts.
  kReplaced,   // A newer connection or notification took its place.
  kNotVoter,
  kNotServing,
  kBehindClient,        // The client has seen a later zxid than this server has applied.
  kLeaderBoundMessage,  // A message that only a leader takes.
  kDiskFull,
  kPromiseLost,     // acceptedEpoch cannot be read: what it has promised is unknown, so it halts.
  kUnmatchedReply,  // A reply of the leader answers none of this client's next requests.
};
constexpr int kReasonCount = static_cast<int>(Reason::kUnmatchedReply) + 1;

struct TraceEvent {
  Probe probe{};
  Kind kind = Kind::kNone;
  Reason reason = Reason::kNone;
  ServerId peer;  // The other server, or the other node, where there is one.
  Epoch epoch;
  Zxid zxid;
  int64_t client = 0;       // TxnHeader.clientId of the request concerned.
  int64_t number = 0;       // cxid of that request; or what the probe says.
  int32_t code = 0;         // ZooKeeper's error code.
  uint64_t txn = 0;         // Hash of the transaction's bytes: its identity beside the zxid.
  uint64_t tree = 0;        // Tree digest (REFERENCE.md 11.5).
  uint64_t connection = 0;  // The ConnectionId concerned, as the tracing process numbers it.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("probe", probe);
    field("kind", kind);
    field("reason", reason);
    field("peer", peer);
    field("epoch", epoch);
    field("zxid", zxid);
    field("client", client);
    field("number", number);
    field("code", code);
    field("txn", txn);
    field("tree", tree);
    field("connection", connection);
  }
};

/// The name in scenarios and traces, such as "sync_decided".
absl::string_view Name(Probe probe);
/// "diff", "PROPOSAL".
absl::string_view Name(Kind kind);
/// "stale_epoch".
absl::string_view Name(Reason reason);

}  // namespace zab
