// The properties of the paper: what servers deliver, and who leads.  (REFERENCE.md 16.2; DSN'11
// sections 2 and 5; the names are those of TLA Zab.tla)
#include <algorithm>
#include <vector>

#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

const ProbeSet kDeliveries = {Probe::kServing, Probe::kDelivered};

std::string By(const Record& record, const Ghost& ghost) {
  return ghost.NameOf(ServerOf(record));
}

/// t in C_i => t in some B_p^e.  (DSN'11 Integrity; TLA Integrity; Remix I-2)
class Integrity final : public CopyableInvariant<Integrity> {
 public:
  ProbeSet probes() const override { return kDeliveries; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    for (const HistoryId id : ghost.change().delivered) {
      const Histories::Txn& txn = ghost.histories().last(id);
      if (ghost.FindBroadcast(txn)) continue;
      const Origin* origin = ghost.origin(txn.zxid);
      const bool other = origin != nullptr && origin->broadcast;
      const Text broadcast =
          other ? Sentence("what was broadcast under that zxid is $0", "以这个 zxid 广播的是 $0",
                           ghost.ExactNameOf(origin->history))
                : Text{"no leader has broadcast it", "没有领导者广播过它"};
      return Sentence("$0 delivered $1; $2", "$0 应用了 $1；$2", By(record, ghost),
                      ghost.ExactNameOf(id), broadcast);
    }
    return std::nullopt;
  }
};

/// t before u in C_i and u in C_j => t in C_j, and before u.  (DSN'11 Total order; Remix I-4) A
/// transaction that was delivered at two places in the tree of histories has two different pasts.
class TotalOrder final : public CopyableInvariant<TotalOrder> {
 public:
  ProbeSet probes() const override { return kDeliveries; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    for (const HistoryId id : ghost.change().delivered) {
      const Histories::Txn& txn = ghost.histories().last(id);
      const Origin* origin = ghost.origin(txn.zxid);
      const bool usual = origin != nullptr && origin->history == id;
      if (usual && unusual_.empty()) continue;
      if (!usual) unusual_.push_back(id);
      std::vector<HistoryId> others = unusual_;
      if (!usual && origin != nullptr && ghost.IsDelivered(origin->history)) {
        others.push_back(origin->history);
      }
      for (const HistoryId other : others) {
        const Histories::Txn& same = ghost.histories().last(other);
        if (other == id || same.zxid != txn.zxid || same.hash != txn.hash) continue;
        return Sentence("$0 delivered $1 after a different past than it was delivered before: $2",
                        "$0 应用了 $1，它前面的历史与先前应用时不同：$2", By(record, ghost),
                        ghost.ExactNameOf(id),
                        ForkBetween(ghost, NameIn(ghost, ServerOf(record)), id,
                                    {"the other", "另一方"}, other));
      }
    }
    return std::nullopt;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("unusual", unusual_);
  }

 private:
  std::vector<HistoryId> unusual_;  // Delivered at another place than it was broadcast.
};

/// Compares what each server has delivered with the longest: if each is comparable with the
/// longest, all are comparable with each other.
Finding ForkFromLongest(const Record& record, const Ghost& ghost) {
  const HistoryId mine = GhostOf(record, ghost).delivered;
  const HistoryId longest = ghost.longest_delivered();
  if (ghost.histories().AreComparable(mine, longest)) return std::nullopt;
  const zab::ServerId by = ghost.longest_delivered_by();
  const Text other = by == ServerOf(record) ? Text{"the same server earlier", "同一台服务器先前"}
                                            : NameIn(ghost, by);
  return Sentence("$0 has delivered up to $1, $2 up to $3: $4", "$0 已应用到 $1，$2已应用到 $3：$4",
                  By(record, ghost), ghost.NameOf(mine), other, ghost.NameOf(longest),
                  ForkBetween(ghost, NameIn(ghost, ServerOf(record)), mine, other, longest));
}

/// Whether `a` has a transaction after `common` that `b` lacks.  Zxids increase along both.
bool HasOneThatLacks(const Histories& histories, HistoryId a, HistoryId b, HistoryId common) {
  for (; histories.size(a) > histories.size(common); a = histories.parent(a)) {
    const Histories::Txn& txn = histories.last(a);
    while (histories.size(b) > histories.size(common) && histories.zxid(b) > txn.zxid) {
      b = histories.parent(b);
    }
    const Histories::Txn& other = histories.last(b);
    if (b == common || other.zxid != txn.zxid || other.hash != txn.hash) return true;
  }
  return false;
}

/// t in C_i, u in C_j => t in C_j or u in C_i.  (DSN'11 Agreement; Remix I-3)
class Agreement final : public CopyableInvariant<Agreement> {
 public:
  ProbeSet probes() const override { return kDeliveries; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const Finding fork = ForkFromLongest(record, ghost);
    if (!fork) return std::nullopt;
    const Histories& histories = ghost.histories();
    const HistoryId mine = GhostOf(record, ghost).delivered;
    const HistoryId longest = ghost.longest_delivered();
    const HistoryId common = histories.CommonPrefix(mine, longest);
    const bool both = HasOneThatLacks(histories, mine, longest, common) &&
                      HasOneThatLacks(histories, longest, mine, common);
    return both ? fork : std::nullopt;  // A gap alone violates only the total order.
  }
};

