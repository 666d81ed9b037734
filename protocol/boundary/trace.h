// The trace: everything observable about the protocol.  It emits flat records of one type; their
// columns are the filters of the scenario language, so triggers, checkers and the viewer all read
// the same data.  Unused columns are zero.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/base/handles.h"
#include "protocol/wire/ids.h"

namespace zab {

/// What happened.  Its numbers and those of Kind have gaps: every trace hash depends on them, and
/// others (a simulator, an experiment) may add records of their own.
enum class Probe : uint8_t {
#define PROBE(number, enumerator, name) enumerator = number,
#include "protocol/boundary/probes.inc"
#undef PROBE
};

/// The `kind` column: one list for all probes.
enum class Kind : uint8_t {
#define KIND(number, enumerator, name) enumerator = number,
#include "protocol/boundary/kinds.inc"
#undef KIND
};

/// Why a server ignored a message, abandoned a role or halted.  Every exit has its own reason, so
/// that reports can list the ones that were never reached.
enum class Reason : uint8_t {
  kNone,
  kStarted,             // looking: the process has started.
  kWrongPhase,          // A message that cannot occur in this phase.
  kStaleEpoch,          // LEADERINFO of an epoch older than promised.
  kUnknownAck,          // ACK of a zxid that the leader never sent.
  kNewerEpochPromised,  // FOLLOWERINFO of a server with a newer promise (REFERENCE.md D1).
  kNewerHistory,        // ACKEPOCH more recent than the leader's own history.
  kConnectionLost,
  kConnectFailed,
  kReadTimeout,
  kEpochTimeout,      // No quorum of FOLLOWERINFO or ACKEPOCH within init_limit.
  kNewLeaderTimeout,  // No quorum of NEWLEADER acks within init_limit.
  kQuorumLost,
  kSlowLearner,  // A proposal unacknowledged for sync_limit.
  kZxidOverflow,
  kBadBytes,         // Undecodable.
  kZxidGap,          // PROPOSAL that does not follow the last one of its epoch.
  kUnmatchedCommit,  // COMMIT that is not the head of the pending proposals.
  kCannotTruncate,   // TRUNC to a zxid that this history does not contain; asks for SNAP.
  kWrongNewLeaderAck,
  kDiskError,  // A write or fsync failed: the state of the disk is unknown, so it halts.
  kReplaced,   // Replaced by a newer connection or notification.
  kNotVoter,
  kNotServing,
  kBehindClient,        // The client has seen a later zxid than this server has applied.
  kLeaderBoundMessage,  // A message that only a leader accepts.
  kDiskFull,
  kPromiseLost,     // acceptedEpoch cannot be read: its promise is unknown, so it halts.
  kUnmatchedReply,  // A reply of the leader that answers none of the client's next requests.
};
constexpr int kReasonCount = static_cast<int>(Reason::kUnmatchedReply) + 1;

struct TraceEvent {
  Probe probe{};
  Kind kind = Kind::kNone;
  Reason reason = Reason::kNone;
  ServerId peer;  // The other server or node, if there is one.
  Epoch epoch;
  Zxid zxid;
  int64_t client = 0;  // TxnHeader.clientId of the request.
  int64_t number = 0;  // cxid of the request; or as the probe says.
  int32_t code = 0;    // ZooKeeper's error code.
  uint64_t txn =
      0;  // Hash of the transaction's bytes; distinguishes transactions with the same zxid.
  uint64_t tree = 0;        // Tree digest (REFERENCE.md 11.5).
  uint64_t connection = 0;  // The ConnectionId, in the numbering of the tracing process.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("probe", probe);
    field("kind", kind);
    field("reason", reason);
    field("peer", peer);
    field("epoch", epoch);
    field("zxid", zxid);
    field("client", client);
    field("number", number);
    field("code", code);
    field("txn", txn);
    field("tree", tree);
    field("connection", connection);
  }
};

/// The name in scenarios and traces, such as "sync_decided".
absl::string_view Name(Probe probe);
/// "diff", "PROPOSAL".
absl::string_view Name(Kind kind);
/// "stale_epoch".
absl::string_view Name(Reason reason);

}  // namespace zab
