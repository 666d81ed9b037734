// Roles as text: the names of their phases, and all fields where a check has failed.
#include "protocol/base/fields.h"
#include "protocol/roles/follower.h"
#include "protocol/roles/leader.h"
#include "protocol/roles/looking.h"
#include "protocol/roles/recovering.h"

namespace zab {

absl::string_view Name(Recovering::Phase phase) {
  using enum Recovering::Phase;
  switch (phase) {
    case kDraining: return "draining";
    case kReading: return "reading";
    case kRepairing: return "repairing";
    case kDone: return "done";
  }
  return "?";
}

absl::string_view Name(Looking::Phase phase) {
  using enum Looking::Phase;
  switch (phase) {
    case kDraining: return "draining";
    case kVoting: return "voting";
    case kFinalizing: return "finalizing";
  }
  return "?";
}

absl::string_view Name(Follower::Phase phase) {
  using enum Follower::Phase;
  switch (phase) {
    case kConnecting: return "connecting";
    case kDiscovery: return "discovery";
    case kPromising: return "promising";
    case kAwaitingSync: return "awaiting_sync";
    case kInspecting: return "inspecting";
    case kTruncating: return "truncating";
    case kReceiving: return "receiving";
    case kSyncing: return "syncing";
    case kSaving: return "saving";
    case kJoining: return "joining";
    case kAcking: return "acking";
    case kJoined: return "joined";
    case kBroadcast: return "broadcast";
  }
  return "?";
}

absl::string_view Name(Leader::Phase phase) {
  using enum Leader::Phase;
  switch (phase) {
    case kDiscovery: return "discovery";
    case kStoringAccepted: return "storing_accepted";
    case kCountingAckEpochs: return "counting_ack_epochs";
    case kStoringCurrent: return "storing_current";
    case kSynchronization: return "synchronization";
    case kBroadcast: return "broadcast";
  }
  return "?";
}

absl::string_view Name(LearnerHandler::Phase phase) {
  using enum LearnerHandler::Phase;
  switch (phase) {
    case kAwaitingInfo: return "awaiting_info";
    case kAwaitingEpoch: return "awaiting_epoch";
    case kAwaitingAckEpoch: return "awaiting_ack_epoch";
    case kAwaitingEpochAcks: return "awaiting_epoch_acks";
    case kReadingLog: return "reading_log";
    case kSendingSnap: return "sending_snap";
    case kAwaitingAck: return "awaiting_ack";
    case kAwaitingQuorum: return "awaiting_quorum";
    case kReady: return "ready";
  }
  return "?";
}

std::ostream& operator<<(std::ostream& out, const Recovering& recovering) {
  return out << TextOf(recovering);
}
std::ostream& operator<<(std::ostream& out, const Looking& looking) {
  return out << TextOf(looking);
}
std::ostream& operator<<(std::ostream& out, const Follower& follower) {
  return out << TextOf(follower);
}
std::ostream& operator<<(std::ostream& out, const Leader& leader) {
  return out << TextOf(leader);
}
std::ostream& operator<<(std::ostream& out, const LearnerHandler& handler) {
  return out << TextOf(handler);
}

}  // namespace zab
