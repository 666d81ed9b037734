// All that is made of each probe but its name: which triggers may wait for it, what its colour is,
// what coverage and probe_sweep do with it.  One row per probe, or this does not compile.  The
// schema's list of probes is made of it too (tests/scenarios/schema_test.cc).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "scenarios/runner/language/events.h"
#include "scenarios/runner/language/short_list.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// What kind of thing happens, for colours.
enum class Tone : uint8_t { kPlain, kLeader, kFault, kRepair, kSync };
constexpr int kToneCount = static_cast<int>(Tone::kSync) + 1;

/// Whether probe_sweep puts its faults there: where a server's durable or visible state changes.
struct FaultSite {
  enum class How : uint8_t {
    kNever,
    kRare,   // Once an election, a recovery or a snapshot.
    kOften,  // In every write.
  };
  How how{};
  /// Its place among the sites, from 0 without gaps: stored choices rest on it.
  size_t place = 0;
};

/// Room for all kinds of messages.
using KindList = ShortList<Kind, 15>;

struct ProbeRow {
  Probe probe{};
  /// For the schema: what has happened, and the columns that filters may use.  Empty: no trigger
  /// may wait for it.
  absl::string_view meaning;
  ShortList<Column, 3> columns;  // Those, besides kBy, which all have.
  KindList kinds;                // What `kind` can be; empty: it has no kind.
  FaultSite site;
  bool required = false;     // Without it nothing was elected, synchronised or written.
  bool step = false;         // A state of the cluster counts for coverage after it, not before.
  std::optional<Tone> tone;  // Of a milestone; none: it is one with `kind` alone, if at all.
  Kind kind{};               // With that kind its tone is `tone_of_kind`.
  Tone tone_of_kind{};

  constexpr bool MayTrigger() const { return !meaning.empty(); }
  constexpr bool IsFault() const { return tone == Tone::kFault; }
};

/// The kinds that are messages, in protocol order.
inline constexpr KindList kMessageKinds = [] {
  using enum Kind;
  return KindList{kNotificationMessage, kFollowerInfoMessage, kLeaderInfoMessage, kAckEpochMessage,
                  kDiffMessage,         kTruncMessage,        kSnapMessage,       kNewLeaderMessage,
                  kUpToDateMessage,     kProposalMessage,     kAckMessage,        kCommitMessage,
                  kPingMessage,         kRequestMessage,      kSyncMessage};
}();

