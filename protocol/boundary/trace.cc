// The names of probes, kinds and reasons.
#include "protocol/boundary/trace.h"

namespace zab {

absl::string_view Name(Probe probe) {
  switch (probe) {
#define PROBE(number, enumerator, name) \
  case Probe::enumerator: return name;
#include "protocol/boundary/probes.inc"
#undef PROBE
  }
  return "?";
}

absl::string_view Name(Kind kind) {
  switch (kind) {
#define KIND(number, enumerator, name) \
  case Kind::enumerator: return name;
#include "protocol/boundary/kinds.inc"
#undef KIND
  }
  return "?";
}

absl::string_view Name(Reason reason) {
  switch (reason) {
    case Reason::kNone: return "none";
    case Reason::kStarted: return "started";
    case Reason::kWrongPhase: return "wrong_phase";
    case Reason::kStaleEpoch: return "stale_epoch";
    case Reason::kUnknownAck: return "unknown_ack";
    case Reason::kNewerEpochPromised: return "newer_epoch_promised";
    case Reason::kNewerHistory: return "newer_history";
    case Reason::kConnectionLost: return "connection_lost";
    case Reason::kConnectFailed: return "connect_failed";
    case Reason::kReadTimeout: return "read_timeout";
    case Reason::kEpochTimeout: return "epoch_timeout";
    case Reason::kNewLeaderTimeout: return "new_leader_timeout";
    case Reason::kQuorumLost: return "quorum_lost";
    case Reason::kSlowLearner: return "slow_learner";
    case Reason::kZxidOverflow: return "zxid_overflow";
    case Reason::kBadBytes: return "bad_bytes";
    case Reason::kZxidGap: return "zxid_gap";
    case Reason::kUnmatchedCommit: return "unmatched_commit";
    case Reason::kCannotTruncate: return "cannot_truncate";
    case Reason::kWrongNewLeaderAck: return "wrong_new_leader_ack";
    case Reason::kDiskError: return "disk_error";
    case Reason::kReplaced: return "replaced";
    case Reason::kNotVoter: return "not_voter";
    case Reason::kNotServing: return "not_serving";
    case Reason::kBehindClient: return "behind_client";
    case Reason::kLeaderBoundMessage: return "leader_bound_message";
    case Reason::kDiskFull: return "disk_full";
    case Reason::kPromiseLost: return "promise_lost";
    case Reason::kUnmatchedReply: return "unmatched_reply";
  }
  return "?";
}

}  // namespace zab
