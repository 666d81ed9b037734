// A leader's connections and discovery (phase 1).
#include "protocol/roles/leader.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "protocol/base/overloaded.h"
#include "protocol/boundary/message_kind.h"

namespace zab {

void LearnerHandler::Enter(Phase next) {
  ZAB_CHECK(IsLegal(kTransitions, phase, next)) << "to " << Name(next) << ": " << *this;
  phase = next;
}

// ---- The role -----------------------------------------------------------------------------------

void Leader::Start(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kDiscovery && handlers_.empty() && !core.damaged) << *this;
  // ZOOKEEPER-4712: the log of the role before may still be on its way.
  ZAB_CHECK(core.DiskIdle() || core.config.known_bugs.late_append_after_fastforward) << *this;
  out.Emit({.probe = Probe::kPhaseChanged, .kind = Kind::kDiscovery});
  initial_epoch_ = core.epochs.current();
  initial_zxid_ = core.database.last_processed;
  self_acked_ = core.log.last_synced();
  if (core.config.known_bugs.snapshot_uncommitted_on_lead && !core.snapshots.busy()) {
    core.snapshots.Start(core.database, out);  // ZOOKEEPER-1549.
  }
  out.Listen(Port::kQuorum);
  out.SetTimer({TimerName::kPhaseLimit}, core.config.timing.InitTimeout());
  if (core.epochs.accepted() >= kLastEpoch) return Abandon(Reason::kZxidOverflow, out);
  connecting_.insert(core.config.self);
  epoch_ = core.epochs.accepted().Next();
  CountFollowerInfos(core, out);
}

void Leader::Leave(Outbox& out) {
  clients_.CloseAll(out);
  out.Unlisten(Port::kQuorum);
  out.CancelTimer({TimerName::kPhaseLimit});
  out.CancelTimer({TimerName::kTick});
  for (const auto& [id, handler] : handlers_) {
    out.CancelTimer({TimerName::kRead, id});
    out.Close(id);
  }
}

void Leader::Enter(Phase next, Core& core, Outbox& out) {
  ZAB_CHECK(IsLegal(kTransitions, phase_, next)) << "to " << Name(next) << ": " << *this;
  phase_ = next;
  // Each phase that waits for others has its own init_limit (REFERENCE.md 6.2).
  if (next == Phase::kCountingAckEpochs || next == Phase::kSynchronization) {
    out.SetTimer({TimerName::kPhaseLimit}, core.config.timing.InitTimeout());
  }
  if (next == Phase::kSynchronization) {
    out.Emit({.probe = Probe::kPhaseChanged, .kind = Kind::kSynchronization});
  }
  if (next == Phase::kBroadcast) {
    out.CancelTimer({TimerName::kPhaseLimit});
    out.Emit({.probe = Probe::kPhaseChanged, .kind = Kind::kBroadcast});
  }
}

void Leader::Abandon(Reason why, Outbox& out) {
  if (abandoned_) return;
  out.Emit({.probe = Probe::kAbandoned, .reason = why, .epoch = epoch_});
  abandoned_ = why;
}

void Leader::OnTimer(TimerId timer, Core& core, Outbox& out) {
  switch (timer.name) {
    case TimerName::kTick: return OnTick(core, out);
    case TimerName::kPhaseLimit:
      return Abandon(
          phase_ < Phase::kSynchronization ? Reason::kEpochTimeout : Reason::kNewLeaderTimeout,
          out);
    case TimerName::kRead: {
      const auto it = handlers_.find(timer.connection);
      if (it != handlers_.end()) CloseHandler(it->second, Reason::kReadTimeout, out);
      return;
    }
    case TimerName::kNotification:
    case TimerName::kFinalize:
    case TimerName::kHandshake:
    case TimerName::kConnectRetry:
    case TimerName::kConnectLimit:
    case TimerName::kFlush: return;  // Not of this role.
  }
}

// ---- Connections --------------------------------------------------------------------------------

void Leader::OnAccepted(ConnectionId connection, Core& core, Outbox& out) {
  ZAB_CHECK(!handlers_.contains(connection)) << connection.value << " twice: " << *this;
  LearnerHandler& handler = handlers_[connection];
  handler.connection = connection;
  handler.ack_deadline = tick_ + core.config.timing.init_limit + core.config.timing.sync_limit;
  WatchHandler(handler, core, out);
}

// init_limit until NEWLEADER is acknowledged, then sync_limit; none while the connection is not
// read.
void Leader::WatchHandler(LearnerHandler& handler, Core& core, Outbox& out) {
  const TimerId timer{TimerName::kRead, handler.connection};
  const Timing& timing = core.config.timing;
  if (!handler.Reads()) return out.CancelTimer(timer);
  out.SetTimer(timer, handler.phase == LearnerHandler::Phase::kReady ? timing.SyncTimeout()
                                                                     : timing.InitTimeout());
}

