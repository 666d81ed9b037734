// A follower's connection, discovery (phase 1) and broadcast (phase 3).
#include "protocol/roles/follower.h"

#include <utility>
#include <variant>

#include "protocol/base/overloaded.h"
#include "protocol/boundary/message_kind.h"
#include "protocol/roles/connection.h"

namespace zab {
namespace {

constexpr int kConnectAttempts = 5;
constexpr Duration kConnectRetryDelay = Milliseconds(100);

}  // namespace

void Follower::Start(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kConnecting && !connection_ && leader_ != core.config.self) << *this;
  // ZOOKEEPER-4712: the log of the role before may still be on its way.
  ZAB_CHECK(core.DiskIdle() || core.config.known_bugs.late_append_after_fastforward) << *this;
  out.Emit({.probe = Probe::kPhaseChanged, .kind = Kind::kDiscovery});
  out.SetTimer({TimerName::kConnectLimit}, core.config.timing.InitTimeout());
  Connect(core, out);
}

void Follower::Leave(Outbox& out) {
  clients_.CloseAll(out);
  out.CancelTimer({TimerName::kConnectLimit});
  out.CancelTimer({TimerName::kConnectRetry});
  if (!connection_) return;
  out.CancelTimer({TimerName::kRead, *connection_});
  out.Close(*connection_);
}

void Follower::Enter(Phase next, Outbox& out) {
  ZAB_CHECK(IsLegal(kTransitions, phase_, next)) << "to " << Name(next) << ": " << *this;
  phase_ = next;
  if (next == Phase::kAwaitingSync) {
    out.Emit({.probe = Probe::kPhaseChanged, .kind = Kind::kSynchronization});
  }
  if (next == Phase::kBroadcast) {
    out.Emit({.probe = Probe::kPhaseChanged, .kind = Kind::kBroadcast});
  }
}

void Follower::Abandon(Reason why, Outbox& out) {
  if (abandoned_) return;
  out.Emit({.probe = Probe::kAbandoned, .reason = why, .peer = leader_});
  abandoned_ = why;
}

bool Follower::Reads() const {
  switch (phase_) {
    case Phase::kDiscovery:
    case Phase::kAwaitingSync:
    case Phase::kReceiving:
    case Phase::kSyncing:
    case Phase::kJoined:
    case Phase::kBroadcast: return true;
    case Phase::kConnecting:
    case Phase::kPromising:
    case Phase::kInspecting:
    case Phase::kTruncating:
    case Phase::kSaving:
    case Phase::kJoining:
    case Phase::kAcking: return false;
  }
  return false;
}

void Follower::HandOver(TaskName task, Core& core, Outbox& out) {
  out.HandOver({task, core.role_serial});
}

// ---- Connection ---------------------------------------------------------------------------------

void Follower::Connect(Core& core, Outbox& out) {
  ++attempts_;
  decoder_ = QuorumDecoder(ReadingEnd::kLearner);
  connection_ = out.Connect(leader_, Port::kQuorum);
  (void)core;
}

// Phase 1 begins: send the leader the newest promised epoch.  (DSN'11 CEPOCH; ZK
// registerWithLeader.)
void Follower::OnConnected(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kConnecting && connection_) << *this;
  out.CancelTimer({TimerName::kConnectLimit});
  out.Emit({.probe = Probe::kChannelUp, .peer = leader_, .connection = connection_->value});
  Enter(Phase::kDiscovery, out);
  WatchConnection(core, out);
  const Epoch accepted = core.epochs.accepted();
  out.Emit({.probe = Probe::kFollowerInfo, .peer = leader_, .epoch = accepted});
  SendMessage(leader_, *connection_, FollowerInfo{accepted, core.config.self}, out);
}

void Follower::OnConnectFailed(Core& core, Outbox& out) {
  (void)core;
  ZAB_CHECK(phase_ == Phase::kConnecting && connection_) << *this;
  connection_.reset();
  if (attempts_ >= kConnectAttempts) return Abandon(Reason::kConnectFailed, out);
  out.SetTimer({TimerName::kConnectRetry}, kConnectRetryDelay);
}

