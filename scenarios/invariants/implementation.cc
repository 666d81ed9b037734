// The properties of the implementation: epochs, histories, commits.  (zab-reference 21.2; Remix I-8
// to I-10)
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/invariants/parts.h"

namespace scenario {
namespace {

using zab::Probe;

/// acceptedEpoch and currentEpoch on disk never fall, currentEpoch <= acceptedEpoch, and no epoch
/// is acknowledged twice with a value that counts.  (zab-reference 21.2, 8)
class EpochMonotonicity final : public CopyableInvariant<EpochMonotonicity> {
 public:
  explicit EpochMonotonicity(size_t servers) : seen_(servers) {}

  ProbeSet probes() const override {
    return {Probe::kAckEpoch,  Probe::kEpochPersisted, Probe::kNewLeaderAcked,
            Probe::kTruncated, Probe::kSnapInstalled,  Probe::kLooking,
            Probe::kRecovered, Probe::kCrashed,        Probe::kDiskSpoiled};
  }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const zab::ServerId server = ServerOf(record);
    Seen& seen = seen_[server.value - size_t{1}];
    if (record.event.kind == zab::Kind::kWiped) seen = {};
    const std::string name = ghost.NameOf(server);
    if (record.event.probe == Probe::kAckEpoch && record.event.number >= 0) {
      const zab::Epoch before = seen.promised.value_or(zab::Epoch{});
      if (seen.promised && record.event.epoch <= before) {
        return absl::StrCat(name, " acknowledges epoch ", record.event.epoch.value,
                            " as a new promise; it has promised ", before.value, " before");
      }
      seen.promised = record.event.epoch;
    }
    const DurableState& disk = ghost.durable(server);
    if (!disk.known) return std::nullopt;
    if (Finding fall = Fall(name, "acceptedEpoch", seen.accepted, disk.accepted_epoch)) return fall;
    if (Finding fall = Fall(name, "currentEpoch", seen.current, disk.current_epoch)) return fall;
    if (disk.current_epoch && disk.accepted_epoch && *disk.current_epoch > *disk.accepted_epoch) {
      return absl::StrCat("on the disk of ", name, " currentEpoch is ", disk.current_epoch->value,
                          ", acceptedEpoch ", disk.accepted_epoch->value);
    }
    return std::nullopt;
  }

 private:
  struct Seen {
    std::optional<zab::Epoch> promised, accepted, current;
  };

  static Finding Fall(absl::string_view server, absl::string_view file,
                      std::optional<zab::Epoch>& seen, std::optional<zab::Epoch> now) {
    const std::optional<zab::Epoch> before = seen;
    if (now) seen = now;
    if (!before || (now && *now >= *before)) return std::nullopt;
    return absl::StrCat(file, " on the disk of ", server, " was ", before->value, ", now ",
                        now ? absl::StrCat("it is ", now->value) : "there is none");
  }

  std::vector<Seen> seen_;  // By sid - 1.
};

/// Zxids rise along every history; the same zxid is the same transaction, since one primary assigns
/// each counter of its epoch once.  (zab-reference 21.2, 9)
class HistoryOrder final : public CopyableInvariant<HistoryOrder> {
 public:
  ProbeSet probes() const override { return {Probe::kProposed, Probe::kLogged}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const zab::TraceEvent& event = record.event;
    const std::string name = ghost.NameOf(ServerOf(record));
    const char* verb = event.probe == Probe::kProposed ? " proposes " : " logs ";
    const Origin* origin = ghost.origin(event.zxid);
    if (origin != nullptr && origin->hash != event.txn) {
      return absl::StrCat(name, verb, ToString(event.zxid), " (",
                          absl::Hex(event.txn, absl::kZeroPad16), "); ",
                          ghost.NameOf(origin->server), " had ",
                          ghost.NameWithHash(origin->history), " under that zxid");
    }
    if (event.probe == Probe::kProposed) return std::nullopt;
    const HistoryId before = ghost.change().history_before;
    if (ghost.histories().zxid(before) < event.zxid) return std::nullopt;
    return absl::StrCat(name, verb, ToString(event.zxid), " behind ", ghost.NameOf(before));
  }
};

/// e < e', both established => I_e is a prefix of I_e'.  (zab-reference 21.2, 10; Remix I-8)
/// Compared with its neighbours, each is compared with all.
class InitialHistoryIntegrity final : public CopyableInvariant<InitialHistoryIntegrity> {
 public:
  ProbeSet probes() const override { return {Probe::kEstablished}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const auto& established = ghost.established();
    const auto here = established.find(record.event.epoch);
    if (here == established.end()) return std::nullopt;
    if (here != established.begin()) {
      if (Finding f = Compare(ghost, std::prev(here)->second, here->second)) return f;
    }
    if (std::next(here) == established.end()) return std::nullopt;
    return Compare(ghost, here->second, std::next(here)->second);
  }

 private:
  static Finding Compare(const Ghost& ghost, ReignId first, ReignId second) {
    const Reign& a = ghost.reign(first);
    const Reign& b = ghost.reign(second);
    if (ghost.histories().IsPrefix(a.initial, b.initial)) return std::nullopt;
    return absl::StrCat(
        "the initial history of epoch ", a.epoch.value, " ends at ", ghost.NameOf(a.initial),
        ", that of epoch ", b.epoch.value, " at ", ghost.NameOf(b.initial), ": ",
        ForkBetween(ghost, ghost.NameOf(a.leader), a.initial, ghost.NameOf(b.leader), b.initial));
  }
};

/// What is committed (a quorum has durably acknowledged it under its leader, or it is in an
/// established initial history) is in every later one, and in the histories of a quorum for ever.
/// (zab-reference 21.2, 10; Remix I-8)
class CommittedNeverLost final : public CopyableInvariant<CommittedNeverLost> {
 public:
  ProbeSet probes() const override {
    return {Probe::kEstablished, Probe::kAcked, Probe::kTruncated, Probe::kSnapInstalled,
            Probe::kRecovered};
  }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const HistoryId before = ghost.change().committed_before;
    if (record.event.probe == Probe::kEstablished) {
      return LostByEstablishing(record, ghost, before, "committed");
    }
    if (record.event.probe == Probe::kAcked) {
      return before == ghost.committed() ? std::nullopt : OnCommitted(ghost, before);
    }
    return LostByShrinking(record, ghost, before, "committed");
  }