// Destroys `handler`.
void Leader::CloseHandler(LearnerHandler& handler, Reason why, Outbox& out) {
  const ConnectionId id = handler.connection;
  out.Emit({.probe = Probe::kChannelDown,
            .reason = why,
            .peer = handler.server,
            .connection = id.value});
  out.CancelTimer({TimerName::kRead, id});
  out.Close(id);
  handlers_.erase(id);
}

void Leader::OnClosed(ConnectionId connection, Outbox& out) {
  const auto it = handlers_.find(connection);
  if (it == handlers_.end()) return clients_.OnClosed(connection);
  out.Emit({.probe = Probe::kChannelDown,
            .reason = Reason::kConnectionLost,
            .peer = it->second.server,
            .connection = connection.value});
  out.CancelTimer({TimerName::kRead, connection});
  handlers_.erase(it);
}

void Leader::OnReceived(ConnectionId connection, absl::string_view bytes, Core& core, Outbox& out) {
  const auto it = handlers_.find(connection);
  ZAB_CHECK(it != handlers_.end()) << connection.value << ": " << *this;
  LearnerHandler& handler = it->second;
  handler.decoder.Feed(bytes);
  WatchHandler(handler, core, out);
  Pump(connection, core, out);
}

void Leader::Pump(ConnectionId connection, Core& core, Outbox& out) {
  while (!abandoned_) {
    const auto it = handlers_.find(connection);
    if (it == handlers_.end() || !it->second.Reads()) return;
    LearnerHandler& handler = it->second;
    absl::StatusOr<std::optional<Message>> message = handler.decoder.Next();
    if (!message.ok()) return CloseHandler(handler, Reason::kBadBytes, out);
    if (!message->has_value()) return;
    if (const auto* info = std::get_if<FollowerInfo>(&**message)) handler.server = info->server;
    TraceDelivered(handler.server, connection, **message, out);
    OnMessage(handler, **message, core, out);
  }
}

// In protocol order.  A leader's decoder never returns messages for a learner.
void Leader::OnMessage(LearnerHandler& handler, const Message& message, Core& core, Outbox& out) {
  using enum LearnerHandler::Phase;
  const LearnerHandler::Phase phase = handler.phase;
  if (phase == kReady) handler.ack_deadline = tick_ + core.config.timing.sync_limit;
  const auto refuse = [&] {
    out.Emit({.probe = Probe::kIgnored,
              .kind = KindOf(message),
              .reason = Reason::kWrongPhase,
              .peer = handler.server});
    CloseHandler(handler, Reason::kWrongPhase, out);
  };
  std::visit(Overloaded{[&](const FollowerInfo& m) {
                          if (phase != kAwaitingInfo) return refuse();
                          OnFollowerInfo(handler, m, core, out);
                        },
                        [&](const AckEpoch& m) {
                          if (phase != kAwaitingAckEpoch) return refuse();
                          OnAckEpoch(handler, m, core, out);
                        },
                        [&](const Ack& m) {
                          if (phase == kAwaitingAck) return OnNewLeaderAck(handler, m, core, out);
                          if (phase != kReady) return refuse();
                          OnAck(handler, m, core, out);
                        },
                        [&](const ForwardedRequest& m) {
                          if (phase != kReady) return refuse();
                          OnForwardedRequest(handler, m, core, out);
                        },
                        [&](const Ping& m) {
                          if (phase != kReady) return refuse();
                          for (const Session& session : m.sessions) {
                            sessions_.Touch(session, core.now.monotonic);
                          }
                        },
                        [&](const Revalidate& m) {
                          if (phase != kReady) return refuse();
                          OnRevalidate(handler, m, core, out);
                        },
                        [&](const SentByLeader auto&) { refuse(); }},
             message);
}

// ---- Discovery ----------------------------------------------------------------------------------

// The new epoch is larger than any that a quorum has promised.  (DSN'11 phase 1; TLA
// LeaderProcessCEPOCH; ZK getEpochToPropose)
void Leader::OnFollowerInfo(LearnerHandler& handler, const FollowerInfo& message, Core& core,
                            Outbox& out) {
  ZAB_CHECK(handler.phase == LearnerHandler::Phase::kAwaitingInfo) << handler;
  if (!core.config.IsVoter(message.server) || message.server == core.config.self) {
    return CloseHandler(handler, Reason::kNotVoter, out);
  }
  if (message.accepted_epoch >= kLastEpoch) {  // There is no larger epoch.
    return CloseHandler(handler, Reason::kZxidOverflow, out);
  }
  out.Emit(
      {.probe = Probe::kChannelUp, .peer = handler.server, .connection = handler.connection.value});
  handler.Enter(LearnerHandler::Phase::kAwaitingEpoch);
  WatchHandler(handler, core, out);
  if (phase_ == Phase::kDiscovery) {
    epoch_ = std::max(epoch_, message.accepted_epoch.Next());
    connecting_.insert(message.server);
    return CountFollowerInfos(core, out);
  }
  // The epoch is fixed and below that server's promise, so the server could never join.  The next
  // epoch will be larger (OWN-2; in ZooKeeper the server stays outside until the leader changes:
  // REFERENCE.md D1).
  if (message.accepted_epoch > epoch_) return Abandon(Reason::kNewerEpochPromised, out);
  if (phase_ > Phase::kStoringAccepted) SendLeaderInfo(handler, core, out);
}

