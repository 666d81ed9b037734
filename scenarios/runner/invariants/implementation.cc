// The properties of the implementation: epochs, histories, commits.  (REFERENCE.md 16.3; Remix I-8
// to I-10)
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

/// acceptedEpoch and currentEpoch on disk never decrease, currentEpoch <= acceptedEpoch, and no
/// epoch is acknowledged as a new promise twice.  (REFERENCE.md 16.3, item 8)
class EpochMonotonicity final : public CopyableInvariant<EpochMonotonicity> {
 public:
  explicit EpochMonotonicity(size_t servers) : seen_(servers) {}

  ProbeSet probes() const override {
    return {Probe::kAckEpoch,  Probe::kEpochPersisted, Probe::kNewLeaderAcked,
            Probe::kTruncated, Probe::kSnapInstalled,  Probe::kLooking,
            Probe::kRecovered, Probe::kCrashed,        Probe::kDiskCorrupted};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const zab::ServerId server = ServerOf(record);
    Seen& seen = seen_[server.value - size_t{1}];
    if (record.event.kind == Kind::kWiped) seen = {};
    const std::string name = ghost.NameOf(server);
    if (record.event.probe == Probe::kAckEpoch && record.event.number >= 0) {
      const zab::Epoch before = seen.promised.value_or(zab::Epoch{});
      if (seen.promised && record.event.epoch <= before) {
        return Sentence("$0 acknowledges epoch $1 as a new promise; it has already promised $2",
                        "$0 把纪元 $1 当作新的承诺来确认；而它先前已承诺过 $2", name,
                        record.event.epoch.value, before.value);
      }
      seen.promised = record.event.epoch;
    }
    const DurableState& disk = ghost.durable(server);
    if (!disk.known) return std::nullopt;
    if (Finding fall = Fall(name, "acceptedEpoch", seen.accepted, disk.accepted_epoch)) return fall;
    if (Finding fall = Fall(name, "currentEpoch", seen.current, disk.current_epoch)) return fall;
    if (disk.current_epoch && disk.accepted_epoch && *disk.current_epoch > *disk.accepted_epoch) {
      return Sentence("on the disk of $0 currentEpoch is $1, acceptedEpoch $2",
                      "$0 的磁盘上 currentEpoch 是 $1，acceptedEpoch 是 $2", name,
                      disk.current_epoch->value, disk.accepted_epoch->value);
    }
    return std::nullopt;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("seen", seen_);
  }

 private:
  struct Seen {
    std::optional<zab::Epoch> promised, accepted, current;
    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("promised", promised);
      field("accepted", accepted);
      field("current", current);
    }
  };

  static Finding Fall(absl::string_view server, absl::string_view file,
                      std::optional<zab::Epoch>& seen, std::optional<zab::Epoch> now) {
    const std::optional<zab::Epoch> before = seen;
    if (now) seen = now;
    if (!before || (now && *now >= *before)) return std::nullopt;
    const Text then =
        now ? Sentence("it is $0", "是 $0", now->value) : Text{"there is none", "没有了"};
    return Sentence("$0 on the disk of $1 was $2, now $3", "$1 磁盘上的 $0 曾是 $2，现在$3", file,
                    server, before->value, then);
  }

  std::vector<Seen> seen_;  // By sid - 1.
};

/// Zxids increase along every history, and one zxid is one transaction, since one primary assigns
/// each counter of its epoch once.  (REFERENCE.md 16.3, item 9)
class HistoryOrder final : public CopyableInvariant<HistoryOrder> {
 public:
  ProbeSet probes() const override { return {Probe::kProposed, Probe::kLogged}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    const std::string name = ghost.NameOf(ServerOf(record));
    const Origin* origin = ghost.origin(event.zxid);
    if (origin != nullptr && origin->hash != event.txn) {
      return Sentence("$0 $1 $2; $3 had another transaction under that zxid",
                      "$0 $1 $2；而 $3 以这个 zxid 有过另一个事务", name, VerbOf(event),
                      ToString(event.zxid), ghost.NameOf(origin->server));
    }
    if (event.probe == Probe::kProposed) return std::nullopt;
    const HistoryId before = ghost.change().history_before;
    if (ghost.histories().zxid(before) < event.zxid) return std::nullopt;
    return Sentence("$0 $1 $2 after $3", "$0 在 $3 之后$1 $2", name, VerbOf(event),
                    ToString(event.zxid), ghost.NameOf(before));
  }

 private:
  static Text VerbOf(const TraceEvent& event) {
    if (event.probe == Probe::kProposed) return {"proposes", "发起提案"};
    return {"logs", "写入"};
  }
};

/// e < e', both established => I_e is a prefix of I_e'.  (REFERENCE.md 16.3, item 10; Remix I-8)
/// Comparing each with its neighbours compares all of them.
class InitialHistoryIntegrity final : public CopyableInvariant<InitialHistoryIntegrity> {
 public:
  ProbeSet probes() const override { return {Probe::kEstablished}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
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
  static Finding Compare(const Ghost& ghost, LeadershipId first, LeadershipId second) {
    const Leadership& a = ghost.leadership(first);
    const Leadership& b = ghost.leadership(second);
    if (ghost.histories().IsPrefix(a.initial, b.initial)) return std::nullopt;
    return Sentence(
        "the initial history of epoch $0 ends at $1, that of epoch $2 at $3: $4",
        "纪元 $0 的起始历史止于 $1，纪元 $2 的止于 $3：$4", a.epoch.value, ghost.NameOf(a.initial),
        b.epoch.value, ghost.NameOf(b.initial),
        ForkBetween(ghost, NameIn(ghost, a.leader), a.initial, NameIn(ghost, b.leader), b.initial));
  }
};

/// What is committed (a quorum has durably acknowledged it under its leader, or it is in an
/// established initial history) is in every later one, and in the histories of a quorum forever.
/// (REFERENCE.md 16.3, item 10; Remix I-8)
class CommittedNeverLost final : public CopyableInvariant<CommittedNeverLost> {
 public:
  ProbeSet probes() const override {
    return {Probe::kEstablished, Probe::kAcked, Probe::kTruncated, Probe::kSnapInstalled,
            Probe::kRecovered};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    static const Text kCommitted{"committed", "提交"};
    const HistoryId before = ghost.change().committed_before;
    if (record.event.probe == Probe::kEstablished) {
      return LostByEstablishing(record, ghost, before, kCommitted);
    }
    if (record.event.probe == Probe::kAcked) {
      return before == ghost.committed() ? std::nullopt : OnCommitted(ghost, before);
    }
    return LostByShrinking(record, ghost, before, kCommitted);
  }