 private:
  static Finding OnCommitted(const Ghost& ghost, HistoryId before) {
    const HistoryId now = ghost.committed();
    if (!ghost.histories().IsPrefix(before, now)) {
      return absl::StrCat(
          "both ", ghost.NameOf(before), " and ", ghost.NameOf(now),
          " are committed: ", ForkBetween(ghost, "the first", before, "the second", now));
    }
    size_t holders = 0;  // Not Holders(): this is for every transaction.
    for (uint16_t i = 1; i <= ghost.server_count(); ++i) {
      if (ghost.histories().IsPrefix(now, ghost.server(zab::ServerId{i}).history)) ++holders;
    }
    if (ghost.IsQuorum(holders)) return std::nullopt;
    return absl::StrCat("a quorum has acknowledged ", ghost.NameWithHash(now),
                        ", so it is committed;"
                        " by now only ",
                        ghost.NamesOf(ghost.Holders(now)), " still has it");
  }
};

/// A follower's delivered sequence is a prefix of its leader's history.  (zab-reference 21.2, 11;
/// Remix I-9)  The leader's history of e is I_e and all that it has proposed.
class CommitConsistency final : public CopyableInvariant<CommitConsistency> {
 public:
  ProbeSet probes() const override { return {Probe::kServing, Probe::kDelivered}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const Reign* reign = ghost.ReignOf(ServerOf(record));
    if (reign == nullptr || !reign->discovered || reign->leader == ServerOf(record)) {
      return std::nullopt;
    }
    const HistoryId delivered = GhostOf(record, ghost).delivered;
    if (ghost.histories().IsPrefix(delivered, reign->tip)) return std::nullopt;
    const std::string name = ghost.NameOf(ServerOf(record));
    return absl::StrCat(name, " has delivered up to ", ghost.NameOf(delivered), " in epoch ",
                        reign->epoch.value, " of ", ghost.NameOf(reign->leader), ": ",
                        ForkBetween(ghost, name, delivered, "its leader", reign->tip));
  }
};

/// The history of a learner that has acknowledged NEWLEADER is a prefix of its leader's.
/// (zab-reference 21.2, 12; Remix I-10)
class HistoryConsistency final : public CopyableInvariant<HistoryConsistency> {
 public:
  ProbeSet probes() const override {
    return {Probe::kNewLeaderAcked, Probe::kLogged, Probe::kTruncated, Probe::kSnapInstalled};
  }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const ServerGhost& server = GhostOf(record, ghost);
    if (!server.joined) return std::nullopt;
    const Reign* reign = ghost.ReignOf(ServerOf(record));
    if (!reign->discovered || reign->leader == ServerOf(record)) return std::nullopt;
    if (ghost.histories().IsPrefix(server.history, reign->tip)) return std::nullopt;
    const std::string name = ghost.NameOf(ServerOf(record));
    return absl::StrCat(name, " has joined epoch ", reign->epoch.value, " of ",
                        ghost.NameOf(reign->leader), " with a history up to ",
                        ghost.NameOf(server.history), ": ",
                        ForkBetween(ghost, name, server.history, "its leader", reign->tip));
  }
};

/// At establishment the leader's history contains every committed transaction. (zab-reference 21.2,
/// 17; leaderLogCompleteness of the Disalg specifications)
class LeaderCompleteness final : public CopyableInvariant<LeaderCompleteness> {
 public:
  ProbeSet probes() const override { return {Probe::kEstablished}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const Histories& histories = ghost.histories();
    const HistoryId mine = GhostOf(record, ghost).history;
    const HistoryId committed =
        histories.UpTo(ghost.change().committed_before, {record.event.epoch, 0});
    if (histories.IsPrefix(committed, mine)) return std::nullopt;
    return absl::StrCat(
        ghost.NameOf(ServerOf(record)), " has established epoch ", record.event.epoch.value,
        " with a history up to ", ghost.NameOf(mine), ", and ", ghost.NameOf(committed),
        " is committed: ", ForkBetween(ghost, "the leader", mine, "the committed one", committed));
  }
};

}  // namespace

std::unique_ptr<Invariant> MakeEpochMonotonicity(const Scenario& scenario) {
  return std::make_unique<EpochMonotonicity>(scenario.ServerCount());
}
std::unique_ptr<Invariant> MakeHistoryOrder(const Scenario&) {
  return std::make_unique<HistoryOrder>();
}
std::unique_ptr<Invariant> MakeInitialHistoryIntegrity(const Scenario&) {
  return std::make_unique<InitialHistoryIntegrity>();
}
std::unique_ptr<Invariant> MakeCommittedNeverLost(const Scenario&) {
  return std::make_unique<CommittedNeverLost>();
}
std::unique_ptr<Invariant> MakeCommitConsistency(const Scenario&) {
  return std::make_unique<CommitConsistency>();
}
std::unique_ptr<Invariant> MakeHistoryConsistency(const Scenario&) {
  return std::make_unique<HistoryConsistency>();
}
std::unique_ptr<Invariant> MakeLeaderCompleteness(const Scenario&) {
  return std::make_unique<LeaderCompleteness>();
}

}  // namespace scenario
