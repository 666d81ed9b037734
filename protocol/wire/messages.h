// The packets of the quorum port as typed values.  Paper names and ZooKeeper's side by side:
// README.md.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/wire/ids.h"
#include "protocol/wire/operation.h"
#include "protocol/wire/txn.h"

namespace zab {

/// Learner -> leader, first packet: the last epoch promised.  (DSN'11 CEPOCH.)
struct FollowerInfo {
  Epoch accepted_epoch;
  ServerId server;
  int64_t config_version = 0;
};
/// Leader -> learner: the new epoch.  (NEWEPOCH.)
struct LeaderInfo {
  Epoch new_epoch;
};
/// Learner -> leader.  (ACK-E.)
struct AckEpoch {
  std::optional<Zxid> last_zxid;       // nullopt (-1): damaged, or SNAP wanted (REFERENCE.md 15.6).
  std::optional<Epoch> current_epoch;  // nullopt (-1): a repeated promise, which does not count.
};
struct Diff {
  Zxid zxid;
};
struct Trunc {
  Zxid zxid;
};
/// Followed on the stream by the raw snapshot.
struct Snap {
  Zxid zxid;
};
struct NewLeader {
  Epoch epoch;
  std::string config;
};
struct UpToDate {};
struct Proposal {
  TxnRef txn;
};
/// Of a proposal, or of NEWLEADER (counter 0).
struct Ack {
  Zxid zxid;
};
struct Commit {
  Zxid zxid;
};
/// A client session; it expires when nothing is heard from the client for its timeout.
struct Session {
  int64_t id = 0;
  int32_t timeout = 0;  // ms.
  friend bool operator==(const Session&, const Session&) = default;
};
/// Leader -> learner with its last proposed zxid; the reply repeats it.
struct Ping {
  Zxid zxid;
  bool reply = false;             // Only determines the data: null, or a list of sessions.
  std::vector<Session> sessions;  // In a reply: those heard from since the last one.
};
/// Learner -> leader: a client's write or sync.
struct ForwardedRequest {
  int64_t client_id = 0;
  int32_t cxid = 0;
  Operation operation;
};
/// Leader -> learner: everything committed when the sync arrived has been sent.
struct SyncReply {};
/// Learner -> leader: a client has reconnected and claims this session.
struct Revalidate {
  Session session;
};
/// Leader -> learner: whether the session is still open.
struct RevalidateReply {
  int64_t session_id = 0;
  bool valid = false;
};

using Message = std::variant<FollowerInfo, LeaderInfo, AckEpoch, Diff, Trunc, Snap, NewLeader,
                             UpToDate, Proposal, Ack, Commit, Ping, ForwardedRequest, SyncReply,
                             Revalidate, RevalidateReply>;

template <class M, class... Ms>
concept IsOneOf = (std::same_as<M, Ms> || ...);
/// Whether a learner (leader) sends it; PING is sent by both.
template <class M>
concept SentByLearner = IsOneOf<M, FollowerInfo, AckEpoch, Ack, ForwardedRequest, Revalidate>;
template <class M>
concept SentByLeader = IsOneOf<M, LeaderInfo, Diff, Trunc, Snap, NewLeader, UpToDate, Proposal,
                               Commit, SyncReply, RevalidateReply>;

}  // namespace zab