void Follower::OnClosed(ConnectionId connection, Outbox& out) {
  if (connection_ != connection) return clients_.OnClosed(connection);
  out.Emit({.probe = Probe::kChannelDown, .peer = leader_, .connection = connection.value});
  out.CancelTimer({TimerName::kRead, connection});
  connection_.reset();
  Abandon(Reason::kConnectionLost, out);
}

// The read timeout: init_limit until NEWLEADER is received, sync_limit from then on (ZK 3.8).
void Follower::WatchConnection(Core& core, Outbox& out) {
  const Timing& timing = core.config.timing;
  out.SetTimer({TimerName::kRead, *connection_},
               phase_ < Phase::kSaving ? timing.InitTimeout() : timing.SyncTimeout());
}

void Follower::OnTimer(TimerId timer, Core& core, Outbox& out) {
  switch (timer.name) {
    case TimerName::kConnectRetry: return Connect(core, out);
    case TimerName::kConnectLimit: return Abandon(Reason::kConnectFailed, out);
    case TimerName::kRead:
      if (!connection_ || timer.connection != *connection_) return;
      // While waiting for the disk, the socket is not read.
      if (!Reads()) return WatchConnection(core, out);
      return Abandon(Reason::kReadTimeout, out);
    case TimerName::kNotification:
    case TimerName::kFinalize:
    case TimerName::kHandshake:
    case TimerName::kPhaseLimit:
    case TimerName::kTick:
    case TimerName::kFlush: return;  // Not timers of this role.
  }
}

void Follower::OnReceived(absl::string_view bytes, Core& core, Outbox& out) {
  ZAB_CHECK(connection_ && phase_ != Phase::kConnecting) << *this;
  decoder_.Feed(bytes);
  WatchConnection(core, out);
  Pump(core, out);
}

// After a wait for the disk: the next read has the full timeout, however long the wait was.
void Follower::ReadOn(Core& core, Outbox& out) {
  if (abandoned_) return;
  WatchConnection(core, out);
  Pump(core, out);
}

// Decodes received packets until it has to wait for something.
void Follower::Pump(Core& core, Outbox& out) {
  while (!abandoned_ && Reads()) {
    if (phase_ == Phase::kReceiving) {
      ReceiveSnapshot(core, out);
      if (phase_ == Phase::kReceiving) return;
      continue;
    }
    absl::StatusOr<std::optional<Message>> message = decoder_.Next();
    if (!message.ok()) return Abandon(Reason::kBadBytes, out);
    if (!message->has_value()) return;
    TraceDelivered(leader_, *connection_, **message, out);
    OnMessage(**message, core, out);
  }
}

// In protocol order.  A learner's decoder never returns messages for a leader.
void Follower::OnMessage(const Message& message, Core& core, Outbox& out) {
  ZAB_CHECK(connection_ && Reads() && phase_ != Phase::kReceiving) << *this;
  std::visit(Overloaded{[&](const LeaderInfo& m) { OnLeaderInfo(m, core, out); },
                        [&](const Diff& m) { OnDiff(m, core, out); },
                        [&](const Trunc& m) { OnTrunc(m, core, out); },
                        [&](const Snap& m) { OnSnap(m, core, out); },
                        [&](const NewLeader& m) { OnNewLeader(m, core, out); },
                        [&](const UpToDate&) { OnUpToDate(core, out); },
                        [&](const Proposal& m) { OnProposal(m, core, out); },
                        [&](const Commit& m) { OnCommit(m, core, out); },
                        [&](const Ping& m) { OnPing(m, out); },
                        [&](const SyncReply&) { OnSyncReply(core, out); },
                        [&](const RevalidateReply&) {  // Our own clients have no sessions.
                          out.Emit({.probe = Probe::kIgnored,
                                    .kind = KindOf(message),
                                    .reason = Reason::kWrongPhase,
                                    .peer = leader_});
                        },
                        [&](const SentByLearner auto&) {
                          out.Emit({.probe = Probe::kIgnored,
                                    .kind = KindOf(message),
                                    .reason = Reason::kLeaderBoundMessage,
                                    .peer = leader_});
                        }},
             message);
}

