// The client queues of one server.
#include "protocol/roles/clients.h"

#include <utility>

namespace zab {
namespace {

constexpr int kServerShift = 56;  // client id = server id << 56 | n.

}  // namespace

void Clients::Open(Outbox& out) {
  open_ = true;
  out.Listen(Port::kClient);
}

void Clients::CloseAll(Outbox& out) {
  if (!open_) return;
  out.Unlisten(Port::kClient);
  for (const auto& [id, connection] : connections_) out.Close(id);
  *this = Clients();
}

void Clients::OnConnected(const ClientConnected& input, Core& core, Outbox& out) {
  const bool behind = core.database.last_processed < input.last_zxid_seen;
  if (!open_ || behind) {
    out.Emit({.probe = Probe::kIgnored,
              .reason = behind ? Reason::kBehindClient : Reason::kNotServing,
              .connection = input.connection.value});
    out.Close(input.connection);
    return;
  }
  const int64_t id = (int64_t{core.config.self.value} << kServerShift) | ++core.clients_accepted;
  connections_[input.connection].client_id = id;
  by_client_id_[id] = input.connection;
  out.Accept(input.connection, id);
}

void Clients::OnClosed(ConnectionId id) {
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;
  by_client_id_.erase(it->second.client_id);
  connections_.erase(it);
}

std::optional<Clients::Submitted> Clients::OnRequest(const ClientRequest& request,
                                                     bool sync_is_read, Core& core, Outbox& out) {
  const auto it = connections_.find(request.connection);
  if (it == connections_.end()) return std::nullopt;
  Connection& connection = it->second;
  const OpType type = request.operation.type;
  const bool waits = IsWrite(type) || (type == OpType::kSync && !sync_is_read);
  connection.queue.push_back({request.cxid, request.operation, waits});
  if (!waits) {
    AnswerReads(request.connection, connection, core, out);
    return std::nullopt;
  }
  if (type == OpType::kSync) syncs_.push_back(request.connection);
  return Submitted{connection.client_id, request.cxid, request.operation};
}

void Clients::Reply(ConnectionId id, int32_t cxid, int64_t client_id, Result result, Core& core,
                    Outbox& out) {
  const Zxid zxid = core.database.last_processed;
  out.Emit({.probe = Probe::kReplied,
            .kind = result.error == Error::kOk ? Kind::kOk : Kind::kError,
            .zxid = zxid,
            .client = client_id,
            .number = cxid,
            .code = static_cast<int32_t>(result.error),
            .connection = id.value});
  out.Reply({id, cxid, zxid, std::move(result)});
}

void Clients::AnswerReads(ConnectionId id, Connection& connection, Core& core, Outbox& out) {
  while (!connection.queue.empty() && !connection.queue.front().waits) {
    const Pending read = std::move(connection.queue.front());
    connection.queue.pop_front();
    Result result = read.operation.type == OpType::kSync ? Result{.path = read.operation.path}
                                                         : core.database.tree.Read(read.operation);
    Reply(id, read.cxid, connection.client_id, std::move(result), core, out);
  }
}

void Clients::OnApplied(const Txn& txn, Result result, Core& core, Outbox& out) {
  const auto id = by_client_id_.find(txn.header.client_id);
  if (id == by_client_id_.end()) return;
  Connection& connection = connections_.at(id->second);
  // Writes of one client commit in the order of issue, and a read never overtakes one.
  if (connection.queue.empty() || connection.queue.front().cxid != txn.header.cxid) {
    return Close(id->second, Kind::kCommitMessage, out);
  }
  connection.queue.pop_front();
  Reply(id->second, txn.header.cxid, connection.client_id, std::move(result), core, out);
  AnswerReads(id->second, connection, core, out);
}

void Clients::Close(ConnectionId id, Kind kind, Outbox& out) {
  out.Emit({.probe = Probe::kIgnored,
            .kind = kind,
            .reason = Reason::kUnmatchedReply,
            .connection = id.value});
  OnClosed(id);
  out.Close(id);
}

void Clients::OnSyncReply(Core& core, Outbox& out) {
  if (syncs_.empty()) {
    out.Emit({.probe = Probe::kIgnored, .kind = Kind::kSyncMessage, .reason = Reason::kWrongPhase});
    return;
  }
  const ConnectionId id = syncs_.front();
  syncs_.pop_front();
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;  // Its client has disconnected.
  Connection& connection = it->second;
  if (connection.queue.empty() || connection.queue.front().operation.type != OpType::kSync) {
    return Close(id, Kind::kSyncMessage, out);
  }
  const Pending sync = std::move(connection.queue.front());
  connection.queue.pop_front();
  Reply(id, sync.cxid, connection.client_id, Result{.path = sync.operation.path}, core, out);
  AnswerReads(id, connection, core, out);
}

void Deliver(Core& core, Clients& clients, Outbox& out) {
  const TxnRef txn = std::move(core.unapplied.front());
  core.unapplied.pop_front();
  Result result = core.database.Apply(txn);
  const uint64_t tree = core.database.tree.digest();
  if (txn->digest && *txn->digest != tree) {
    out.Emit(
        {.probe = Probe::kDigestMismatch, .zxid = txn->zxid(), .txn = *txn->digest, .tree = tree});
  }
  out.Emit({.probe = Probe::kDelivered,
            .zxid = txn->zxid(),
            .client = txn->header.client_id,
            .number = txn->header.cxid,
            .txn = txn->hash,
            .tree = tree});
  clients.OnApplied(*txn, std::move(result), core, out);
}

}  // namespace zab
