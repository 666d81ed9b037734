// The clients of a serving server: connections, and the order in which each client's requests take
// effect (CommitProcessor, REFERENCE.md 10).  Requests of one client are processed first in, first
// out: a read waits for earlier writes and syncs.  Clients do not wait for each other.
#pragma once

#include <cstdint>
#include <deque>

#include "absl/container/btree_map.h"
#include "protocol/roles/core.h"
#include "protocol/wire/operation.h"

namespace zab {

class Clients {
 public:
  /// Begins to serve: accepts clients from now on.
  void Open(Outbox& out);
  /// Stops serving: closes all connections.
  void CloseAll(Outbox& out);

  bool Owns(ConnectionId connection) const { return connections_.contains(connection); }

  /// Accepts the client; closes the connection if the client has seen more than this server has
  /// applied, or if this server is not serving.
  void OnConnected(const ClientConnected& input, Core& core, Outbox& out);
  void OnClosed(ConnectionId connection);

  struct Submitted {
    int64_t client_id = 0;
    int32_t cxid = 0;
    Operation operation;
  };
  /// Queues the request.  A write or a sync is returned, to be sent to the leader; a read is
  /// answered once no earlier request of its client is outstanding.  `sync_is_read`: set on the
  /// leader.
  std::optional<Submitted> OnRequest(const ClientRequest& request, bool sync_is_read, Core& core,
                                     Outbox& out);

  /// A transaction has been applied: answers its client, if it is one of this server's, and the
  /// reads after it.
  void OnApplied(const Txn& txn, Result result, Core& core, Outbox& out);
  /// The leader has answered the oldest outstanding sync.
  void OnSyncReply(Core& core, Outbox& out);

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("open", open_);
    field("connections", connections_);
    field("by_client_id", by_client_id_);
    field("syncs", syncs_);
  }

 private:
  struct Pending {
    int32_t cxid = 0;
    Operation operation;
    bool waits = false;  // For a commit, or for the leader's answer to a sync.

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("cxid", cxid);
      field("operation", operation);
      field("waits", waits);
    }
  };
  struct Connection {
    int64_t client_id = 0;
    std::deque<Pending> queue;

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("client_id", client_id);
      field("queue", queue);
    }
  };

  void Reply(ConnectionId id, int32_t cxid, int64_t client_id, Result result, Core& core,
             Outbox& out);
  /// Closes the connection after an answer that the head of the queue does not wait for, which only
  /// a non-FIFO channel to the leader can produce.
  void Close(ConnectionId id, Kind kind, Outbox& out);
  /// Answers the reads at the head of the queue.
  void AnswerReads(ConnectionId id, Connection& connection, Core& core, Outbox& out);

  bool open_ = false;
  absl::btree_map<ConnectionId, Connection> connections_;
  absl::btree_map<int64_t, ConnectionId> by_client_id_;
  std::deque<ConnectionId>
      syncs_;  // Clients with outstanding syncs, in the order sent to the leader.
};

/// Takes the first committed transaction of core.unapplied, applies it and answers its client: the
/// final stage of processing.  (ZK FinalRequestProcessor.)
void Deliver(Core& core, Clients& clients, Outbox& out);

}  // namespace zab
