// What people, coverage and probe_sweep make of each probe: one row per probe, or this does not
// compile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "scenarios/runner/record/record.h"

namespace scenario {

/// What kind of thing happens, for colours.
enum class Tone : uint8_t { kPlain, kLeader, kFault, kRepair, kSync };

/// Where probe_sweep puts its faults: where a server's durable or visible state changes.
enum class FaultSite : uint8_t {
  kNone,
  kRare,   // Once an election, a recovery or a snapshot.
  kOften,  // In every write.
};

struct ProbeTraits {
  Probe probe{};
  FaultSite site{};
  bool required = false;     // Without it nothing was elected, synchronised or written.
  std::optional<Tone> tone;  // Of a milestone; none: it is one with `kind` alone, if at all.
  Kind kind{};               // With that kind its tone is `tone_of_kind`.
  Tone tone_of_kind{};
};

/// By number.
inline constexpr auto kProbeTraits = [] {
  using enum Probe;
  using enum FaultSite;
  using enum Tone;
  return std::to_array<ProbeTraits>({
      {.probe = kLooking, .required = true, .tone = kPlain},
      {.probe = kVoteChanged},
      {.probe = kElected,
       .site = kRare,
       .required = true,
       .kind = Kind::kLeading,
       .tone_of_kind = kLeader},
      {.probe = kVoteSent, .required = true},
      {.probe = kNotificationReplaced},
      {.probe = kFollowerInfo, .site = kRare, .required = true},
      {.probe = kLeaderInfo, .site = kRare, .required = true},
      {.probe = kAckEpoch, .site = kRare, .required = true},
      {.probe = kSyncDecided, .site = kRare, .required = true, .tone = kSync},
      {.probe = kSyncFromDiskLog},
      {.probe = kNewLeaderSent, .site = kRare, .required = true},
      {.probe = kNewLeaderAcked, .site = kRare, .required = true},
      {.probe = kUpToDate, .site = kRare, .required = true},
      {.probe = kSnapSent, .site = kRare},
      {.probe = kTruncated, .site = kRare, .tone = kSync},
      {.probe = kSnapReceived},
      {.probe = kSnapInstalled, .site = kRare, .tone = kSync},
      {.probe = kEstablished, .site = kRare, .required = true, .tone = kLeader},
      {.probe = kQuorumLost, .site = kRare, .tone = kRepair},
      {.probe = kEpochPersisted, .site = kRare, .required = true},
      {.probe = kServing},
      {.probe = kProposed, .site = kOften, .required = true},
      {.probe = kQuorum, .required = true},
      {.probe = kCommitted, .site = kOften, .required = true},
      {.probe = kLogged, .site = kOften, .required = true},
      {.probe = kSynced, .site = kOften, .required = true},
      {.probe = kDelivered, .site = kOften, .required = true},
      {.probe = kAcked, .site = kOften, .required = true},
      {.probe = kReplied, .required = true},
      {.probe = kSnapshotBegin, .site = kRare},
      {.probe = kSnapshotEnd, .site = kRare, .tone = kPlain},
      {.probe = kLogRolled, .site = kRare},
      {.probe = kRecovered, .tone = kPlain, .kind = Kind::kDamaged, .tone_of_kind = kFault},
      {.probe = kDigestMismatch},
      {.probe = kChannelUp},
      {.probe = kChannelDown},
      {.probe = kMsgSent, .site = kOften},
      {.probe = kMsgDelivered, .site = kOften},
      {.probe = kCrashed, .tone = kFault},
      {.probe = kRestarted, .tone = kRepair},
      {.probe = kPaused, .tone = kFault},
      {.probe = kResumed, .tone = kRepair},
      {.probe = kHalted, .tone = kFault},
      {.probe = kPhaseChanged, .site = kRare},
      {.probe = kIgnored},
      {.probe = kAbandoned},
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
      {.probe = kPurged, .site = kRare, .tone = kPlain},
      {.probe = kSnapshotDamaged, .tone = kRepair},
      {.probe = kDiskFailed, .tone = kFault},
      {.probe = kDiskCorrupted, .tone = kFault},
      {.probe = kClockSet, .tone = kRepair},
  });
}();
static_assert(kProbeTraits.size() == kProbeCount);
static_assert([] {
  for (size_t i = 0; i < kProbeTraits.size(); ++i) {
    if (kProbeTraits[i].probe != static_cast<Probe>(i)) return false;
  }
  return true;
}());

constexpr const ProbeTraits& TraitsOf(Probe probe) {
  return kProbeTraits[static_cast<size_t>(probe)];
}

}  // namespace scenario
