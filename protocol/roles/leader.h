// The leader: discovery, synchronisation and broadcast on the leader's side (REFERENCE.md 6 to 8;
// ZK Leader.java, LearnerHandler.java).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <ostream>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "protocol/roles/clients.h"
#include "protocol/roles/core.h"
#include "protocol/roles/learner_handler.h"
#include "protocol/roles/sessions.h"
#include "protocol/roles/sync_plan.h"
#include "protocol/roles/transitions.h"
#include "protocol/tree/preparer.h"
#include "protocol/wire/messages.h"

namespace zab {

class Leader {
 public:
  /// In protocol order.
  enum class Phase : uint8_t {
    kDiscovery,        // Counts FOLLOWERINFOs.
    kStoringAccepted,  // The new epoch is fixed; acceptedEpoch is being stored (P2).
    kCountingAckEpochs,
    kStoringCurrent,   // A quorum has promised; currentEpoch is being stored (P4).
    kSynchronization,  // Counts NEWLEADER acks.
    kBroadcast,        // Established.
  };

  /// It only moves forwards.
  static constexpr Transition<Phase> kTransitions[] = {
      {Phase::kDiscovery, Phase::kStoringAccepted},
      {Phase::kStoringAccepted, Phase::kCountingAckEpochs},
      {Phase::kCountingAckEpochs, Phase::kStoringCurrent},
      {Phase::kStoringCurrent, Phase::kSynchronization},
      {Phase::kSynchronization, Phase::kBroadcast},
  };

  void Start(Core& core, Outbox& out);
  /// The role has ended: closes its connections.
  void Leave(Outbox& out);

  bool Owns(ConnectionId connection) const {
    return handlers_.contains(connection) || clients_.Owns(connection);
  }
  void OnAccepted(ConnectionId connection, Core& core, Outbox& out);
  void OnReceived(ConnectionId connection, absl::string_view bytes, Core& core, Outbox& out);
  void OnSendDone(ConnectionId connection, Core& core, Outbox& out);
  void OnClosed(ConnectionId connection, Outbox& out);
  void OnTimer(TimerId timer, Core& core, Outbox& out);

  // Completions of the disk.
  void OnFileDone(const FileDone& done, Core& core, Outbox& out);
  void OnEpochStored(Core& core, Outbox& out);
  void OnLogSynced(Core& core, Outbox& out);

  /// Tasks.
  void OnTask(TaskName task, Core& core, Outbox& out);

  void OnClientConnected(const ClientConnected& input, Core& core, Outbox& out);
  void OnClientRequest(const ClientRequest& request, Core& core, Outbox& out);

  Phase phase() const { return phase_; }
  Epoch epoch() const { return epoch_; }
  /// Set once the role has ended; then the peer becomes LOOKING.
  std::optional<Reason> abandoned() const { return abandoned_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("phase", phase_);
    field("abandoned", abandoned_);
    field("epoch", epoch_);
    field("handlers", handlers_);
    field("connecting", connecting_);
    field("electing", electing_);
    field("newleader_acks", newleader_acks_);
    field("initial_epoch", initial_epoch_);
    field("initial_zxid", initial_zxid_);
    field("last_proposed", last_proposed_);
    field("last_committed", last_committed_);
    field("outstanding", outstanding_);
    field("committed_count", committed_count_);
    field("self_acked", self_acked_);
    field("preparer", preparer_);
    field("pending_syncs", pending_syncs_);
    field("clients", clients_);
    field("sessions", sessions_);
    field("tick", tick_);
    field("tick_skip", tick_skip_);
  }

 private:
  struct Outstanding {
    TxnRef txn;
    absl::btree_set<ServerId> acks;

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("txn", txn);
      field("acks", acks);
    }
  };

  // leader.cc: the role, discovery.
  void Pump(ConnectionId connection, Core& core, Outbox& out);
  void OnMessage(LearnerHandler& handler, const Message& message, Core& core, Outbox& out);
  void OnFollowerInfo(LearnerHandler& handler, const FollowerInfo& message, Core& core,
                      Outbox& out);
  void OnAckEpoch(LearnerHandler& handler, const AckEpoch& message, Core& core, Outbox& out);
  void CountFollowerInfos(Core& core, Outbox& out);
  void CountAckEpochs(Core& core, Outbox& out);
  void SendLeaderInfo(LearnerHandler& handler, Core& core, Outbox& out);
  void CloseHandler(LearnerHandler& handler, Reason why, Outbox& out);
  void WatchHandler(LearnerHandler& handler, Core& core, Outbox& out);

