// Compares what a server claims to have with what its disk holds durably.  (REFERENCE.md 16.3,
// items 13 to 15 and 23)
#include <algorithm>
#include <optional>

#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

Text DiskOf(const Ghost& ghost, zab::ServerId server) {
  const DurableState& disk = ghost.durable(server);
  if (!disk.damage.empty()) {
    return Sentence("its disk is damaged: $0", "它的磁盘已损坏：$0", disk.damage);
  }
  return Sentence("its disk holds durably $0", "它的磁盘上只落盘到 $0", ghost.NameOf(disk.history));
}

/// Where a server announces its last zxid.
Text WhereOf(Probe probe) {
  if (probe == Probe::kLooking) return {" in its vote", "在选票中"};
  if (probe == Probe::kAckEpoch) return {" in ACKEPOCH", "在 ACKEPOCH 中"};
  return {" after a restart", "恢复后"};
}

/// When ACK(z) is sent (or the leader counts its own), every transaction up to z is durable.
/// (REFERENCE.md 16.3, item 13; P5)
class DurableAck final : public CopyableInvariant<DurableAck> {
 public:
  ProbeSet probes() const override { return {Probe::kAcked}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const zab::ServerId server = ServerOf(record);
    const DurableState& disk = ghost.durable(server);
    if (!disk.known || ghost.LostItsCopy(server)) return std::nullopt;
    const Histories& histories = ghost.histories();
    const HistoryId acked = histories.UpTo(GhostOf(record, ghost).history, record.event.zxid);
    const bool has_it = histories.zxid(acked) == record.event.zxid;
    if (has_it && histories.IsPrefix(acked, disk.history)) return std::nullopt;
    const Text what = has_it ? DiskOf(ghost, server)
                             : Text{"its history does not contain it", "它的历史里没有这个事务"};
    return Sentence("$0 acknowledges $1; $2", "$0 确认 $1；而$2", ghost.NameOf(server),
                    ToString(record.event.zxid), what);
  }
};

/// When ACK(NEWLEADER e) is sent (or the leader counts its own), the disk restores to a history
/// that contains I_e, and currentEpoch on it is e.  (REFERENCE.md 16.3, item 14; P3, P4)
class DurableNewLeaderAck final : public CopyableInvariant<DurableNewLeaderAck> {
 public:
  ProbeSet probes() const override { return {Probe::kNewLeaderAcked}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const zab::ServerId server = ServerOf(record);
    const DurableState& disk = ghost.durable(server);
    if (!disk.known || ghost.LostItsCopy(server)) return std::nullopt;
    const zab::Epoch epoch = record.event.epoch;
    const Leadership* leadership = ghost.LeadershipOf(server);
    if (!ghost.histories().IsPrefix(leadership->initial, disk.history)) {
      return Sentence("$0 acknowledges NEWLEADER of epoch $1, whose initial history ends at $2; $3",
                      "$0 确认纪元 $1 的 NEWLEADER，这个纪元的起始历史止于 $2；而$3",
                      ghost.NameOf(server), epoch.value, ghost.NameOf(leadership->initial),
                      DiskOf(ghost, server));
    }
    if (disk.current_epoch == epoch) return std::nullopt;
    const Text on_disk = disk.current_epoch ? Sentence("$0", "$0", disk.current_epoch->value)
                                            : Text{"missing", "空"};
    return Sentence("$0 acknowledges NEWLEADER of epoch $1; currentEpoch on its disk is $2",
                    "$0 确认纪元 $1 的 NEWLEADER；而它磁盘上的 currentEpoch 是 $2",
                    ghost.NameOf(server), epoch.value, on_disk);
  }
};

/// Restart equivalence: what the disk would restore to (a) contains everything that was
/// acknowledged and was not removed by a TRUNC or SNAP under a newer promise, (b) contains nothing
/// that a completed TRUNC or SNAP removed and that was not sent again, and (c) equals what the
/// server announces to others while it has not crashed.  (REFERENCE.md 16.3, item 15; P6 to P8;
/// processConsistency of the Disalg specifications)
class ProcessConsistency final : public CopyableInvariant<ProcessConsistency> {
 public:
  ProbeSet probes() const override {
    return {Probe::kLooking,       Probe::kAckEpoch,  Probe::kTruncated,
            Probe::kSnapInstalled, Probe::kRecovered, Probe::kCrashed};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const zab::ServerId server = ServerOf(record);
    const TraceEvent& event = record.event;
    const GhostChange& change = ghost.change();
    const ServerGhost& now = ghost.server(server);
    if (event.probe == Probe::kRecovered) {
      // Compares what the restart found with what was recorded before.
      if (Finding f = Compare(ghost, server, change.history_before, change.acked_before,
                              change.received_before, change.truncating_before)) {
        return f;
      }
    } else if (Finding f =
                   Compare(ghost, server, now.history, now.acked, now.received, now.truncating)) {
      return f;
    }
    const bool announces = event.probe == Probe::kLooking || event.probe == Probe::kRecovered ||
                           (event.probe == Probe::kAckEpoch && event.number >= 0);
    if (announces) return Announced(record, ghost);
    const bool replaced = event.probe == Probe::kTruncated || event.probe == Probe::kSnapInstalled;
    const DurableState& disk = ghost.durable(server);
    if (!replaced || !disk.known || ghost.LostItsCopy(server)) return std::nullopt;
    if (disk.history == now.history) return std::nullopt;
    return Sentence("$0 $1 at $2, its history then ends at $3; $4",
                    "$0 在 $2 处$1，它的历史此后止于 $3；而$4", ghost.NameOf(server),
                    DoingOf(event.probe), ToString(event.zxid), ghost.NameOf(now.history),
                    DiskOf(ghost, server));
  }
  Finding OnEnd(const Ghost& ghost, const Surroundings&) override {
    for (const zab::ServerId sid : ghost.server_ids()) {
      const ServerGhost& s = ghost.server(sid);
      Finding found = Compare(ghost, sid, s.history, s.acked, s.received, s.truncating);
      if (found) return found;
    }
    return std::nullopt;
  }