 private:
  static Finding OnCommitted(const Ghost& ghost, HistoryId before) {
    const HistoryId now = ghost.committed();
    if (!ghost.histories().IsPrefix(before, now)) {
      return Sentence(
          "both $0 and $1 are committed: $2", "$0 与 $1 都已提交：$2", ghost.NameOf(before),
          ghost.NameOf(now),
          ForkBetween(ghost, {"the first", "前者"}, before, {"the second", "后者"}, now));
    }
    size_t holders = 0;  // Cheaper than Holders(), since this runs for every transaction.
    for (const zab::ServerId sid : ghost.server_ids()) {
      if (ghost.histories().IsPrefix(now, ghost.server(sid).history)) ++holders;
    }
    if (ghost.IsQuorum(holders)) return std::nullopt;
    return Sentence(
        "a quorum has acknowledged $0, so it is committed; but now only $1 still has it",
        "过半服务器已确认 $0，所以它已提交；而现在只有 $1 还有它", ghost.ExactNameOf(now),
        ghost.NamesOf(ghost.Holders(now)));
  }
};

/// A follower's delivered sequence is a prefix of its leader's history.  (REFERENCE.md 16.3, item
/// 11; Remix I-9)  The leader's history of e is I_e followed by everything that it has proposed.
class CommitConsistency final : public CopyableInvariant<CommitConsistency> {
 public:
  ProbeSet probes() const override { return {Probe::kServing, Probe::kDelivered}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const Leadership* leadership = ghost.LeadershipOf(ServerOf(record));
    if (leadership == nullptr || !leadership->discovered ||
        leadership->leader == ServerOf(record)) {
      return std::nullopt;
    }
    const HistoryId delivered = GhostOf(record, ghost).delivered;
    if (ghost.histories().IsPrefix(delivered, leadership->tip)) return std::nullopt;
    const zab::ServerId server = ServerOf(record);
    return Sentence("$0 has delivered up to $1 in epoch $2 of $3: $4",
                    "$0 在 $3 的纪元 $2 已应用到 $1：$4", ghost.NameOf(server),
                    ghost.NameOf(delivered), leadership->epoch.value,
                    ghost.NameOf(leadership->leader),
                    ForkBetween(ghost, NameIn(ghost, server), delivered,
                                {"its leader", "它的领导者"}, leadership->tip));
  }
};

/// The history of a learner that has acknowledged NEWLEADER is a prefix of its leader's.
/// (REFERENCE.md 16.3, item 12; Remix I-10)
class HistoryConsistency final : public CopyableInvariant<HistoryConsistency> {
 public:
  ProbeSet probes() const override {
    return {Probe::kNewLeaderAcked, Probe::kLogged, Probe::kTruncated, Probe::kSnapInstalled};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const ServerGhost& server = GhostOf(record, ghost);
    if (!server.joined) return std::nullopt;
    const Leadership* leadership = ghost.LeadershipOf(ServerOf(record));
    if (!leadership->discovered || leadership->leader == ServerOf(record)) return std::nullopt;
    if (ghost.histories().IsPrefix(server.history, leadership->tip)) return std::nullopt;
    return Sentence("$0 has joined epoch $1 of $2 with a history up to $3: $4",
                    "$0 带着止于 $3 的历史加入了 $2 的纪元 $1：$4", ghost.NameOf(ServerOf(record)),
                    leadership->epoch.value, ghost.NameOf(leadership->leader),
                    ghost.NameOf(server.history),
                    ForkBetween(ghost, NameIn(ghost, ServerOf(record)), server.history,
                                {"its leader", "它的领导者"}, leadership->tip));
  }
};

/// At establishment the leader's history contains every committed transaction. (REFERENCE.md 16.3,
/// item 17; leaderLogCompleteness of the Disalg specifications)
class LeaderCompleteness final : public CopyableInvariant<LeaderCompleteness> {
 public:
  ProbeSet probes() const override { return {Probe::kEstablished}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const Histories& histories = ghost.histories();
    const HistoryId mine = GhostOf(record, ghost).history;
    const HistoryId committed =
        histories.UpTo(ghost.change().committed_before, {record.event.epoch, 0});
    if (histories.IsPrefix(committed, mine)) return std::nullopt;
    return Sentence("$0 has established epoch $1 with a history up to $2, but $3 is committed: $4",
                    "$0 以止于 $2 的历史建立了纪元 $1，而 $3 已提交：$4",
                    ghost.NameOf(ServerOf(record)), record.event.epoch.value, ghost.NameOf(mine),
                    ghost.NameOf(committed),
                    ForkBetween(ghost, {"the leader", "领导者"}, mine,
                                {"the committed one", "已提交的历史"}, committed));
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