// ---- Discovery ----------------------------------------------------------------------------------

// Phase 1: promise to follow no leader of an older epoch.  ACKEPOCH makes the promise public, so it
// waits for the disk (P1).  (DSN'11 phase 1; TLA FollowerProcessNEWEPOCH; ZK Learner.java)
void Follower::OnLeaderInfo(const LeaderInfo& message, Core& core, Outbox& out) {
  if (phase_ != Phase::kDiscovery) return Abandon(Reason::kWrongPhase, out);
  const Epoch accepted = core.epochs.accepted();
  if (message.new_epoch < accepted) return Abandon(Reason::kStaleEpoch, out);
  epoch_ = message.new_epoch;
  if (message.new_epoch == accepted) {
    return AcknowledgeEpoch(std::nullopt, core,
                            out);  // -1 on the wire, since a promise counts once.
  }
  wants_snapshot_ = false;  // This ACKEPOCH counts, so it must have the true zxid.
  Enter(Phase::kPromising, out);
  core.epochs.StoreAccepted(message.new_epoch, out);
}

void Follower::OnEpochStored(Core& core, Outbox& out) {
  // ZOOKEEPER-4643: currentEpoch comes before the history.
  ZAB_CHECK(phase_ == Phase::kPromising || phase_ == Phase::kJoining ||
            core.config.known_bugs.epoch_before_history)
      << *this;
  if (phase_ == Phase::kPromising) {
    AcknowledgeEpoch(core.epochs.current(), core, out);
  } else if (phase_ == Phase::kJoining) {
    Enter(Phase::kAcking, out);
    HandOver(TaskName::kAckNewLeader, core, out);
  }
  ReadOn(core, out);
}

void Follower::AcknowledgeEpoch(std::optional<Epoch> current_epoch, Core& core, Outbox& out) {
  ZAB_CHECK(core.epochs.accepted() == epoch_ && !core.epochs.busy()) << *this;  // P1.
  Enter(Phase::kAwaitingSync, out);
  std::optional<Zxid> zxid = core.AnnouncedZxid();
  if (wants_snapshot_) zxid.reset();
  out.Emit({.probe = Probe::kAckEpoch,
            .peer = leader_,
            .epoch = epoch_,
            .zxid = zxid.value_or(Zxid{}),
            .number = current_epoch ? int64_t{current_epoch->value} : -1});
  SendMessage(leader_, *connection_, AckEpoch{zxid, current_epoch}, out);
}

// ---- Broadcast ----------------------------------------------------------------------------------

void Follower::OnProposal(const Proposal& message, Core& core, Outbox& out) {
  const Zxid zxid = message.txn->zxid();
  if (phase_ != Phase::kSyncing && phase_ != Phase::kJoined && phase_ != Phase::kBroadcast) {
    return Abandon(Reason::kWrongPhase, out);
  }
  // 3.9.4: a gap within an epoch means that this learner has missed a transaction.  Between SNAP
  // and NEWLEADER the first proposal may already be in the snapshot (REFERENCE.md 7.6 step 2).
  const bool in_snapshot =
      phase_ == Phase::kSyncing && kind_ == Kind::kSnap && !last_queued_ && zxid <= sync_zxid_;
  const bool follows = Follows(zxid, last_queued_.value_or(core.database.last_processed),
                               core.config.limits.initial_counter);
  if (!in_snapshot && !follows && !core.config.known_bugs.OverlooksGaps()) {
    return Abandon(Reason::kZxidGap, out);
  }
  last_queued_ = zxid;
  if (phase_ != Phase::kBroadcast) {
    not_committed_.push_back(message.txn);
    return;
  }
  Log(message.txn, core, out);
}

// Phase 3: accept, and acknowledge once it is durable (P5).
void Follower::Log(TxnRef txn, Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kBroadcast) << *this;
  core.Log(txn, out);
  to_acknowledge_.push_back(std::move(txn));
}