 private:
  static Finding Compare(const Ghost& ghost, zab::ServerId server, HistoryId history,
                         HistoryId acked, const std::optional<ReceivedSnapshot>& received,
                         std::optional<zab::Zxid> truncating) {
    const DurableState& disk = ghost.durable(server);
    if (!disk.known || ghost.LostItsCopy(server)) return std::nullopt;
    const Histories& histories = ghost.histories();
    const ServerGhost& s = ghost.server(server);
    const bool is_old = histories.IsPrefix(disk.history, history);
    // A SNAP whose installation is so far along that a restart would complete it.
    const bool is_received =
        received && received->from &&
        histories.IsPrefix(disk.history, ghost.leadership(*received->from).tip);
    if (!is_old && !is_received) {
      const HistoryId common = histories.CommonPrefix(disk.history, history);
      return Sentence(
          "a restart of $0 would bring back $1; its history up to $2 does not contain it",
          "$0 重启会带回 $1；而它止于 $2 的历史里没有这个事务", ghost.NameOf(server),
          ghost.ExactNameOf(histories.Next(common, disk.history)), ghost.NameOf(history));
    }
    if (s.promised > s.acked_epoch) {
      if (truncating) acked = histories.UpTo(acked, *truncating);
      if (is_received) acked = histories.CommonPrefix(acked, disk.history);
    }
    if (histories.IsPrefix(acked, disk.history)) return std::nullopt;
    const HistoryId common = histories.CommonPrefix(acked, disk.history);
    return Sentence("$0 has acknowledged $1 in epoch $2 and has not promised a newer one; $3",
                    "$0 在纪元 $2 确认过 $1，此后没有承诺过更新的纪元；而$3", ghost.NameOf(server),
                    ghost.ExactNameOf(histories.Next(common, acked)), s.acked_epoch.value,
                    DiskOf(ghost, server));
  }

  // For an epoch that it led without a transaction, a server announces the start of the epoch:
  // (e,0).
  static Finding Announced(const Record& record, const Ghost& ghost) {
    const zab::ServerId server = ServerOf(record);
    const DurableState& disk = ghost.durable(server);
    if (!disk.known || ghost.server(server).damaged || !disk.damage.empty()) return std::nullopt;
    const zab::Zxid announced = record.event.zxid;
    if (announced == disk.last || (announced.counter == 0 && announced > disk.last)) {
      return std::nullopt;
    }
    return Sentence("$0 announces $1 as its last zxid$2; a restart would announce $3",
                    "$0 $2宣布自己最后的 zxid 是 $1；重启之后却会宣布 $3", ghost.NameOf(server),
                    ToString(announced), WhereOf(record.event.probe), ToString(disk.last));
  }
};

/// After a purge a restart restores the same as before, from the newest snapshot, and it would from
/// the oldest one kept, should the others be lost.  (REFERENCE.md 16.3, item 23; D24)
class PurgeKeepsHistory final : public InvariantOfRuns<PurgeKeepsHistory> {
 public:
  ProbeSet probes() const override { return {Probe::kPurged}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings& world) override {
    const zab::ServerId server = ServerOf(record);
    const DurableState& disk = ghost.durable(server);
    if (!disk.known || ghost.LostItsCopy(server)) return std::nullopt;
    if (!ghost.histories().IsPrefix(ghost.server(server).acked, disk.history)) {
      return Sentence("$0 has purged its directory; $1", "$0 清理了自己的目录；$1",
                      ghost.NameOf(server), DiskOf(ghost, server));
    }
    const auto missing = ghost.MissingAfterOldest(server, world);
    if (!missing) return std::nullopt;
    return Sentence(
        "$0 has purged its directory; the oldest snapshot is kept, and no log has $1 after it",
        "$0 清理了自己的目录；最老的快照还在，而它之后的 $1 在哪个日志里都没有",
        ghost.NameOf(server), ToString(*missing));
  }
};

}  // namespace

std::unique_ptr<Invariant> MakePurgeKeepsHistory(const Scenario&) {
  return std::make_unique<PurgeKeepsHistory>();
}
std::unique_ptr<Invariant> MakeDurableAck(const Scenario&) {
  return std::make_unique<DurableAck>();
}
std::unique_ptr<Invariant> MakeDurableNewLeaderAck(const Scenario&) {
  return std::make_unique<DurableNewLeaderAck>();
}
std::unique_ptr<Invariant> MakeProcessConsistency(const Scenario&) {
  return std::make_unique<ProcessConsistency>();
}

}  // namespace scenario