/// C_i is a prefix of C_j or the other way round.  (REFERENCE.md 16.2, items 2 and 3; TLA
/// PrefixConsistency)
class PrefixConsistency final : public CopyableInvariant<PrefixConsistency> {
 public:
  ProbeSet probes() const override { return kDeliveries; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    return ForkFromLongest(record, ghost);
  }
};

/// t before u in B_p^e and u in C_i => t in C_i, and before u; for all such pairs, unlike in
/// Zab.tla. (DSN'11 Local primary order; Remix I-5)  Checking the one directly before u is enough,
/// by induction.
class LocalPrimaryOrder final : public CopyableInvariant<LocalPrimaryOrder> {
 public:
  ProbeSet probes() const override { return kDeliveries; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const Histories& histories = ghost.histories();
    for (const HistoryId id : ghost.change().delivered) {
      const Histories::Txn& txn = histories.last(id);
      const std::optional<HistoryId> broadcast = ghost.FindBroadcast(txn);
      if (!broadcast || *broadcast == id) continue;
      const HistoryId before = histories.parent(*broadcast);
      if (before == kEmptyHistory || histories.zxid(before).epoch != txn.zxid.epoch) continue;
      const Histories::Txn& wanted = histories.last(before);
      const Histories::Txn& found =
          histories.last(histories.UpTo(histories.parent(id), wanted.zxid));
      if (found.zxid == wanted.zxid && found.hash == wanted.hash) continue;
      return Sentence(
          "$0 delivered $1, which its leader broadcast after $2; before it this server has "
          "delivered $3 instead",
          "$0 应用了 $1，领导者是在 $2 之后广播它的；而这台服务器在它之前应用的是 $3，不是那一个",
          By(record, ghost), ghost.ExactNameOf(id), ghost.ExactNameOf(before),
          ghost.ExactNameOf(histories.parent(id)));
    }
    return std::nullopt;
  }
};

/// t, u in C_i, epoch(t) < epoch(u) => t before u.  (DSN'11 Global primary order; Remix I-6)
class GlobalPrimaryOrder final : public CopyableInvariant<GlobalPrimaryOrder> {
 public:
  ProbeSet probes() const override { return kDeliveries; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const Histories& histories = ghost.histories();
    for (const HistoryId id : ghost.change().delivered) {
      const HistoryId before = histories.parent(id);
      if (before == kEmptyHistory || histories.zxid(before) < histories.zxid(id)) continue;
      return Sentence("$0 delivered $1 after $2", "$0 在 $2 之后应用了 $1", By(record, ghost),
                      ghost.ExactNameOf(id), ghost.ExactNameOf(before));
    }
    return std::nullopt;
  }
};

/// p broadcasts u in e and some i delivers t with epoch(t) < e => p delivered t before it broadcast
/// u. (DSN'11 Primary integrity; Remix I-7)  In whichever order the two occur in the run.
class PrimaryIntegrity final : public CopyableInvariant<PrimaryIntegrity> {
 public:
  ProbeSet probes() const override {
    return {Probe::kProposed, Probe::kServing, Probe::kDelivered};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const zab::Epoch epoch = record.event.zxid.epoch;
    if (record.event.probe == Probe::kProposed) {
      if (epoch == last_ && primaries_.contains(epoch)) return std::nullopt;
      last_ = epoch;
      const Primary primary{ServerOf(record), GhostOf(record, ghost).delivered};
      if (!primaries_.emplace(epoch, primary).second) return std::nullopt;
      const HistoryId earlier = ghost.histories().UpTo(ghost.longest_delivered(), {epoch, 0});
      return Missing(ghost, epoch, primary, earlier, ghost.longest_delivered_by());
    }
    for (const HistoryId id : ghost.change().delivered) {
      const zab::Epoch delivered = ghost.histories().zxid(id).epoch;
      for (auto it = primaries_.upper_bound(delivered); it != primaries_.end(); ++it) {
        Finding missing = Missing(ghost, it->first, it->second, id, ServerOf(record));
        if (missing) return missing;
      }
    }
    return std::nullopt;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("primaries", primaries_);
    field("last", last_);
  }

