// What a leader keeps of one learner's connection (ZK LearnerHandler).  A learner may connect again
// while its old connection is not yet known to be dead: then it has two handlers side by side.  All
// that is counted is counted per server, in Leader.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "protocol/roles/connection.h"
#include "protocol/storage/directory.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/wire/codec.h"

namespace zab {

/// Finds the learner that does not acknowledge: remembers the oldest proposal unacknowledged and
/// the latest one sent (ZK SyncLimitCheck: two slots, not a queue).
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

 private:
  using Slot = std::optional<std::pair<Zxid, Time>>;
  Slot current_;
  Slot next_;
};

struct LearnerHandler {
  enum class Phase : uint8_t {
    kAwaitingInfo,       // FOLLOWERINFO.
    kAwaitingEpoch,      // It waits for the new epoch to be fixed and durable.
    kAwaitingAckEpoch,   // LEADERINFO is sent.
    kAwaitingEpochAcks,  // It waits for the quorum of ACKEPOCH.
    kReadingLog,         // The log on disk is read for it.
    kSendingSnap,        // The snapshot stream is being sent; packets wait in `queue`.
    kAwaitingAck,        // NEWLEADER is sent.
    kAwaitingQuorum,     // It has acknowledged; the leader is not established yet, or it holds a
                         // proposal that is not committed yet.
    kReady,              // UPTODATE is sent.
  };

  ConnectionId connection;
  ServerId server;  // From FOLLOWERINFO on.
  Phase phase = Phase::kAwaitingInfo;
  QuorumDecoder decoder{ReadingEnd::kLeader};
  std::optional<Zxid> last_zxid;  // From ACKEPOCH.
  Zxid seen;                      // What it holds after DIFF, TRUNC or SNAP.
  bool forwarding = false;        // It gets every PROPOSAL and COMMIT behind `seen`.
  DirectoryReader reader;         // Only in kReadingLog.
  SnapshotWalker walker;          // Only in kSendingSnap.
  bool stream_ended = false;      // Only in kSendingSnap: the signature is on its way.
  std::deque<Packet> queue;       // Only in kSendingSnap.
  int64_t ack_deadline = 0;       // tickOfNextAckDeadline.
  SyncLimitCheck sync_limit;      // From kAwaitingQuorum on.

  /// Whether the leader waits for a packet of it; otherwise they stay undecoded, and no read
  /// timeout runs.
  bool Reads() const {
    return phase == Phase::kAwaitingInfo || phase == Phase::kAwaitingAckEpoch ||
           phase == Phase::kAwaitingAck || phase == Phase::kReady;
  }
  /// Its send queue has been started: it is pinged.
  bool Started() const { return phase >= Phase::kAwaitingAck; }
};

}  // namespace zab