  // leader_sync.cc: synchronisation.
  void Synchronise(LearnerHandler& handler, const std::optional<std::vector<TxnRef>>& disk_log,
                   Core& core, Outbox& out);
  void StartForwarding(LearnerHandler& handler, Core& core, Outbox& out);
  void SendSnapshotChunk(LearnerHandler& handler, Core& core, Outbox& out);
  void SendNewLeader(LearnerHandler& handler, Core& core, Outbox& out);
  void OnNewLeaderAck(LearnerHandler& handler, const Ack& message, Core& core, Outbox& out);
  void CountNewLeaderAcks(Core& core, Outbox& out);
  void SendUpToDate(LearnerHandler& handler, Core& core, Outbox& out);
  void AdmitWaiting(Core& core, Outbox& out);

  // leader_broadcast.cc: broadcast.
  void Establish(Core& core, Outbox& out);
  void Propose(int64_t client_id, int32_t cxid, const Operation& operation, Core& core,
               Outbox& out);
  void OnForwardedRequest(LearnerHandler& handler, const ForwardedRequest& message, Core& core,
                          Outbox& out);
  void OnRevalidate(LearnerHandler& handler, const Revalidate& message, Core& core, Outbox& out);
  void ExpireSessions(Core& core, Outbox& out);
  void OnAck(LearnerHandler& handler, const Ack& message, Core& core, Outbox& out);
  /// Null if it was not proposed or is already committed.
  Outstanding* FindOutstanding(Zxid zxid);
  void CountAck(ServerId server, Zxid zxid, Core& core, Outbox& out);
  void CommitReady(Core& core, Outbox& out);
  void AcknowledgeSynced(Core& core, Outbox& out);
  void ApplyCommitted(Core& core, Outbox& out);
  void OnTick(Core& core, Outbox& out);
  void PingLearners(Core& core, Outbox& out);
  /// Sends, or queues after a snapshot stream.
  void Queue(LearnerHandler& handler, const Packet& packet, Core& core, Outbox& out);
  void Forward(const Packet& packet, Core& core, Outbox& out);

  void Enter(Phase next, Core& core, Outbox& out);
  /// The role ends: back to LOOKING.
  void Abandon(Reason why, Outbox& out);
  /// Handlers may be added and removed meanwhile.
  template <class Action>
  void ForEachIn(LearnerHandler::Phase phase, Action&& action) {
    std::vector<ConnectionId> there;
    for (const auto& [id, handler] : handlers_) {
      if (handler.phase == phase) there.push_back(id);
    }
    for (const ConnectionId id : there) {
      if (const auto it = handlers_.find(id); it != handlers_.end()) action(it->second);
    }
  }

  Phase phase_ = Phase::kDiscovery;
  std::optional<Reason> abandoned_;
  Epoch epoch_;  // Fixed from kStoringAccepted on; before, the largest candidate so far.
  // A std::map, because references to handlers must survive changes of others.
  std::map<ConnectionId, LearnerHandler> handlers_;

  // The servers counted in each phase, including self.
  absl::btree_set<ServerId> connecting_;  // FOLLOWERINFO.
  absl::btree_set<ServerId> electing_;    // ACKEPOCH.
  absl::btree_set<ServerId> newleader_acks_;
  Epoch initial_epoch_;  // currentEpoch and last zxid at the start; a server with a newer history
                         // must lead.
  Zxid initial_zxid_;    // Also the end of the initial history.

  // Broadcast.
  Zxid last_proposed_;
  Zxid last_committed_;
  std::deque<Outstanding> outstanding_;  // Proposed but not committed; ascending, contiguous.
  size_t committed_count_ = 0;           // How many of core.unapplied are committed.
  Zxid self_acked_;                      // The last of the leader's own acks counted.
  Preparer preparer_;
  /// Learners whose sync waits for the commit of a zxid.
  std::deque<std::pair<Zxid, ConnectionId>> pending_syncs_;
  Clients clients_;
  Sessions sessions_;
  int64_t tick_ = 0;
  bool tick_skip_ =
      true;  // Toggles each half tick; if true, the tick is not counted and the quorum not checked.
};

/// "counting_ack_epochs".
absl::string_view Name(Leader::Phase phase);
/// Its fields, for failed checks.
std::ostream& operator<<(std::ostream& out, const Leader& leader);

}  // namespace zab