void Leader::CountFollowerInfos(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kDiscovery && epoch_ > core.epochs.accepted()) << *this;
  if (!core.config.IsQuorum(connecting_)) return;
  Enter(Phase::kStoringAccepted, core, out);
  core.epochs.StoreAccepted(epoch_, out);
}

void Leader::OnEpochStored(Core& core, Outbox& out) {
  if (phase_ == Phase::kStoringAccepted) {
    ZAB_CHECK(core.epochs.accepted() == epoch_) << *this;
    Enter(Phase::kCountingAckEpochs, core, out);
    ForEachIn(LearnerHandler::Phase::kAwaitingEpoch,
              [&](LearnerHandler& handler) { SendLeaderInfo(handler, core, out); });
    electing_.insert(core.config.self);
    return CountAckEpochs(core, out);
  }
  // currentEpoch and the whole history (P8) are durable, so the leader's own ack counts (P4).
  ZAB_CHECK(core.epochs.current() == epoch_) << *this;
  Enter(Phase::kSynchronization, core, out);
  last_proposed_ = Zxid{epoch_, core.config.limits.initial_counter};
  out.Emit({.probe = Probe::kNewLeaderAcked, .peer = core.config.self, .epoch = epoch_});
  newleader_acks_.insert(core.config.self);
  ForEachIn(LearnerHandler::Phase::kAwaitingEpochAcks,
            [&](LearnerHandler& handler) { Synchronise(handler, std::nullopt, core, out); });
  CountNewLeaderAcks(core, out);
}

// The promise is durable here before anybody is asked for his (P2).
void Leader::SendLeaderInfo(LearnerHandler& handler, Core& core, Outbox& out) {
  ZAB_CHECK(phase_ > Phase::kStoringAccepted) << *this;
  handler.Enter(LearnerHandler::Phase::kAwaitingAckEpoch);
  WatchHandler(handler, core, out);
  out.Emit({.probe = Probe::kLeaderInfo, .peer = handler.server, .epoch = epoch_});
  SendMessage(handler.server, handler.connection, LeaderInfo{epoch_}, out);
}

// A follower with a newer history must not follow this leader, since its transactions could be
// committed.  (DSN'11 phase 1; TLA LeaderProcessACKEPOCH; ZK waitForEpochAck)
void Leader::OnAckEpoch(LearnerHandler& handler, const AckEpoch& message, Core& core, Outbox& out) {
  ZAB_CHECK(phase_ > Phase::kStoringAccepted) << *this;
  handler.last_zxid = message.last_zxid;
  handler.Enter(LearnerHandler::Phase::kAwaitingEpochAcks);
  WatchHandler(handler, core, out);
  if (phase_ > Phase::kStoringCurrent) return Synchronise(handler, std::nullopt, core, out);
  if (phase_ == Phase::kStoringCurrent || !message.current_epoch) return;
  const auto theirs = std::pair(*message.current_epoch, message.last_zxid.value_or(Zxid{}));
  if (theirs > std::pair(initial_epoch_, initial_zxid_)) {
    return CloseHandler(handler, Reason::kNewerHistory, out);
  }
  if (!message.last_zxid) return;  // A damaged history does not count.
  electing_.insert(handler.server);
  CountAckEpochs(core, out);
}

void Leader::CountAckEpochs(Core& core, Outbox& out) {
  if (phase_ != Phase::kCountingAckEpochs || !core.config.IsQuorum(electing_)) return;
  Enter(Phase::kStoringCurrent, core, out);
  core.epochs.StoreCurrent(epoch_, out);
}

void Leader::OnTask(TaskName task, Core& core, Outbox& out) {
  switch (task) {
    case TaskName::kAcknowledge: return AcknowledgeSynced(core, out);
    case TaskName::kApply: return ApplyCommitted(core, out);
    case TaskName::kAckNewLeader:
    case TaskName::kOwnNotification:
    case TaskName::kSnapshotChunk: return;  // Not of this role.
  }
}

}  // namespace zab
