// A leader's broadcast (phase 3), its clock and its heartbeats.
#include <algorithm>
#include <utility>

#include "protocol/roles/leader.h"

namespace zab {

// A quorum holds the initial history of this epoch durably, so it is committed and serving may
// begin.  (DSN'11 phase 2, last step; ZK startZkServer)
void Leader::Establish(Core& core, Outbox& out) {
  ZAB_CHECK(core.config.IsQuorum(newleader_acks_) && core.unapplied.empty()) << *this;
  Enter(Phase::kBroadcast, core, out);
  out.Emit({.probe = Probe::kEstablished, .epoch = epoch_, .zxid = initial_zxid_});
  const Zxid start{epoch_, 0};
  last_committed_ = start;
  core.database.last_processed = start;
  core.election.current_vote.peer_epoch = epoch_;
  out.Emit({.probe = Probe::kServing,
            .epoch = epoch_,
            .zxid = start,
            .tree = core.database.tree.digest()});
  clients_.Open(out);
  for (const auto& [id, timeout] : core.database.tree.sessions) {
    sessions_.Open({id, timeout}, core.now.monotonic);
  }
  out.SetTimer({TimerName::kTick}, core.config.timing.tick_time / 2);
  AdmitWaiting(core, out);
}

// ---- Requests -----------------------------------------------------------------------------------

void Leader::OnClientConnected(const ClientConnected& input, Core& core, Outbox& out) {
  clients_.OnConnected(input, core, out);
}

void Leader::OnClientRequest(const ClientRequest& request, Core& core, Outbox& out) {
  const auto submitted = clients_.OnRequest(request, /*sync_is_read=*/true, core, out);
  if (submitted) Propose(submitted->client_id, submitted->cxid, submitted->operation, core, out);
}

void Leader::OnForwardedRequest(LearnerHandler& handler, const ForwardedRequest& message,
                                Core& core, Outbox& out) {
  ZAB_CHECK(handler.phase == LearnerHandler::Phase::kReady) << handler;
  if (message.operation.type != OpType::kSync) {
    if (message.operation.type == OpType::kCreateSession) {
      sessions_.Open({message.client_id, message.operation.timeout}, core.now.monotonic);
    }
    if (message.operation.type == OpType::kCloseSession) sessions_.Close(message.client_id);
    return Propose(message.client_id, message.cxid, message.operation, core, out);
  }
  if (outstanding_.empty()) return Queue(handler, MakePacket(SyncReply{}), core, out);
  pending_syncs_.emplace_back(last_proposed_, handler.connection);
}

// ---- Sessions -----------------------------------------------------------------------------------

// A client that has lost its server asks another to go on.  (ZK revalidateSession)
void Leader::OnRevalidate(LearnerHandler& handler, const Revalidate& message, Core& core,
                          Outbox& out) {
  const bool valid = sessions_.Touch(message.session, core.now.monotonic);
  Queue(handler, MakePacket(RevalidateReply{message.session.id, valid}), core, out);
}

void Leader::ExpireSessions(Core& core, Outbox& out) {
  for (const int64_t id : sessions_.Expired(core.now.monotonic)) {
    sessions_.Close(id);
    Propose(id, 0, {.type = OpType::kCloseSession}, core, out);
  }
}

// ---- Proposals ----------------------------------------------------------------------------------

// Every write gets a zxid, even one that fails its validation.  (DSN'11 phase 3; ZK Leader.propose)
void Leader::Propose(int64_t client_id, int32_t cxid, const Operation& operation, Core& core,
                     Outbox& out) {
  if (abandoned_) return;
  ZAB_CHECK(phase_ == Phase::kBroadcast && last_proposed_.epoch == epoch_) << *this;
  // After a counter of all ones the next would overflow into the epoch; a new epoch is needed first
  // (1277).
  if (last_proposed_.counter >= kLastCounter) return Abandon(Reason::kZxidOverflow, out);
  const Zxid zxid = last_proposed_.Next();
  last_proposed_ = zxid;
  const TxnHeader header{.client_id = client_id,
                         .cxid = cxid,
                         .zxid = zxid,
                         .time = core.now.wall.nanoseconds / 1'000'000};
  const TxnRef txn = preparer_.Prepare(core.database.tree, header, operation);
  outstanding_.push_back({txn, {}});
  out.Emit({.probe = Probe::kProposed,
            .zxid = zxid,
            .client = client_id,
            .number = cxid,
            .txn = txn->hash});
  Forward(MakePacket(Proposal{txn}), core, out);
  core.Log(txn, out);
}

void Leader::Queue(LearnerHandler& handler, const Packet& packet, Core& core, Outbox& out) {
  // Before UPTODATE it owes no ACK of a single proposal: its ACK of NEWLEADER stands for all.
  const bool owes_ack = handler.phase == LearnerHandler::Phase::kReady;
  if (owes_ack && packet.description.kind == Kind::kProposalMessage) {
    handler.sync_limit.OnProposal(packet.description.zxid, core.now.monotonic);
  }
  if (handler.phase == LearnerHandler::Phase::kSendingSnap) {
    handler.queue.push_back(packet);
  } else {
    SendPacket(handler.server, handler.connection, packet, out);
  }
}

void Leader::Forward(const Packet& packet, Core& core, Outbox& out) {
  for (auto& [id, handler] : handlers_) {
    if (handler.forwarding && packet.description.zxid > handler.seen)
      Queue(handler, packet, core, out);
  }
}

// ---- Acknowledgements ---------------------------------------------------------------------------

void Leader::OnAck(LearnerHandler& handler, const Ack& message, Core& core, Outbox& out) {
  ZAB_CHECK(handler.phase == LearnerHandler::Phase::kReady) << handler;
  handler.sync_limit.OnAck(message.zxid);
  CountAck(handler.server, message.zxid, core, out);
}

Leader::Outstanding* Leader::FindOutstanding(Zxid zxid) {
  if (outstanding_.empty()) return nullptr;
  const Zxid first = outstanding_.front().txn->zxid();
  if (zxid < first || zxid > outstanding_.back().txn->zxid()) return nullptr;
  return &outstanding_[zxid.counter - first.counter];
}

void Leader::CountAck(ServerId server, Zxid zxid, Core& core, Outbox& out) {
  // An ACK of NEWLEADER or UPTODATE, or of a proposal that a quorum without this server has
  // committed.
  if (zxid.counter == 0 || zxid <= last_committed_) return;
  Outstanding* const proposal = FindOutstanding(zxid);
  if (proposal == nullptr) {
    out.Emit({.probe = Probe::kIgnored,
              .kind = Kind::kAckMessage,
              .reason = Reason::kUnknownAck,
              .peer = server,
              .zxid = zxid});
    return;
  }
  proposal->acks.insert(server);
  CommitReady(core, out);
  AdmitWaiting(core, out);
}

// In zxid order: a proposal is committed once all before it are.  (REFERENCE.md D20)
void Leader::CommitReady(Core& core, Outbox& out) {
  while (!outstanding_.empty() && core.config.IsQuorum(outstanding_.front().acks)) {
    const TxnRef txn = std::move(outstanding_.front().txn);
    outstanding_.pop_front();
    const Zxid zxid = txn->zxid();
    ZAB_CHECK(zxid > last_committed_) << ToString(zxid) << ": " << *this;
    last_committed_ = zxid;
    TraceEvent event{.probe = Probe::kQuorum,
                     .zxid = zxid,
                     .client = txn->header.client_id,
                     .number = txn->header.cxid,
                     .txn = txn->hash};
    out.Emit(event);
    event.probe = Probe::kCommitted;
    out.Emit(event);
    Forward(MakePacket(Commit{zxid}), core, out);
    ++committed_count_;
    out.HandOver({TaskName::kApply, core.role_serial});
    while (!pending_syncs_.empty() && pending_syncs_.front().first <= zxid) {
      const auto it = handlers_.find(pending_syncs_.front().second);
      if (it != handlers_.end()) Queue(it->second, MakePacket(SyncReply{}), core, out);
      pending_syncs_.pop_front();
    }
  }
}

void Leader::OnLogSynced(Core& core, Outbox& out) {
  out.HandOver({TaskName::kAcknowledge, core.role_serial});
}

// The leader acknowledges to itself, like any follower, once a proposal is durable (P5).
void Leader::AcknowledgeSynced(Core& core, Outbox& out) {
  const Zxid synced = core.log.last_synced();
  self_acked_ = std::max(self_acked_, Zxid{epoch_, core.config.limits.initial_counter});
  while (self_acked_ < synced) {
    self_acked_ = self_acked_.Next();
    out.Emit({.probe = Probe::kAcked, .peer = core.config.self, .zxid = self_acked_});
    CountAck(core.config.self, self_acked_, core, out);
  }
}

void Leader::ApplyCommitted(Core& core, Outbox& out) {
  ZAB_CHECK(committed_count_ <= core.unapplied.size()) << *this;
  while (committed_count_ > 0) {
    --committed_count_;
    Deliver(core, clients_, out);
  }
  preparer_.Applied(core.database.last_processed);
}

// ---- The clock ----------------------------------------------------------------------------------

// Every half tick; every second time the tick is counted and the quorum checked.  (ZK lead()'s
// loop)
void Leader::OnTick(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kBroadcast) << *this;
  if (!tick_skip_) {
    ++tick_;
    absl::btree_set<ServerId> synced = {core.config.self};
    for (const auto& [id, handler] : handlers_) {
      if (handler.server != ServerId{} && tick_ <= handler.ack_deadline)
        synced.insert(handler.server);
    }
    if (!core.config.IsQuorum(synced)) {
      out.Emit({.probe = Probe::kQuorumLost, .epoch = epoch_});
      return Abandon(Reason::kQuorumLost, out);
    }
  }
  tick_skip_ = !tick_skip_;
  ExpireSessions(core, out);
  PingLearners(core, out);
  out.SetTimer({TimerName::kTick}, core.config.timing.tick_time / 2);
}

void Leader::PingLearners(Core& core, Outbox& out) {
  const Duration limit = core.config.timing.SyncTimeout();
  const Packet ping = MakePacket(Ping{last_proposed_});
  std::vector<ConnectionId> slow;
  for (auto& [id, handler] : handlers_) {
    if (!handler.Started()) continue;
    if (handler.sync_limit.Exceeded(core.now.monotonic, limit)) {
      slow.push_back(id);
    } else {
      SendPacket(handler.server, id, ping, out);
    }
  }
  for (const ConnectionId id : slow) {
    CloseHandler(handlers_.at(id), Reason::kSlowLearner, out);
  }
}

}  // namespace zab
