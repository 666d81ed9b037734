// The guarantees for clients.  (REFERENCE.md 16.4)
#include <algorithm>
#include <optional>
#include <vector>

#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

/// Like CommittedNeverLost, for writes that were acknowledged to their client.
class AcknowledgedNeverLost final : public CopyableInvariant<AcknowledgedNeverLost> {
 public:
  ProbeSet probes() const override {
    return {Probe::kReturned, Probe::kEstablished, Probe::kTruncated, Probe::kSnapInstalled,
            Probe::kRecovered};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    static const Text kWhat{"acknowledged to its client", "向客户端确认"};
    if (record.event.probe == Probe::kReturned) return OnReturned(record.event, ghost);
    if (record.event.probe == Probe::kEstablished) {
      return LostByEstablishing(record, ghost, acknowledged_, kWhat);
    }
    return LostByShrinking(record, ghost, acknowledged_, kWhat);
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("acknowledged", acknowledged_);
  }

 private:
  Finding OnReturned(const TraceEvent& event, const Ghost& ghost) {
    const auto& operation = ghost.change().returned;
    if (event.kind != Kind::kOk || !operation || !IsWrite(operation->request.type)) {
      return std::nullopt;
    }
    const std::optional<HistoryId> effect = ghost.client(event.client)->EffectOf(event.number);
    if (!effect) {
      return Sentence("$0 was acknowledged at $1; no server has delivered it",
                      "$0 得到的回复是已在 $1 完成；而没有服务器应用过它",
                      Request(ghost, event.client, event.number), ToString(event.zxid));
    }
    const Histories& histories = ghost.histories();
    const HistoryId write = *effect;
    const auto later = ghost.established().upper_bound(histories.zxid(write).epoch);
    if (later != ghost.established().end() &&
        !histories.IsPrefix(write, ghost.leadership(later->second).initial)) {
      return Sentence(
          "$0, $1, was acknowledged to its client; the initial history of epoch $2 does not have "
          "it",
          "$0（$1）已向客户端确认；而纪元 $2 的起始历史里没有它",
          Request(ghost, event.client, event.number), ghost.ExactNameOf(write), later->first.value);
    }
    if (histories.IsPrefix(acknowledged_, write)) acknowledged_ = write;
    if (histories.IsPrefix(write, acknowledged_)) return std::nullopt;
    return Sentence(
        "both $0 and $1 were acknowledged to clients: $2", "$0 与 $1 都已向客户端确认：$2",
        ghost.NameOf(acknowledged_), ghost.NameOf(write),
        ForkBetween(ghost, {"the first", "前者"}, acknowledged_, {"the second", "后者"}, write));
  }

  HistoryId acknowledged_;  // The longest history that ends in an acknowledged write.
};

/// Requests of one client take effect and are answered in the order of issue, and the zxids of the
/// replies never decrease, not even across reconnects.
class ClientFifo final : public CopyableInvariant<ClientFifo> {
 public:
  ProbeSet probes() const override {
    return {Probe::kServing, Probe::kDelivered, Probe::kReplied, Probe::kReturned};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (event.probe == Probe::kReplied) return OnReply(event, ghost, connections_[event.client]);
    if (event.probe == Probe::kReturned) return OnReturned(record, ghost);
    for (const HistoryId id : ghost.change().delivered) {
      const Histories::Txn& txn = ghost.histories().last(id);
      if (txn.client == 0) continue;
      Connection& connection = connections_[txn.client];
      if (txn.number < connection.delivered) {  // Equality is AtMostOnce's concern.
        return Sentence("$0 takes effect at $1, after request $2",
                        "$0 在 $1 生效，排在请求 $2 之后", Request(ghost, txn.client, txn.number),
                        ToString(txn.zxid), connection.delivered);
      }
      connection.delivered = txn.number;
    }
    return std::nullopt;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("connections", connections_);
    field("seen", seen_);
  }

