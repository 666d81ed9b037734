// What servers show to clients, and what must not happen to a server at all.  (zab-reference 21.2,
// 17 to 19)
#include <array>

#include "absl/strings/str_cat.h"
#include "scenarios/invariants/parts.h"

namespace scenario {
namespace {

using zab::Probe;
using zab::Reason;

/// In one life of a server what it shows never goes back, and all of it is committed.
/// (zab-reference 21.2, 17; monotonicRead of the Disalg specifications)  Histories are compared,
/// not zxids: after (3,0), an epoch without a transaction, 2:5 is the same history.
class MonotonicServing final : public CopyableInvariant<MonotonicServing> {
 public:
  ProbeSet probes() const override { return {Probe::kServing, Probe::kDelivered}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const Histories& histories = ghost.histories();
    const std::string name = ghost.NameOf(ServerOf(record));
    const HistoryId now = GhostOf(record, ghost).delivered;
    const HistoryId before = ghost.change().delivered_before;
    if (!histories.IsPrefix(before, now)) {
      return absl::StrCat(name, " has shown its clients ", ghost.NameOf(before), ", and now ",
                          ghost.NameOf(now), ": ",
                          ForkBetween(ghost, "the first", before, "the second", now));
    }
    if (histories.IsPrefix(now, ghost.committed())) return std::nullopt;
    return absl::StrCat(name, " shows its clients ", ghost.NameWithHash(now),
                        ", and committed is only ", ghost.NameOf(ghost.committed()), ": ",
                        ForkBetween(ghost, name, now, "the committed one", ghost.committed()));
  }
};

/// Reasons that no crash, cut or delay can bring about: streams are FIFO and whole, and both ends
/// of a connection go through their phases in step.  (zab-reference 21.2, 18)  All others can: an
/// ack that comes too late, a connection lost, a promise made meanwhile, a TRUNC that cannot be
/// obeyed.
constexpr std::array kBadReasons = {
    Reason::kWrongPhase,       // NEWLEADER, UPTODATE, COMMIT, ... where it cannot occur.
    Reason::kUnmatchedCommit,  // COMMIT that is not the head of the pending proposals.
    Reason::kZxidGap,          // PROPOSAL that is not last + 1 within its epoch.
    Reason::kUnknownAck,       // ACK of what the leader never sent.
    Reason::kWrongNewLeaderAck, Reason::kLeaderBoundMessage, Reason::kBadBytes,
    Reason::kUnmatchedReply,  // A leader that answers requests out of their order.
};

/// Remix I-11 to I-14; ShouldNotBeTriggered in the TLA+ specifications.
class NoBadState final : public CopyableInvariant<NoBadState> {
 public:
  ProbeSet probes() const override { return {Probe::kIgnored, Probe::kAbandoned, Probe::kHalted}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const zab::TraceEvent& event = record.event;
    bool bad = false;
    for (const Reason reason : kBadReasons) bad = bad || reason == event.reason;
    if (!bad) return std::nullopt;
    const std::string from =
        event.peer.value == 0 ? "" : absl::StrCat(" from ", ghost.NameOf(event.peer));
    return absl::StrCat(ghost.NameOf(ServerOf(record)), " met ",
                        event.kind == zab::Kind::kNone ? "a message" : zab::Name(event.kind), from,
                        event.zxid == zab::Zxid{} ? "" : " " + ToString(event.zxid), " and ",
                        zab::Name(event.probe), " it (", zab::Name(event.reason),
                        "); a correct ensemble never gets there");
  }
};

/// No server halts, and none finds its history unusable, but for a fault of its disk.
/// (zab-reference 21.2, 19)
class NoFatalExit final : public CopyableInvariant<NoFatalExit> {
 public:
  ProbeSet probes() const override { return {Probe::kHalted, Probe::kRecovered}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const std::string name = ghost.NameOf(ServerOf(record));
    const bool disk_failed = GhostOf(record, ghost).disk_failed;
    if (record.event.probe == Probe::kHalted) {
      if (disk_failed) return std::nullopt;
      return absl::StrCat(name, " halted (", zab::Name(record.event.reason),
                          "); no fault of the scenario makes it");
    }
    if (record.event.kind != zab::Kind::kDamaged) return std::nullopt;
    if (disk_failed || ghost.LostItsCopy(ServerOf(record))) return std::nullopt;
    const std::string& damage = ghost.durable(ServerOf(record)).damage;
    return absl::StrCat(name, " finds its history damaged", damage.empty() ? "" : ": ", damage,
                        "; crashes alone never do that");
  }
};

}  // namespace

std::unique_ptr<Invariant> MakeMonotonicServing(const Scenario&) {
  return std::make_unique<MonotonicServing>();
}
std::unique_ptr<Invariant> MakeNoBadState(const Scenario&) {
  return std::make_unique<NoBadState>();
}
std::unique_ptr<Invariant> MakeNoFatalExit(const Scenario&) {
  return std::make_unique<NoFatalExit>();
}

}  // namespace scenario
