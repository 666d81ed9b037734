// The learner: discovery, synchronisation and broadcast on the follower's side (REFERENCE.md 6,
// 7.6, 8.4; ZK Learner.java, Follower.java).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <ostream>

#include "protocol/roles/clients.h"
#include "protocol/roles/core.h"
#include "protocol/roles/transitions.h"
#include "protocol/storage/directory.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/wire/codec.h"
#include "protocol/wire/messages.h"

namespace zab {

class Follower {
 public:
  /// In protocol order.
  enum class Phase : uint8_t {
    kConnecting,    // No connection to the leader yet.
    kDiscovery,     // FOLLOWERINFO is sent; waiting for LEADERINFO.
    kPromising,     // acceptedEpoch is being stored (P1).
    kAwaitingSync,  // ACKEPOCH is sent; waiting for DIFF, TRUNC or SNAP.
    kInspecting,    // TRUNC: the directory is read to check whether it can be performed.
    kTruncating,    // TRUNC is in progress on the disk (P6).
    kReceiving,     // SNAP: the stream is being received.
    kSyncing,       // PROPOSALs and COMMITs up to NEWLEADER.
    kSaving,        // NEWLEADER is received; the history is being stored (P3, P7).
    kJoining,       // The history is durable; currentEpoch is being stored (P3).
    kAcking,        // currentEpoch is durable; the ACK is scheduled.
    kJoined,        // NEWLEADER is acknowledged; waiting for UPTODATE.
    kBroadcast,
  };

  /// It only moves forwards, but for a TRUNC that it cannot obey.
  static constexpr Transition<Phase> kTransitions[] = {
      {Phase::kConnecting, Phase::kDiscovery},
      {Phase::kDiscovery, Phase::kPromising},
      {Phase::kDiscovery, Phase::kAwaitingSync},  // The epoch was promised before.
      {Phase::kPromising, Phase::kAwaitingSync},
      {Phase::kAwaitingSync, Phase::kInspecting},  // TRUNC.
      {Phase::kAwaitingSync, Phase::kReceiving},   // SNAP.
      {Phase::kAwaitingSync, Phase::kSyncing},     // DIFF.
      {Phase::kInspecting, Phase::kConnecting},    // It cannot be obeyed.
      {Phase::kInspecting, Phase::kTruncating},
      {Phase::kTruncating, Phase::kSyncing},
      {Phase::kReceiving, Phase::kSyncing},
      {Phase::kSyncing, Phase::kSaving},
      {Phase::kSaving, Phase::kJoining},
      {Phase::kJoining, Phase::kAcking},
      {Phase::kAcking, Phase::kJoined},
      {Phase::kJoined, Phase::kBroadcast},
  };

  explicit Follower(ServerId leader) : leader_(leader) {}

  /// Begins to connect.
  void Start(Core& core, Outbox& out);
  /// The role has ended: closes its connections.
  void Leave(Outbox& out);

  bool Owns(ConnectionId connection) const {
    return connection_ == connection || clients_.Owns(connection);
  }
  void OnConnected(Core& core, Outbox& out);
  void OnConnectFailed(Core& core, Outbox& out);
  void OnReceived(absl::string_view bytes, Core& core, Outbox& out);
  void OnClosed(ConnectionId connection, Outbox& out);
  void OnTimer(TimerId timer, Core& core, Outbox& out);

  // Completions of the disk.
  void OnFileDone(const FileDone& done, Core& core, Outbox& out);
  void OnEpochStored(Core& core, Outbox& out);
  void OnLogSynced(Core& core, Outbox& out);
  void OnHistoryChanged(Core& core, Outbox& out);

  /// Tasks.
  void OnTask(TaskName task, Core& core, Outbox& out);

  void OnClientConnected(const ClientConnected& input, Core& core, Outbox& out);
  void OnClientRequest(const ClientRequest& request, Core& core, Outbox& out);

  Phase phase() const { return phase_; }
  ServerId leader() const { return leader_; }
  /// Set once the role has ended; then the peer becomes LOOKING.
  std::optional<Reason> abandoned() const { return abandoned_; }
  /// Whether the tree in memory came by SNAP and is not on disk, so that the tree must be restored
  /// from the disk.
  bool unsaved_snapshot() const { return unsaved_snapshot_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("phase", phase_);
    field("abandoned", abandoned_);
    field("leader", leader_);
    field("connection", connection_);
    field("attempts", attempts_);
    field("decoder", decoder_);
    field("epoch", epoch_);
    field("wants_snapshot", wants_snapshot_);
    field("kind", kind_);
    field("sync_zxid", sync_zxid_);
    field("reader", reader_);
    field("snapshot", snapshot_);
    field("unsaved_snapshot", unsaved_snapshot_);
    field("listing", listing_);
    field("not_committed", not_committed_);
    field("committed", committed_);
    field("handed_on", handed_on_);
    field("last_queued", last_queued_);
    field("committed_count", committed_count_);
    field("to_acknowledge", to_acknowledge_);
    field("applied", applied_);
    field("sync_replies", sync_replies_);
    field("clients", clients_);
  }

