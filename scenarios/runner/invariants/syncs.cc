// How a leader brings learners up to date.  (REFERENCE.md 7.1 and 16.3, item 27)
#include <algorithm>
#include <cstdint>
#include <vector>

#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

/// A leader sends a whole snapshot only if it must.  It needs none for a learner whose last zxid is
/// in its memory (DIFF), or behind everything that it has (TRUNC).  It has in memory the last
/// commit_log_count transactions of its history, but for those before the snapshot with which its
/// memory began; what it may find in its log on disk is left to it.
class NoNeedlessSnap final : public CopyableInvariant<NoNeedlessSnap> {
 public:
  explicit NoNeedlessSnap(const Scenario& scenario)
      : limit_(static_cast<size_t>(scenario.cluster.server.commit_log_count)),
        forced_(scenario.cluster.server.force_snapshot_sync),
        servers_(scenario.ServerCount()) {}

  ProbeSet probes() const override {
    return {Probe::kRecovered,     Probe::kTruncated,    Probe::kSnapReceived,
            Probe::kSnapInstalled, Probe::kMsgDelivered, Probe::kSyncDecided};
  }

  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (event.probe == Probe::kSyncDecided) return OnSyncDecided(record, ghost);
    if (event.probe == Probe::kMsgDelivered) {
      const bool known = event.peer.value >= 1 && event.peer.value <= servers_.size();
      if (known && event.kind == Kind::kAckEpochMessage) At(event.peer).announced = event.zxid;
      return std::nullopt;
    }
    Server& server = At(ServerOf(record));
    server.before = ghost.histories().size(GhostOf(record, ghost).history);
    if (event.probe == Probe::kRecovered) {
      server.before -= std::min<uint64_t>(server.before, static_cast<uint64_t>(event.number));
    }
    return std::nullopt;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("servers", servers_);
  }

 private:
  struct Server {
    uint64_t before = 0;  // How many transactions came before those in its memory.
    zab::Zxid announced;  // As a learner, in its last ACKEPOCH that a leader got; 0:0: nothing.
    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("before", before);
      field("announced", announced);
    }
  };

  Server& At(zab::ServerId server) { return servers_[server.value - size_t{1}]; }

  Finding OnSyncDecided(const Record& record, const Ghost& ghost) {
    const zab::Zxid last = At(record.event.peer).announced;
    // A counter of 0 is the beginning of an epoch, or nothing.
    if (record.event.kind != Kind::kSnap || forced_ || last.counter == 0) return std::nullopt;
    const Histories& histories = ghost.histories();
    const HistoryId history = GhostOf(record, ghost).history;
    const HistoryId known = histories.UpTo(history, last);
    const uint64_t before = At(ServerOf(record)).before;
    const bool beyond = last > histories.zxid(history) && histories.size(history) > before;
    const bool in_memory = histories.zxid(known) == last && histories.size(known) > before &&
                           histories.size(history) - histories.size(known) < limit_;
    if (!in_memory && !beyond) return std::nullopt;
    return Sentence("$0 sends $1 a snapshot, although $1 has everything up to $2 and $0 could $3",
                    "$0 向 $1 发送快照，而 $1 已有到 $2 的全部历史，$0 本可以$3",
                    ghost.NameOf(ServerOf(record)), ghost.NameOf(record.event.peer), ToString(last),
                    in_memory ? Text{"send the rest", "只发送其余部分"}
                              : Text{"have its end removed", "让它回滚末尾"});
  }

  size_t limit_;                 // Not a field: never changes.
  bool forced_;                  // Not a field, likewise.
  std::vector<Server> servers_;  // By sid - 1.
};

}  // namespace

std::unique_ptr<Invariant> MakeNoNeedlessSnap(const Scenario& scenario) {
  return std::make_unique<NoNeedlessSnap>(scenario);
}

}  // namespace scenario
