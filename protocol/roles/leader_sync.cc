// A leader's synchronisation of its learners (phase 2).
#include <utility>

#include "protocol/roles/leader.h"
#include "protocol/roles/snapshot_stream.h"
#include "protocol/storage/restore.h"

namespace zab {
namespace {

constexpr size_t kStreamChunk = 64 << 10;

}  // namespace

// The decision, sending, and the start of forwarding are one step, so that nothing can be committed
// in between that never reaches this learner (962).
void Leader::Synchronise(LearnerHandler& handler,
                         const std::optional<std::vector<TxnRef>>& disk_log, Core& core,
                         Outbox& out) {
  ZAB_CHECK(phase_ >= Phase::kSynchronization && !handler.forwarding && handler.queue.empty())
      << *this;
  auto decision = PlanSync(handler.last_zxid, core.database, core.unapplied, core.config.limits,
                           disk_log, core.config.known_bugs);
  if (std::holds_alternative<NeedsDiskLog>(decision)) {
    handler.Enter(LearnerHandler::Phase::kReadingLog);
    handler.reader = DirectoryReader();
    return handler.reader.Start(out);
  }
  const SyncPlan plan = std::get<SyncPlan>(std::move(decision));
  const ServerId to = handler.server;
  handler.seen = plan.seen;
  out.Emit({.probe = Probe::kSyncDecided, .kind = plan.kind, .peer = to, .zxid = plan.zxid});
  if (plan.kind == Kind::kSnap) {
    handler.Enter(LearnerHandler::Phase::kSendingSnap);
    StartForwarding(handler, core, out);
    const Zxid zxid = core.database.last_processed;
    out.Emit({.probe = Probe::kSnapSent, .peer = to, .epoch = epoch_, .zxid = zxid});
    SendMessage(to, handler.connection, Snap{zxid}, out);
    return SendSnapshotChunk(handler, core, out);
  }
  if (plan.from_disk) {
    out.Emit({.probe = Probe::kSyncFromDiskLog, .peer = to, .zxid = *plan.from_disk});
  }
  handler.Enter(LearnerHandler::Phase::kAwaitingAck);
  const bool diff = plan.kind == Kind::kDiff;
  SendMessage(to, handler.connection, diff ? Message(Diff{plan.zxid}) : Message(Trunc{plan.zxid}),
              out);
  for (const TxnRef& txn : plan.committed) {
    SendMessage(to, handler.connection, Proposal{txn}, out);
    SendMessage(to, handler.connection, Commit{txn->zxid()}, out);
  }
  StartForwarding(handler, core, out);
  SendNewLeader(handler, core, out);
}

void Leader::OnFileDone(const FileDone& done, Core& core, Outbox& out) {
  for (auto& [id, handler] : handlers_) {
    if (handler.phase != LearnerHandler::Phase::kReadingLog) continue;
    if (!handler.reader.OnFileDone(done, out)) continue;
    if (!handler.reader.done()) return;
    // The committed log may have advanced meanwhile, so the decision is made again, with the log on
    // disk.
    const Ratio factor = core.config.limits.snapshot_size_factor.value_or(Ratio{});
    const bool readable = !handler.reader.list_failed() && handler.reader.unreadable().empty();
    const DirectoryImage image = handler.reader.TakeImage();
    std::optional<std::vector<TxnRef>> log;  // nullopt: the learner gets SNAP.
    if (readable) {
      log = LogBehind(image, handler.last_zxid.value_or(Zxid{}), factor, core.config.known_bugs,
                      core.config.limits.initial_counter);
    }
    return Synchronise(handler, log.value_or(std::vector<TxnRef>{}), core, out);
  }
}

// Sends transactions that are committed but not applied with their COMMIT, and outstanding ones
// without.
void Leader::StartForwarding(LearnerHandler& handler, Core& core, Outbox& out) {
  ZAB_CHECK(!handler.forwarding && committed_count_ <= core.unapplied.size()) << *this;
  for (size_t i = 0; i < core.unapplied.size(); ++i) {
    const TxnRef& txn = core.unapplied[i];
    if (txn->zxid() <= handler.seen) continue;
    Queue(handler, MakePacket(Proposal{txn}), core, out);
    if (i < committed_count_) Queue(handler, MakePacket(Commit{txn->zxid()}), core, out);
  }
  handler.forwarding = true;
}

// The tree changes between two chunks; NEWLEADER follows the stream and every COMMIT whose effect
// the stream may contain (3104).
void Leader::SendSnapshotChunk(LearnerHandler& handler, Core& core, Outbox& out) {
  ZAB_CHECK(handler.phase == LearnerHandler::Phase::kSendingSnap && !handler.stream_ended)
      << handler;
  std::string bytes;
  handler.walker.Next(core.database.tree, kStreamChunk, bytes);
  if (handler.walker.done()) {
    bytes.append(kSignature.data(), kSignature.size());
    handler.stream_ended = true;
  }
  out.Send(handler.connection, Payload(std::move(bytes)), /*wants_done=*/true);
}

void Leader::OnSendDone(ConnectionId connection, Core& core, Outbox& out) {
  const auto it = handlers_.find(connection);
  if (it == handlers_.end() || it->second.phase != LearnerHandler::Phase::kSendingSnap) return;
  LearnerHandler& handler = it->second;
  if (!handler.stream_ended) return SendSnapshotChunk(handler, core, out);
  handler.Enter(LearnerHandler::Phase::kAwaitingAck);
  for (const Packet& packet : handler.queue) {
    SendPacket(handler.server, connection, packet, out);
  }
  handler.queue.clear();
  SendNewLeader(handler, core, out);
}

void Leader::SendNewLeader(LearnerHandler& handler, Core& core, Outbox& out) {
  ZAB_CHECK(handler.phase == LearnerHandler::Phase::kAwaitingAck && handler.forwarding) << handler;
  const Timing& timing = core.config.timing;
  handler.ack_deadline = tick_ + timing.init_limit + timing.sync_limit;
  WatchHandler(handler, core, out);
  out.Emit({.probe = Probe::kNewLeaderSent,
            .peer = handler.server,
            .epoch = epoch_,
            .zxid = initial_zxid_});
  SendMessage(handler.server, handler.connection, NewLeader{epoch_, core.config.ConfigText()}, out);
}

// (DSN'11 phase 2; TLA LeaderProcessACKLD; ZK waitForNewLeaderAck)
void Leader::OnNewLeaderAck(LearnerHandler& handler, const Ack& message, Core& core, Outbox& out) {
  ZAB_CHECK(phase_ >= Phase::kSynchronization) << *this;
  if (message.zxid != Zxid{epoch_, 0}) {
    out.Emit({.probe = Probe::kIgnored,
              .kind = Kind::kAckMessage,
              .reason = Reason::kWrongNewLeaderAck,
              .peer = handler.server,
              .zxid = message.zxid});
    return CloseHandler(handler, Reason::kWrongNewLeaderAck, out);
  }
  handler.Enter(LearnerHandler::Phase::kAwaitingQuorum);
  WatchHandler(handler, core, out);
  newleader_acks_.insert(handler.server);
  if (phase_ != Phase::kBroadcast) return CountNewLeaderAcks(core, out);
  // The history of this learner is durable, and so acknowledged.
  if (handler.seen > last_committed_) {
    for (Outstanding& proposal : outstanding_) {
      if (proposal.txn->zxid() <= handler.seen) proposal.acks.insert(handler.server);
    }
    CommitReady(core, out);
  }
  AdmitWaiting(core, out);
}

// After UPTODATE a learner serves its whole history, so all of it must be committed. (REFERENCE.md
// D11)
void Leader::AdmitWaiting(Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kBroadcast) << *this;
  ForEachIn(LearnerHandler::Phase::kAwaitingQuorum, [&](LearnerHandler& handler) {
    if (handler.seen > last_committed_) return;
    SendUpToDate(handler, core, out);
    Pump(handler.connection, core, out);
  });
}

void Leader::CountNewLeaderAcks(Core& core, Outbox& out) {
  if (phase_ != Phase::kSynchronization || !core.config.IsQuorum(newleader_acks_)) return;
  Establish(core, out);
}

void Leader::SendUpToDate(LearnerHandler& handler, Core& core, Outbox& out) {
  ZAB_CHECK(phase_ == Phase::kBroadcast && handler.seen <= last_committed_) << handler;
  handler.Enter(LearnerHandler::Phase::kReady);
  WatchHandler(handler, core, out);
  out.Emit({.probe = Probe::kUpToDate, .peer = handler.server, .epoch = epoch_});
  SendMessage(handler.server, handler.connection, UpToDate{}, out);
}

}  // namespace zab