 private:
  struct Primary {
    zab::ServerId server;
    HistoryId delivered;  // When it first broadcast.
    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("server", server);
      field("delivered", delivered);
    }
  };

  static Finding Missing(const Ghost& ghost, zab::Epoch epoch, const Primary& primary,
                         HistoryId delivered, zab::ServerId by) {
    const Histories& histories = ghost.histories();
    if (histories.IsPrefix(delivered, primary.delivered)) return std::nullopt;
    const HistoryId common = histories.CommonPrefix(delivered, primary.delivered);
    return Sentence(
        "$0 delivered $1; when $2 began to broadcast in epoch $3 it had delivered only up to $4",
        "$0 应用了 $1；而 $2 在纪元 $3 开始广播时只应用到 $4", ghost.NameOf(by),
        ghost.ExactNameOf(histories.Next(common, delivered)), ghost.NameOf(primary.server),
        epoch.value, ghost.NameOf(primary.delivered));
  }

  absl::btree_map<zab::Epoch, Primary> primaries_;
  zab::Epoch last_;
};

const ProbeSet kDiscoveries = {Probe::kNewLeaderAcked, Probe::kNewLeaderSent, Probe::kEstablished};

/// The leadership of the record's server, if it leads and has completed discovery.
const Leadership* LeadershipOfLeader(const Record& record, const Ghost& ghost) {
  const Leadership* leadership = ghost.LeadershipOf(ServerOf(record));
  const bool leads =
      leadership != nullptr && leadership->leader == ServerOf(record) && leadership->discovered;
  return leads ? leadership : nullptr;
}

/// At one instant at most one server leads an epoch.  (REFERENCE.md 16.2, item 7; TLA Leadership1;
/// Remix I-1)
class Leadership1 final : public CopyableInvariant<Leadership1> {
 public:
  ProbeSet probes() const override { return kDiscoveries; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const Leadership* mine = LeadershipOfLeader(record, ghost);
    if (mine == nullptr) return std::nullopt;
    for (const zab::ServerId other : ghost.server_ids()) {
      const Leadership* theirs = ghost.LeadershipOf(other);
      if (other == ServerOf(record) || theirs == nullptr || theirs->leader != other) continue;
      if (!theirs->discovered || theirs->epoch != mine->epoch) continue;
      return Sentence("$0 leads epoch $1, and so does $2", "$0 领导纪元 $1，$2 也领导这个纪元",
                      By(record, ghost), mine->epoch.value, ghost.NameOf(other));
    }
    return std::nullopt;
  }
};

/// In the whole run at most one server leads an epoch; a server that broadcasts in an epoch leads
/// it.  (REFERENCE.md 16.2, item 7; TLA Leadership2; Remix I-1)
class Leadership2 final : public CopyableInvariant<Leadership2> {
 public:
  ProbeSet probes() const override {
    return {Probe::kNewLeaderAcked, Probe::kNewLeaderSent, Probe::kEstablished, Probe::kProposed};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    zab::Epoch epoch = record.event.zxid.epoch;
    if (record.event.probe != Probe::kProposed) {
      const Leadership* leadership = LeadershipOfLeader(record, ghost);
      if (leadership == nullptr) return std::nullopt;
      epoch = leadership->epoch;
    }
    const zab::ServerId leader = ServerOf(record);
    if (epoch == last_epoch_ && leader == last_leader_) return std::nullopt;
    const zab::ServerId first = leaders_.emplace(epoch, leader).first->second;
    if (first != leader) {
      return Sentence("$0 leads or broadcasts in epoch $1, which was led by $2",
                      "$0 在纪元 $1 领导或广播，而这个纪元由 $2 领导过", ghost.NameOf(leader),
                      epoch.value, ghost.NameOf(first));
    }
    last_epoch_ = epoch;
    last_leader_ = leader;
    return std::nullopt;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("leaders", leaders_);
    field("last_epoch", last_epoch_);
    field("last_leader", last_leader_);
  }

 private:
  absl::btree_map<zab::Epoch, zab::ServerId> leaders_;
  zab::Epoch last_epoch_;
  zab::ServerId last_leader_;
};

template <class T>
std::unique_ptr<Invariant> Make() {
  return std::make_unique<T>();
}

}  // namespace

std::unique_ptr<Invariant> MakeIntegrity(const Scenario&) {
  return Make<Integrity>();
}
std::unique_ptr<Invariant> MakeTotalOrder(const Scenario&) {
  return Make<TotalOrder>();
}
std::unique_ptr<Invariant> MakeAgreement(const Scenario&) {
  return Make<Agreement>();
}
std::unique_ptr<Invariant> MakePrefixConsistency(const Scenario&) {
  return Make<PrefixConsistency>();
}
std::unique_ptr<Invariant> MakeLocalPrimaryOrder(const Scenario&) {
  return Make<LocalPrimaryOrder>();
}
std::unique_ptr<Invariant> MakeGlobalPrimaryOrder(const Scenario&) {
  return Make<GlobalPrimaryOrder>();
}
std::unique_ptr<Invariant> MakePrimaryIntegrity(const Scenario&) {
  return Make<PrimaryIntegrity>();
}
std::unique_ptr<Invariant> MakeLeadership1(const Scenario&) {
  return Make<Leadership1>();
}
std::unique_ptr<Invariant> MakeLeadership2(const Scenario&) {
  return Make<Leadership2>();
}

}  // namespace scenario
