// What leaders take for a quorum, compared with what the ghost has counted.  (REFERENCE.md 16.3,
// items 21 and 22)
#include <algorithm>
#include <vector>

#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

/// A leader goes on only with a quorum of what it needs: a majority of the voters, itself included,
/// as the ghost has counted what was sent and delivered.  FOLLOWERINFO before it fixes the epoch,
/// which must be newer than every epoch told in them; ACKEPOCH before synchronisation; ACK of
/// NEWLEADER before it is established, and of a learner before its UPTODATE; ACK of a proposal, or
/// of everything up to it, before it commits; and votes before any server follows or leads.
class QuorumReached final : public CopyableInvariant<QuorumReached> {
 public:
  ProbeSet probes() const override {
    return {Probe::kElected,     Probe::kEpochPersisted, Probe::kPhaseChanged,
            Probe::kEstablished, Probe::kUpToDate,       Probe::kQuorum};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (event.probe == Probe::kElected) {
      return Missing(record, ghost, ghost.VotesFor(event), {"votes for it", "对它的投票"});
    }
    const ServerGhost& server = GhostOf(record, ghost);
    if (server.role != ServerGhost::Role::kLeading) return std::nullopt;
    const Tally& heard = server.heard;
    if (event.probe == Probe::kEstablished) {
      return Missing(record, ghost, heard.newleader_acks.size(),
                     {"acknowledgements of NEWLEADER", "NEWLEADER 的确认"});
    }
    if (event.probe == Probe::kQuorum) {
      return Missing(record, ghost, Acknowledged(heard, event.zxid),
                     Sentence("acknowledgements of $0", " $0 的确认", ToString(event.zxid)));
    }
    if (event.probe == Probe::kUpToDate) return OnUpToDate(record, ghost, heard);
    if (event.kind == Kind::kAccepted) return OnEpochFixed(record, ghost, heard);
    if (event.kind != Kind::kSynchronization) return std::nullopt;
    return Missing(record, ghost, heard.ackepochs.size(),
                   {"promises of its epoch", "对其纪元的承诺"});
  }

 private:
  static size_t Acknowledged(const Tally& heard, zab::Zxid zxid) {
    return static_cast<size_t>(
        std::ranges::count_if(heard.acks, [zxid](zab::Zxid acked) { return acked >= zxid; }));
  }

  static Finding OnEpochFixed(const Record& record, const Ghost& ghost, const Tally& heard) {
    if (record.event.epoch <= heard.newest_accepted) {
      return Sentence("$0 fixes epoch $1 for itself; it has heard of a promise of epoch $2",
                      "$0 把自己的纪元定为 $1；而它已得知有对纪元 $2 的承诺",
                      ghost.NameOf(ServerOf(record)), record.event.epoch.value,
                      heard.newest_accepted.value);
    }
    return Missing(record, ghost, heard.followerinfos.size(), {"FOLLOWERINFOs", "FOLLOWERINFO"});
  }

  static Finding OnUpToDate(const Record& record, const Ghost& ghost, const Tally& heard) {
    const zab::ServerId to = record.event.peer;
    const bool joined = ghost.IsServer({to.value}) && heard.newleader_acks.Contains(to);
    if (joined) {
      return Missing(record, ghost, heard.newleader_acks.size(),
                     {"acknowledgements of NEWLEADER", "NEWLEADER 的确认"});
    }
    return Sentence("$0 sends UPTODATE to $1, from which no ACK of NEWLEADER has arrived",
                    "$0 向 $1 发送 UPTODATE；而 $1 对 NEWLEADER 的 ACK 还没有到",
                    ghost.NameOf(ServerOf(record)), ghost.NameOf(to));
  }

  static Finding Missing(const Record& record, const Ghost& ghost, size_t count,
                         const Text& of_what) {
    if (ghost.IsQuorum(count)) return std::nullopt;
    return Sentence("$0 reports $1 with $2 of $3 $4: no quorum",
                    "$0 报告 $1；而$4只有 $2 个，共 $3 台：不足法定人数",
                    ghost.NameOf(ServerOf(record)), Name(record.event.probe), count,
                    ghost.server_count(), of_what);
  }
};

/// When ACKEPOCH(e) or LEADERINFO(e) is sent, acceptedEpoch on disk is e or was so before a fault
/// of the disk.  (P1, P2)
class DurablePromise final : public CopyableInvariant<DurablePromise> {
 public:
  explicit DurablePromise(size_t servers) : promised_(servers) {}

  ProbeSet probes() const override {
    return {Probe::kAckEpoch, Probe::kLeaderInfo, Probe::kEpochPersisted, Probe::kRecovered,
            Probe::kDiskCorrupted};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const zab::ServerId server = ServerOf(record);
    const DurableState& disk = ghost.durable(server);
    if (!disk.known) return std::nullopt;
    zab::Epoch& promised = promised_[server.value - size_t{1}];
    if (record.event.kind == Kind::kWiped) promised = {};
    promised = std::max(promised, disk.accepted_epoch.value_or(zab::Epoch{}));
    const TraceEvent& event = record.event;
    const bool promises = event.probe == Probe::kAckEpoch || event.probe == Probe::kLeaderInfo;
    if (!promises || promised >= event.epoch) return std::nullopt;
    return Sentence("$0 promises epoch $1 ($2); acceptedEpoch on its disk is at most $3",
                    "$0 承诺纪元 $1（$2）；而它磁盘上的 acceptedEpoch 至多是 $3",
                    ghost.NameOf(server), event.epoch.value, Name(event.probe), promised.value);
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("promised", promised_);
  }

 private:
  std::vector<zab::Epoch> promised_;  // The newest that was durable, by sid - 1.
};

}  // namespace

std::unique_ptr<Invariant> MakeQuorumReached(const Scenario&) {
  return std::make_unique<QuorumReached>();
}
std::unique_ptr<Invariant> MakeDurablePromise(const Scenario& scenario) {
  return std::make_unique<DurablePromise>(scenario.ServerCount());
}

}  // namespace scenario
