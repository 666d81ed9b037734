// The clients of a serving server: who is connected, and the order in which each one's requests
// take effect (CommitProcessor, REFERENCE.md 10).  Per client first in, first out: a read
// waits for the writes and syncs before it; clients do not wait for each other.
#pragma once

#include <cstdint>
#include <deque>

#include "absl/container/btree_map.h"
#include "protocol/roles/core.h"
#include "protocol/wire/operation.h"

namespace zab {

class Clients {
 public:
  /// Begins to serve: from here on clients are let in.
  void Open(Outbox& out);
  /// Ends: every client's connection is closed.
  void CloseAll(Outbox& out);

  bool Owns(ConnectionId connection) const { return connections_.contains(connection); }

  /// Lets the client in, or closes if it has seen more than this server has applied, or if this
  /// server does not serve.
  void OnConnected(const ClientConnected& input, Core& core, Outbox& out);
  void OnClosed(ConnectionId connection);

  struct Submitted {
    int64_t client_id = 0;
    int32_t cxid = 0;
    Operation operation;
  };
  /// Queues the request.  A write or a sync is returned, for the leader; a read is answered as soon
  /// as nothing of its client stands before it.  `sync_is_read`: on the leader.
  std::optional<Submitted> OnRequest(const ClientRequest& request, bool sync_is_read, Core& core,
                                     Outbox& out);

  /// A transaction has been applied: its client, if it is one of ours, is answered, and so are the
  /// reads behind it.
  void OnApplied(const Txn& txn, Result result, Core& core, Outbox& out);
  /// The leader has answered the oldest sync under way.
  void OnSyncReply(Core& core, Outbox& out);

 private:
  struct Pending {
    int32_t cxid = 0;
    Operation operation;
    bool waits = false;  // For a commit, or for the leader's answer to a sync.
  };
  struct Connection {
    int64_t client_id = 0;
    std::deque<Pending> queue;
  };

  void Reply(ConnectionId id, int32_t cxid, int64_t client_id, Result result, Core& core,
             Outbox& out);
  /// Closes: an answer has come that nothing at the head of the queue waits for, as only a channel
  /// to the leader can bring that is not FIFO.
  void Close(ConnectionId id, Kind kind, Outbox& out);
  /// Answers the reads at the head of the queue.
  void AnswerReads(ConnectionId id, Connection& connection, Core& core, Outbox& out);

  bool open_ = false;
  absl::btree_map<ConnectionId, Connection> connections_;
  absl::btree_map<int64_t, ConnectionId> by_client_id_;
  std::deque<ConnectionId> syncs_;  // Whose sync is under way, in the order sent to the leader.
};

/// Takes the first committed transaction of core.unapplied, applies it and answers its client: the
/// end of every pipeline.  (ZK FinalRequestProcessor.)
void Deliver(Core& core, Clients& clients, Outbox& out);

}  // namespace zab