void Follower::OnLogSynced(Core& core, Outbox& out) {
  if (phase_ == Phase::kSaving && core.log.idle()) HistorySaved(core, out);
  if (phase_ == Phase::kBroadcast || !to_acknowledge_.empty()) {
    HandOver(TaskName::kAcknowledge, core, out);
  }
}

void Follower::AcknowledgeSynced(Core& core, Outbox& out) {
  // ZOOKEEPER-4685: proposals are acknowledged before NEWLEADER is.
  ZAB_CHECK(to_acknowledge_.empty() || phase_ == Phase::kBroadcast ||
            core.config.known_bugs.proposal_ack_before_newleader_ack)
      << *this;
  while (!to_acknowledge_.empty() && to_acknowledge_.front()->zxid() <= core.log.last_synced()) {
    const Txn& txn = *to_acknowledge_.front();
    out.Emit({.probe = Probe::kAcked, .peer = leader_, .zxid = txn.zxid(), .txn = txn.hash});
    SendMessage(leader_, *connection_, Ack{txn.zxid()}, out);
    to_acknowledge_.pop_front();
  }
}

void Follower::OnCommit(const Commit& message, Core& core, Outbox& out) {
  if (phase_ == Phase::kSyncing || phase_ == Phase::kJoined) {
    return QueueCommit(message.zxid, core, out);
  }
  if (phase_ != Phase::kBroadcast) return Abandon(Reason::kWrongPhase, out);
  // Stop rather than apply out of order (ZooKeeper's exit 12); this never happens in a correct
  // ensemble.
  if (committed_count_ >= core.unapplied.size() ||
      core.unapplied[committed_count_]->zxid() != message.zxid) {
    return out.Halt(Reason::kUnmatchedCommit);
  }
  ++committed_count_;
  HandOver(TaskName::kApply, core, out);
}

void Follower::ApplyCommitted(Core& core, Outbox& out) {
  ZAB_CHECK(committed_count_ <= core.unapplied.size()) << *this;
  while (committed_count_ > 0) {
    --committed_count_;
    ++applied_;
    Deliver(core, clients_, out);
    while (!sync_replies_.empty() && sync_replies_.front() <= applied_) {
      sync_replies_.pop_front();
      clients_.OnSyncReply(core, out);
    }
  }
}

// Heartbeats are answered in broadcast only (REFERENCE.md 7.6 steps 2 and 4).
void Follower::OnPing(const Ping& message, Outbox& out) {
  if (phase_ < Phase::kSyncing) return Abandon(Reason::kWrongPhase, out);
  if (phase_ == Phase::kBroadcast) {
    SendMessage(leader_, *connection_, Ping{message.zxid, true}, out);
  }
}

// It comes after the COMMITs sent before it on the same connection: once those are applied, this
// server has everything that the leader had committed when the sync reached it.
void Follower::OnSyncReply(Core& core, Outbox& out) {
  if (phase_ != Phase::kBroadcast) return Abandon(Reason::kWrongPhase, out);
  if (committed_count_ == 0) return clients_.OnSyncReply(core, out);
  sync_replies_.push_back(applied_ + committed_count_);
}

void Follower::OnTask(TaskName task, Core& core, Outbox& out) {
  switch (task) {
    case TaskName::kAcknowledge: return AcknowledgeSynced(core, out);
    case TaskName::kApply: return ApplyCommitted(core, out);
    case TaskName::kAckNewLeader: return AcknowledgeNewLeader(core, out);
    case TaskName::kOwnNotification:
    case TaskName::kSnapshotChunk: return;  // Handled by the peer.
  }
}

// ---- Clients ------------------------------------------------------------------------------------

void Follower::OnClientConnected(const ClientConnected& input, Core& core, Outbox& out) {
  clients_.OnConnected(input, core, out);
}

void Follower::OnClientRequest(const ClientRequest& request, Core& core, Outbox& out) {
  const auto submitted = clients_.OnRequest(request, /*sync_is_read=*/false, core, out);
  if (!submitted) return;
  SendMessage(leader_, *connection_,
              ForwardedRequest{submitted->client_id, submitted->cxid, submitted->operation}, out);
}

}  // namespace zab