 private:
  // follower.cc: connection, discovery, broadcast.
  void Connect(Core& core, Outbox& out);
  void Pump(Core& core, Outbox& out);
  void ReadOn(Core& core, Outbox& out);
  void OnMessage(const Message& message, Core& core, Outbox& out);
  void OnLeaderInfo(const LeaderInfo& message, Core& core, Outbox& out);
  void AcknowledgeEpoch(std::optional<Epoch> current_epoch, Core& core, Outbox& out);
  void OnProposal(const Proposal& message, Core& core, Outbox& out);
  void OnCommit(const Commit& message, Core& core, Outbox& out);
  void OnPing(const Ping& message, Outbox& out);
  void OnSyncReply(Core& core, Outbox& out);
  void Log(TxnRef txn, Core& core, Outbox& out);
  void AcknowledgeSynced(Core& core, Outbox& out);
  void ApplyCommitted(Core& core, Outbox& out);

  // follower_sync.cc: synchronisation.
  void OnDiff(const Diff& message, Core& core, Outbox& out);
  void OnTrunc(const Trunc& message, Core& core, Outbox& out);
  void OnSnap(const Snap& message, Core& core, Outbox& out);
  void OnNewLeader(const NewLeader& message, Core& core, Outbox& out);
  void OnUpToDate(Core& core, Outbox& out);
  void Inspected(Core& core, Outbox& out);
  void AskForSnapshot(Core& core, Outbox& out);
  void ReceiveSnapshot(Core& core, Outbox& out);
  void BeginSyncing(Kind kind, Core& core, Outbox& out);
  void QueueCommit(Zxid zxid, Core& core, Outbox& out);
  void SaveCommitted(Core& core, Outbox& out);
  void HistorySaved(Core& core, Outbox& out);
  void AcknowledgeNewLeader(Core& core, Outbox& out);

  void Enter(Phase next, Outbox& out);
  /// The role ends: back to LOOKING.
  void Abandon(Reason why, Outbox& out);
  void WatchConnection(Core& core, Outbox& out);
  /// Whether packets are decoded in this phase; otherwise they wait, as in a TCP buffer.
  bool Reads() const;
  void HandOver(TaskName task, Core& core, Outbox& out);

  Phase phase_ = Phase::kConnecting;
  std::optional<Reason> abandoned_;
  ServerId leader_;  // The leader that was elected; never changes in this role.
  std::optional<ConnectionId> connection_;
  int attempts_ = 0;  // Attempts to connect.
  QuorumDecoder decoder_{ReadingEnd::kLearner};
  Epoch epoch_;                  // The leader's epoch, from LEADERINFO on.
  bool wants_snapshot_ = false;  // A TRUNC could not be performed (REFERENCE.md 15.6).

  // Synchronisation.
  Kind kind_ = Kind::kNone;   // kDiff, kTrunc or kSnap.
  Zxid sync_zxid_;            // Of TRUNC or SNAP.
  DirectoryReader reader_;    // Only in kInspecting.
  SnapshotDecoder snapshot_;  // Only in kReceiving.
  bool unsaved_snapshot_ = false;
  std::optional<OperationId> listing_;  // SNAP in kSaving: lists the files to replace.
  std::deque<TxnRef> not_committed_;
  std::deque<TxnRef> committed_;
  std::deque<TxnRef> handed_on_;     // Of not_committed_, with drop_outstanding_on_newleader.
  std::optional<Zxid> last_queued_;  // The last proposal; the next one must follow it.

  // Broadcast.
  size_t committed_count_ = 0;         // How many of core.unapplied are committed.
  std::deque<TxnRef> to_acknowledge_;  // Logged since UPTODATE.
  uint64_t applied_ = 0;               // The number of transactions applied in this role.
  std::deque<uint64_t> sync_replies_;  // Each waits until applied_ has this value.
  Clients clients_;
};

/// "awaiting_sync".
absl::string_view Name(Follower::Phase phase);
/// Its fields, for failed checks.
std::ostream& operator<<(std::ostream& out, const Follower& follower);

}  // namespace zab