 private:
  struct Connection {
    int64_t delivered = 0;  // The last cxid of each kind.
    int64_t replied = 0;
    zab::Zxid zxid;  // Of the last reply.
    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("delivered", delivered);
      field("replied", replied);
      field("zxid", zxid);
    }
  };

  static Finding OnReply(const TraceEvent& event, const Ghost& ghost, Connection& connection) {
    if (event.number <= connection.replied) {
      return Sentence("$0 is answered after request $1", "$0 排在请求 $1 之后才得到回复",
                      Request(ghost, event.client, event.number), connection.replied);
    }
    if (event.zxid < connection.zxid) {
      return Sentence("$0 is answered at $1, the one before at $2",
                      "$0 在 $1 得到回复，前一个却在 $2",
                      Request(ghost, event.client, event.number), ToString(event.zxid),
                      ToString(connection.zxid));
    }
    // The ghost keeps the outstanding requests in the order of issue.
    const ClientGhost* client = ghost.client(event.client);
    if (client != nullptr) {
      for (const ClientOperation& operation : client->in_flight) {
        if (operation.number >= event.number) break;
        if (operation.number > connection.replied) {
          return Sentence("$0 is answered before request $1", "$0 先于请求 $1 得到回复",
                          Request(ghost, event.client, event.number), operation.number);
        }
      }
    }
    connection.replied = event.number;
    connection.zxid = event.zxid;
    return std::nullopt;
  }

  Finding OnReturned(const Record& record, const Ghost& ghost) {
    const TraceEvent& event = record.event;
    if (event.kind == Kind::kIndeterminate) return std::nullopt;
    zab::Zxid& seen = seen_[record.node];
    if (event.zxid < seen) {
      return Sentence("$0 returns at $1; its client has seen $2 before",
                      "$0 在 $1 返回；而它的客户端先前已看到 $2",
                      Request(ghost, event.client, event.number), ToString(event.zxid),
                      ToString(seen));
    }
    seen = event.zxid;
    return std::nullopt;
  }

  absl::btree_map<int64_t, Connection> connections_;
  absl::btree_map<sim::NodeId, zab::Zxid>
      seen_;  // By client node, so that it persists across reconnects.
};

/// When a sync returns, its server has delivered at least what the leader had delivered when the
/// sync reached the leader.  (REFERENCE.md 10.3; not linearizable across a change of leaders, which
/// closes the connection.)
class SyncSeesCommitted final : public CopyableInvariant<SyncSeesCommitted> {
 public:
  ProbeSet probes() const override { return {Probe::kReplied}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    const ClientGhost* client = ghost.client(event.client);
    if (event.kind != Kind::kOk || client == nullptr) return std::nullopt;
    const ClientOperation* const sync = client->Find(event.number);
    if (sync == nullptr || sync->request.type != zab::OpType::kSync) return std::nullopt;
    const Histories& histories = ghost.histories();
    const HistoryId delivered = GhostOf(record, ghost).delivered;
    if (histories.IsPrefix(sync->floor, delivered) && histories.zxid(sync->floor) <= event.zxid) {
      return std::nullopt;
    }
    return Sentence(
        "when sync $0 reached its leader, the leader had delivered up to $1; it is answered at $2 "
        "by $3, which has delivered up to $4",
        "sync（$0）到达领导者时，领导者已应用到 $1；它在 $2 由 $3 回复，而 $3 只应用到 $4",
        Request(ghost, event.client, event.number), ghost.NameOf(sync->floor), ToString(event.zxid),
        ghost.NameOf(ServerOf(record)), ghost.NameOf(delivered));
  }
};

/// A request takes effect at most once, whatever reply its client got.
class AtMostOnce final : public CopyableInvariant<AtMostOnce> {
 public:
  ProbeSet probes() const override { return {Probe::kServing, Probe::kDelivered}; }
  Finding OnRecord(const Record&, const Ghost& ghost, const Surroundings&) override {
    for (const HistoryId id : ghost.change().delivered) {
      const Histories::Txn& txn = ghost.histories().last(id);
      if (txn.client == 0) continue;
      const auto& delivered = ghost.client(txn.client)->delivered;
      if (delivered.size() < 2) continue;
      const auto last = std::find_if(delivered.rbegin(), delivered.rend(),
                                     [&](const auto& write) { return write.second == id; });
      for (auto other = std::next(last); other != delivered.rend(); ++other) {
        // If ClientFifo holds, comparing with the previous one is enough.
        if (other->first < txn.number) break;
        if (other->first > txn.number) continue;
        return Sentence("$0 takes effect at $1; it already did so at $2",
                        "$0 在 $1 生效；而它先前已在 $2 生效过",
                        Request(ghost, txn.client, txn.number), ToString(txn.zxid),
                        ToString(ghost.histories().zxid(other->second)));
      }
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Invariant> MakeAcknowledgedNeverLost(const Scenario&) {
  return std::make_unique<AcknowledgedNeverLost>();
}
std::unique_ptr<Invariant> MakeClientFifo(const Scenario&) {
  return std::make_unique<ClientFifo>();
}
std::unique_ptr<Invariant> MakeSyncSeesCommitted(const Scenario&) {
  return std::make_unique<SyncSeesCommitted>();
}
std::unique_ptr<Invariant> MakeAtMostOnce(const Scenario&) {
  return std::make_unique<AtMostOnce>();
}

}  // namespace scenario
