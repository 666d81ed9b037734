// The probes that scenarios may use (scenarios/README.md).
#include "scenarios/runner/language/probes.h"

namespace scenario {

const std::vector<Kind>& MessageKinds() {
  using enum Kind;
  static const std::vector<Kind> kKinds = {
      kNotificationMessage, kFollowerInfoMessage, kLeaderInfoMessage, kAckEpochMessage,
      kDiffMessage,         kTruncMessage,        kSnapMessage,       kNewLeaderMessage,
      kUpToDateMessage,     kProposalMessage,     kAckMessage,        kCommitMessage,
      kPingMessage,         kRequestMessage,      kSyncMessage};
  return kKinds;
}

const std::vector<ProbeColumns>& TriggerProbes() {
  using enum Column;
  using enum Kind;
  static const std::vector<ProbeColumns> kProbes = {
      {Probe::kLooking, {}, {}},
      {Probe::kVoteChanged, {}, {}},
      {Probe::kElected, {}, {kLeading, kFollowing}},
      {Probe::kVoteSent, {kTo}, {}},
      {Probe::kNotificationReplaced, {kTo}, {}},
      {Probe::kFollowerInfo, {kTo, kEpoch}, {}},
      {Probe::kAckEpoch, {kTo, kEpoch}, {}},
      {Probe::kNewLeaderAcked, {kTo, kEpoch}, {}},
      {Probe::kLeaderInfo, {kTo, kEpoch}, {}},
      {Probe::kNewLeaderSent, {kTo, kEpoch}, {}},
      {Probe::kUpToDate, {kTo, kEpoch}, {}},
      {Probe::kSnapSent, {kTo, kEpoch, kZxid}, {}},
      {Probe::kSyncDecided, {kTo}, {kDiff, kTrunc, kSnap}},
      {Probe::kSyncFromDiskLog, {kTo}, {}},
      {Probe::kTruncated, {kZxid}, {}},
      {Probe::kSnapInstalled, {kZxid}, {}},
      {Probe::kEstablished, {kEpoch}, {}},
      {Probe::kQuorumLost, {kEpoch}, {}},
      {Probe::kEpochPersisted, {kEpoch}, {kAccepted, kCurrent}},
      {Probe::kProposed, {kZxid, kOp}, {}},
      {Probe::kQuorum, {kZxid, kOp}, {}},
      {Probe::kCommitted, {kZxid, kOp}, {}},
      {Probe::kLogged, {kZxid}, {}},
      {Probe::kSynced, {kZxid}, {}},
      {Probe::kDelivered, {kZxid}, {}},
      {Probe::kAcked, {kZxid}, {}},
      {Probe::kReplied, {kOp}, {kOk, kError}},
      {Probe::kSnapshotBegin, {kZxid}, {}},
      {Probe::kSnapshotEnd, {kZxid}, {}},
      {Probe::kLogRolled, {kZxid}, {}},
      {Probe::kPurged, {kZxid}, {}},
      {Probe::kSnapshotDamaged, {kZxid}, {}},
      {Probe::kRecovered, {kZxid}, {kDamaged}},
      {Probe::kChannelUp, {kTo}, {}},
      {Probe::kChannelDown, {kTo}, {}},
      {Probe::kMsgSent, {kTo}, MessageKinds()},
      {Probe::kMsgDelivered, {kFrom}, MessageKinds()},
      {Probe::kCrashed, {}, {kPower, kKill}},
      {Probe::kRestarted, {}, {}},
      {Probe::kHalted, {}, {}},
      {Probe::kDiskFailed, {}, {kRead, kWrite, kFsync, kFull}},
      {Probe::kDiskCorrupted, {}, {kRot, kBlock, kReordered, kWiped}},
      {Probe::kClockSet, {}, {}},
      {Probe::kPhaseChanged, {}, {kElection, kDiscovery, kSynchronization, kBroadcast}},
  };
  return kProbes;
}

const ProbeColumns* FindTriggerProbe(Probe probe) {
  for (const ProbeColumns& entry : TriggerProbes()) {
    if (entry.probe == probe) return &entry;
  }
  return nullptr;
}

absl::string_view Name(Column column) {
  switch (column) {
    case Column::kBy: return "by";
    case Column::kTo: return "to";
    case Column::kFrom: return "from";
    case Column::kZxid: return "zxid";
    case Column::kEpoch: return "epoch";
    case Column::kOp: return "op";
  }
  return "?";
}

}  // namespace scenario
