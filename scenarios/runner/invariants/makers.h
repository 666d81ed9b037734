// The factories of all invariants.  Only for invariant.cc and the files that define them.
#pragma once

#include <memory>
#include <string>

#include "scenarios/runner/invariants/invariant.h"
#include "scenarios/runner/model/sentence.h"

namespace scenario {

/// An invariant that judges states.  What it remembers it lists as Fields.
template <class Derived>
class CopyableInvariant : public Invariant {
 public:
  std::unique_ptr<Invariant> Clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
  bool JudgesStates() const override { return true; }
  void Remember(StateHasher& hasher) const override {
    if constexpr (zab::HasFields<Derived>) {
      hasher.Add(static_cast<const Derived&>(*this));
    } else {
      static_assert(sizeof(Derived) == sizeof(Invariant), "it has members, but no Fields");
    }
  }
};

/// An invariant that only a run can violate: it judges times, or how files grow.
template <class Derived>
class InvariantOfRuns : public Invariant {
 public:
  std::unique_ptr<Invariant> Clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
  bool JudgesStates() const override { return false; }
  void Remember(StateHasher&) const override {}
};

using MakeInvariant = std::unique_ptr<Invariant>(const Scenario& scenario);

// zab_properties.cc
MakeInvariant MakeIntegrity, MakeTotalOrder, MakeAgreement, MakePrefixConsistency,
    MakeLocalPrimaryOrder, MakeGlobalPrimaryOrder, MakePrimaryIntegrity, MakeLeadership1,
    MakeLeadership2;
// implementation.cc
MakeInvariant MakeEpochMonotonicity, MakeHistoryOrder, MakeInitialHistoryIntegrity,
    MakeCommittedNeverLost, MakeCommitConsistency, MakeHistoryConsistency, MakeLeaderCompleteness;
// quorums.cc
MakeInvariant MakeQuorumReached, MakeDurablePromise;
// durability.cc
MakeInvariant MakeDurableAck, MakeDurableNewLeaderAck, MakeProcessConsistency,
    MakePurgeKeepsHistory;
// snapshot_equivalence.cc
MakeInvariant MakeSnapshotEquivalence;
// serving.cc
MakeInvariant MakeMonotonicServing, MakeNoBadState, MakeNoFatalExit;
// closing.cc
MakeInvariant MakeNoNeedlessClose;
// progress.cc
MakeInvariant MakePromptStepDown, MakeBoundedElection, MakeNoSpin;
// heartbeats.cc
MakeInvariant MakeSteadyHeartbeats;
// syncs.cc
MakeInvariant MakeNoNeedlessSnap;
// client.cc
MakeInvariant MakeAcknowledgedNeverLost, MakeClientFifo, MakeSyncSeesCommitted, MakeAtMostOnce;
// answers.cc
MakeInvariant MakeMonotonicReads, MakeReadYourWrites, MakeWritesAsAsked;

/// The server that a record is of.
inline zab::ServerId ServerOf(const Record& record) {
  return {record.node.value};
}
inline const ServerGhost& GhostOf(const Record& record, const Ghost& ghost) {
  return ghost.server(ServerOf(record));
}

/// "they agree up to 1:3; then n1 has 1:4 (...) and n2 has 2:1 (...)".  Names within a sentence; in
/// Chinese followed by a space.
Text ForkBetween(const Ghost& ghost, const Text& a_name, HistoryId a, const Text& b_name,
                 HistoryId b);
Text NameIn(const Ghost& ghost, zab::ServerId server);
/// "request 7 of client 100000000000001".
Text Request(const Ghost& ghost, int64_t client, int64_t number);

/// What a server does to its history: "has truncated its log", "截断日志".
Text DoingOf(Probe probe);

/// Reports if the record's server has just shortened its history and thereby less than a quorum
/// holds a transaction of `precious`.
Finding LostByShrinking(const Record& record, const Ghost& ghost, HistoryId precious,
                        const Text& attribute);
/// Reports if the leadership just established lacks a transaction of earlier epochs in `precious`.
Finding LostByEstablishing(const Record& record, const Ghost& ghost, HistoryId precious,
                           const Text& attribute);

}  // namespace scenario