/// By number.
inline constexpr auto kProbeTable = [] {
  using enum Probe;
  using enum FaultSite::How;
  using enum Tone;
  using enum Column;
  return std::to_array<ProbeRow>({
      {.probe = kLooking,
       .meaning = "The server begins an election.",
       .required = true,
       .step = true,
       .tone = kPlain},
      {.probe = kVoteChanged, .meaning = "The server votes for another one, or for itself."},
      {.probe = kElected,
       .meaning = "The server's election has ended. `kind`: leading, following.",
       .kinds = {Kind::kLeading, Kind::kFollowing},
       .site = {kRare, 0},
       .required = true,
       .step = true,
       .kind = Kind::kLeading,
       .tone_of_kind = kLeader},
      {.probe = kVoteSent, .meaning = "A vote is sent. `to`.", .columns = {kTo}, .required = true},
      {.probe = kNotificationReplaced,
       .meaning = "A newer vote replaced one that was not yet sent. `to`.",
       .columns = {kTo}},
      {.probe = kFollowerInfo,
       .meaning = "A learner sends FOLLOWERINFO. `to`, `epoch`.",
       .columns = {kTo, kEpoch},
       .site = {kRare, 1},
       .required = true},
      {.probe = kLeaderInfo,
       .meaning = "The leader sends LEADERINFO. `to`, `epoch`.",
       .columns = {kTo, kEpoch},
       .site = {kRare, 2},
       .required = true},
      {.probe = kAckEpoch,
       .meaning = "A learner sends ACKEPOCH. `to`, `epoch`.",
       .columns = {kTo, kEpoch},
       .site = {kRare, 3},
       .required = true},
      {.probe = kSyncDecided,
       .meaning =
           "The leader has chosen how to synchronise a learner. `to`; `kind`: diff, trunc, snap.",
       .columns = {kTo},
       .kinds = {Kind::kDiff, Kind::kTrunc, Kind::kSnap},
       .site = {kRare, 4},
       .required = true,
       .step = true,
       .tone = kSync},
      {.probe = kSyncFromDiskLog,
       .meaning = "The leader synchronises a learner from its log on disk. `to`.",
       .columns = {kTo}},
      {.probe = kNewLeaderSent,
       .meaning = "The leader sends NEWLEADER. `to`, `epoch`.",
       .columns = {kTo, kEpoch},
       .site = {kRare, 5},
       .required = true},
      {.probe = kNewLeaderAcked,
       .meaning = "A learner acknowledges NEWLEADER. `to`, `epoch`.",
       .columns = {kTo, kEpoch},
       .site = {kRare, 6},
       .required = true,
       .step = true},
      {.probe = kUpToDate,
       .meaning = "The leader sends UPTODATE. `to`, `epoch`.",
       .columns = {kTo, kEpoch},
       .site = {kRare, 7},
       .required = true,
       .step = true},
      {.probe = kSnapSent,
       .meaning = "The leader sends a snapshot. `to`, `epoch`, `zxid`.",
       .columns = {kTo, kEpoch, kZxid},
       .site = {kRare, 8}},
      {.probe = kTruncated,
       .meaning = "A learner has truncated its log. `zxid`: the last one kept.",
       .columns = {kZxid},
       .site = {kRare, 9},
       .step = true,
       .tone = kSync},
      {.probe = kSnapReceived},
      {.probe = kSnapInstalled,
       .meaning = "A learner's snapshot is on disk. `zxid`.",
       .columns = {kZxid},
       .site = {kRare, 10},
       .step = true,
       .tone = kSync},
      {.probe = kEstablished,
       .meaning = "The leader has a quorum of NEWLEADER acknowledgements. `epoch`.",
       .columns = {kEpoch},
       .site = {kRare, 11},
       .required = true,
       .step = true,
       .tone = kLeader},
      {.probe = kQuorumLost,
       .meaning = "The leader gives up because it has lost its quorum. `epoch`.",
       .columns = {kEpoch},
       .site = {kRare, 12},
       .step = true,
       .tone = kRepair},
      {.probe = kEpochPersisted,
       .meaning = "The server has written an epoch to disk. `kind`: accepted, current; `epoch`.",
       .columns = {kEpoch},
       .kinds = {Kind::kAccepted, Kind::kCurrent},
       .site = {kRare, 13},
       .required = true,
       .step = true},
      {.probe = kServing},
      {.probe = kProposed,
       .meaning = "The leader proposes a transaction. `zxid`, `op`.",
       .columns = {kZxid, kOp},
       .site = {kOften, 19},
       .required = true},
      {.probe = kQuorum,
       .meaning = "The leader has a quorum of acknowledgements. `zxid`, `op`.",
       .columns = {kZxid, kOp},
       .required = true},
      {.probe = kCommitted,
       .meaning = "The leader commits. `zxid`, `op`.",
       .columns = {kZxid, kOp},
       .site = {kOften, 23},
       .required = true},
      {.probe = kLogged,
       .meaning = "The server has written the transaction to its log. `zxid`.",
       .columns = {kZxid},
       .site = {kOften, 20},
       .required = true},
      {.probe = kSynced,
       .meaning = "The server has fsynced it. `zxid`.",
       .columns = {kZxid},
       .site = {kOften, 21},
       .required = true},
      {.probe = kDelivered,
       .meaning = "The server has applied it. `zxid`.",
       .columns = {kZxid},
       .site = {kOften, 24},
       .required = true},
      {.probe = kAcked,
       .meaning = "The server acknowledges it, the leader to itself. `zxid`.",
       .columns = {kZxid},
       .site = {kOften, 22},
       .required = true},
      {.probe = kReplied,
       .meaning = "The server answers its client. `op`; `kind`: ok, error.",
       .columns = {kOp},
       .kinds = {Kind::kOk, Kind::kError},
       .required = true},
      {.probe = kSnapshotBegin,
       .meaning = "The server begins to write a snapshot. `zxid`.",
       .columns = {kZxid},
       .site = {kRare, 14},
       .step = true},
      {.probe = kSnapshotEnd,
       .meaning = "The snapshot is on disk. `zxid`.",
       .columns = {kZxid},
       .site = {kRare, 15},
       .step = true,
       .tone = kPlain},
      {.probe = kLogRolled,
       .meaning = "The server begins a new log file. `zxid`.",
       .columns = {kZxid},
       .site = {kRare, 16}},
      {.probe = kRecovered,
       .meaning = "The server has read its disk after a start. `zxid`: the last one found; `kind`: "
                  "damaged, if its history is not usable.",
       .columns = {kZxid},
       .kinds = {Kind::kDamaged},
       .step = true,
       .tone = kPlain,
       .kind = Kind::kDamaged,
       .tone_of_kind = kFault},
      {.probe = kDigestMismatch},
      {.probe = kChannelUp,
       .meaning = "A connection is established. `to`: the other end.",
       .columns = {kTo}},
      {.probe = kChannelDown,
       .meaning = "One end notices that a connection is closed. `to`: the other end.",
       .columns = {kTo},
       .tone = kPlain},
      {.probe = kMsgSent,
       .meaning = "A message is sent. `to`; `kind`: PROPOSAL and so on.",
       .columns = {kTo},
       .kinds = kMessageKinds,
       .site = {kOften, 25}},
      {.probe = kMsgDelivered,
       .meaning = "A message is received. `by`: the receiver; `from`; `kind`: PROPOSAL and so on.",
       .columns = {kFrom},
       .kinds = kMessageKinds,
       .site = {kOften, 26}},
      {.probe = kCrashed,
       .meaning = "The server is down. `kind`: power, kill.",
       .kinds = {Kind::kPower, Kind::kKill},
       .step = true,
       .tone = kFault},
      {.probe = kRestarted,
       .meaning = "The server has started again.",
       .step = true,
       .tone = kRepair},
      {.probe = kPaused, .step = true, .tone = kFault},
      {.probe = kResumed, .step = true, .tone = kRepair},
      {.probe = kHalted,
       .meaning = "The server has stopped itself because its disk failed.",
       .step = true,
       .tone = kFault},
      {.probe = kPhaseChanged,
       .meaning =
           "The server enters a phase. `kind`: election, discovery, synchronization, broadcast.",
       .kinds = {Kind::kElection, Kind::kDiscovery, Kind::kSynchronization, Kind::kBroadcast},
       .site = {kRare, 18},
       .step = true},
      {.probe = kIgnored},
      {.probe = kAbandoned, .step = true},
      {.probe = kClientConnected},
      {.probe = kClientClosed},
      {.probe = kInvoked},
      {.probe = kReturned},
      {.probe = kCut, .tone = kFault},
      {.probe = kHealed, .tone = kRepair},
      {.probe = kClogged, .tone = kFault},
      {.probe = kReleased, .tone = kRepair},
      {.probe = kLinkSet, .tone = kRepair},
      {.probe = kDiskSet, .tone = kRepair},
      {.probe = kFired},
      {.probe = kNote},
      {.probe = kQuiet, .tone = kRepair},
      {.probe = kPurged,
       .meaning = "Old snapshots and logs have been removed. `zxid`: the oldest snapshot kept.",
       .columns = {kZxid},
       .site = {kRare, 17},
       .tone = kPlain},
      {.probe = kSnapshotDamaged,
       .meaning = "The server has skipped a snapshot that it cannot use. `zxid`: the snapshot's.",
       .columns = {kZxid},
       .tone = kRepair},
      {.probe = kDiskFailed,
       .meaning = "An operation of the server's disk has failed. `kind`: read, write, fsync, full.",
       .kinds = {Kind::kRead, Kind::kWrite, Kind::kFsync, Kind::kFull},
       .tone = kFault},
      {.probe = kDiskCorrupted,
       .meaning = "The server's disk no longer holds what was written. `kind`: rot, block, "
                  "reordered, wiped.",
       .kinds = {Kind::kRot, Kind::kBlock, Kind::kReordered, Kind::kWiped},
       .tone = kFault},
      {.probe = kClockSet,
       .meaning = "The server's clock jumps, or its drift changes.",
       .tone = kRepair},
  });
}();
static_assert(kProbeTable.size() == kProbeCount);
static_assert([] {
  for (size_t i = 0; i < kProbeTable.size(); ++i) {
    if (kProbeTable[i].probe != static_cast<Probe>(i)) return false;
  }
  return true;
}());

constexpr const ProbeRow& RowOf(Probe probe) {
  return kProbeTable[static_cast<size_t>(probe)];
}

/// "by", "to", ...
absl::string_view Name(Column column);
/// "plain", "leader", ...
absl::string_view Name(Tone tone);

}  // namespace scenario
