// The leader's state for one connection of a learner (ZK LearnerHandler).  A learner may reconnect
// before its old connection is known to be dead; then it has two handlers.  Everything counted is
// counted per server, in Leader.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <ostream>
#include <vector>

#include "protocol/roles/connection.h"
#include "protocol/roles/transitions.h"
#include "protocol/storage/directory.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/wire/codec.h"

namespace zab {

/// Detects a learner that does not acknowledge: remembers the oldest unacknowledged proposal and
/// the last one sent (ZK SyncLimitCheck: two slots, not a queue).
class SyncLimitCheck {
 public:
  void OnProposal(Zxid zxid, Time now) {
    if (!current_) {
      current_ = {zxid, now};
    } else {
      next_ = {zxid, now};
    }
  }
  void OnAck(Zxid zxid) {
    if (!current_ || current_->first != zxid) return;
    current_ = next_;
    next_.reset();
  }
  bool Exceeded(Time now, Duration limit) const {
    return current_ && now - current_->second >= limit;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("current", current_);
    field("next", next_);
  }

 private:
  using Slot = std::optional<std::pair<Zxid, Time>>;
  Slot current_;
  Slot next_;
};

struct LearnerHandler {
  enum class Phase : uint8_t {
    kAwaitingInfo,       // Waits for FOLLOWERINFO.
    kAwaitingEpoch,      // Waits until the new epoch is fixed and durable.
    kAwaitingAckEpoch,   // LEADERINFO is sent.
    kAwaitingEpochAcks,  // Waits for the quorum of ACKEPOCHs.
    kReadingLog,         // The log on disk is being read.
    kSendingSnap,        // The snapshot stream is being sent; packets wait in `queue`.
    kAwaitingAck,        // NEWLEADER is sent.
    kAwaitingQuorum,     // It has acknowledged NEWLEADER; the leader is not established yet, or the
                         // learner holds a proposal that is not committed yet.
    kReady,              // UPTODATE is sent.
  };

  /// It only moves forwards.
  static constexpr Transition<Phase> kTransitions[] = {
      {Phase::kAwaitingInfo, Phase::kAwaitingEpoch},
      {Phase::kAwaitingEpoch, Phase::kAwaitingAckEpoch},
      {Phase::kAwaitingAckEpoch, Phase::kAwaitingEpochAcks},
      {Phase::kAwaitingEpochAcks, Phase::kReadingLog},
      {Phase::kAwaitingEpochAcks, Phase::kSendingSnap},
      {Phase::kAwaitingEpochAcks, Phase::kAwaitingAck},  // DIFF or TRUNC.
      {Phase::kReadingLog, Phase::kSendingSnap},
      {Phase::kReadingLog, Phase::kAwaitingAck},
      {Phase::kSendingSnap, Phase::kAwaitingAck},
      {Phase::kAwaitingAck, Phase::kAwaitingQuorum},
      {Phase::kAwaitingQuorum, Phase::kReady},
  };

  ConnectionId connection;
  ServerId server;                     // From FOLLOWERINFO on.
  Phase phase = Phase::kAwaitingInfo;  // Changed by Enter alone.
  QuorumDecoder decoder{ReadingEnd::kLeader};
  std::optional<Zxid> last_zxid;  // From ACKEPOCH.
  Zxid seen;                      // Its last zxid after DIFF, TRUNC or SNAP.
  bool forwarding = false;        // It gets every PROPOSAL and COMMIT after `seen`.
  DirectoryReader reader;         // Only in kReadingLog.
  SnapshotWalker walker;          // Only in kSendingSnap.
  bool stream_ended = false;      // Only in kSendingSnap: the signature has been sent.
  std::deque<Packet> queue;       // Only in kSendingSnap.
  int64_t ack_deadline = 0;       // tickOfNextAckDeadline.
  SyncLimitCheck sync_limit;      // Of proposals sent in kReady.

  void Enter(Phase next);
  /// Whether the leader reads packets of this learner; otherwise they stay undecoded and there is
  /// no read timeout.
  bool Reads() const {
    return phase == Phase::kAwaitingInfo || phase == Phase::kAwaitingAckEpoch ||
           phase == Phase::kAwaitingAck || phase == Phase::kReady;
  }
  /// Whether its send queue has been started; then it is pinged.
  bool Started() const { return phase >= Phase::kAwaitingAck; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("connection", connection);
    field("server", server);
    field("phase", phase);
    field("decoder", decoder);
    field("last_zxid", last_zxid);
    field("seen", seen);
    field("forwarding", forwarding);
    field("reader", reader);
    field("walker", walker);
    field("stream_ended", stream_ended);
    field("queue", queue);
    field("ack_deadline", ack_deadline);
    field("sync_limit", sync_limit);
  }
};

/// "awaiting_ack_epoch".
absl::string_view Name(LearnerHandler::Phase phase);
/// Its fields, for failed checks.
std::ostream& operator<<(std::ostream& out, const LearnerHandler& handler);

}  // namespace zab
