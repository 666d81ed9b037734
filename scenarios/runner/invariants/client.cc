// The guarantees for clients.  (REFERENCE.md 16.4)
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protocol/base/hash.h"
#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

Text Request(const Ghost& ghost, int64_t client, int64_t number) {
  return Sentence("request $0 of client $1", "客户端 $1 的请求 $0", number,
                  ghost.NameOfClient(client));
}

/// Like CommittedNeverLost, for writes that were acknowledged to their client.
class AcknowledgedNeverLost final : public CopyableInvariant<AcknowledgedNeverLost> {
 public:
  ProbeSet probes() const override {
    return {Probe::kReturned, Probe::kEstablished, Probe::kTruncated, Probe::kSnapInstalled,
            Probe::kRecovered};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const sim::World&) override {
    static const Text kWhat{"acknowledged to its client", "向客户端确认"};
    if (record.event.probe == Probe::kReturned) return OnReturned(record.event, ghost);
    if (record.event.probe == Probe::kEstablished) {
      return LostByEstablishing(record, ghost, acknowledged_, kWhat);
    }
    return LostByShrinking(record, ghost, acknowledged_, kWhat);
  }

 private:
  Finding OnReturned(const TraceEvent& event, const Ghost& ghost) {
    const auto& operation = ghost.change().returned;
    if (event.kind != Kind::kOk || !operation || !IsWrite(operation->type)) return std::nullopt;
    const auto& delivered = ghost.client(event.client)->delivered;
    const auto found = std::find_if(delivered.rbegin(), delivered.rend(),
                                    [&](const auto& write) { return write.first == event.number; });
    if (found == delivered.rend()) {
      return Sentence("$0 was acknowledged at $1; no server has delivered it",
                      "$0 得到的回复是已在 $1 完成；而没有服务器应用过它",
                      Request(ghost, event.client, event.number), ToString(event.zxid));
    }
    const Histories& histories = ghost.histories();
    const HistoryId write = found->second;
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
  Finding OnRecord(const Record& record, const Ghost& ghost, const sim::World&) override {
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

 private:
  struct Connection {
    int64_t delivered = 0;  // The last cxid of each kind.
    int64_t replied = 0;
    zab::Zxid zxid;  // Of the last reply.
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

/// The model for reads: the versions of every node along the committed history.
class ReadModel {
 public:
  struct Version {
    zab::Zxid zxid;
    bool exists = false;
    uint64_t data = 0;  // Hash; 0: none.
  };

  /// Advances to everything that is committed.  False if that is impossible: some transaction is in
  /// no log that was read, or the history is contradictory.
  bool Advance(const Ghost& ghost) {
    const Histories& histories = ghost.histories();
    const HistoryId committed = ghost.committed();
    if (broken_ || at_ == committed) return !broken_;
    if (!histories.IsPrefix(at_, committed)) return Break();
    std::vector<HistoryId> added;
    for (HistoryId id = committed; id != at_; id = histories.parent(id)) added.push_back(id);
    for (auto id = added.rbegin(); id != added.rend(); ++id) {
      const TxnEffect& effect = histories.effect(*id);
      if (effect.kind == TxnEffect::Kind::kUnknown) return Break();
      if (effect.kind == TxnEffect::Kind::kNothing) continue;
      versions_[effect.path].push_back(
          {histories.zxid(*id), effect.kind == TxnEffect::Kind::kPut, effect.data});
    }
    at_ = committed;
    return true;
  }

  /// The version of the path at `zxid`; a default one if it had not been written by then.
  Version At(uint64_t path, zab::Zxid zxid) const {
    const auto found = versions_.find(path);
    if (found == versions_.end()) return {};
    const auto behind =
        std::upper_bound(found->second.begin(), found->second.end(), zxid,
                         [](zab::Zxid z, const Version& version) { return z < version.zxid; });
    return behind == found->second.begin() ? Version{} : *std::prev(behind);
  }

 private:
  bool Break() {
    broken_ = true;
    versions_.clear();
    return false;
  }

  absl::btree_map<uint64_t, std::vector<Version>> versions_;
  HistoryId at_;
  bool broken_ = false;
};

/// Whether the node exists without a transaction that creates it.
bool IsSystemPath(uint64_t path) {
  constexpr std::array<absl::string_view, 5> kPaths = {"", "/", "/zookeeper", "/zookeeper/config",
                                                       "/zookeeper/quota"};
  return std::any_of(kPaths.begin(), kPaths.end(),
                     [&](absl::string_view known) { return zab::Hash64Of(known) == path; });
}

/// Each read shows the state at the committed zxid in its reply, which is not older than the last
/// one that its client has seen.  Sequentially consistent, not linearizable.
class MonotonicReads final : public CopyableInvariant<MonotonicReads> {
 public:
  ProbeSet probes() const override { return {Probe::kReturned}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const sim::World&) override {
    const TraceEvent& event = record.event;
    const auto& operation = ghost.change().returned;
    if (event.kind == Kind::kIndeterminate || !operation) return std::nullopt;
    zab::Zxid& seen = seen_[record.node];
    const zab::Zxid before = seen;
    seen = std::max(seen, event.zxid);
    if (IsWrite(operation->type) || operation->type == zab::OpType::kSync) return std::nullopt;
    if (event.zxid < before) {
      return Sentence("$0, a read, shows $1; its client has seen $2",
                      "$0 是读取，显示的是 $1；而它的客户端已看到 $2",
                      Request(ghost, event.client, event.number), ToString(event.zxid),
                      ToString(before));
    }
    return CompareAnswer(event, *operation, ghost);
  }

 private:
  Finding CompareAnswer(const TraceEvent& event, const ClientOperation& operation,
                        const Ghost& ghost) {
    if (operation.path == 0 || !model_.Advance(ghost)) return std::nullopt;
    const bool is_known = ghost.histories().zxid(ghost.committed()) >= event.zxid;
    if (!is_known && event.zxid.counter != 0) return std::nullopt;  // MonotonicServing.
    const ReadModel::Version want = model_.At(operation.path, event.zxid);
    const bool missing = event.code == static_cast<int32_t>(zab::Error::kNoNode);
    const bool ok = event.kind == Kind::kOk;
    if ((!ok && !missing) || (!want.exists && IsSystemPath(operation.path))) return std::nullopt;
    if (ok != want.exists) {
      const Text node =
          want.exists ? Sentence("exists since $0", "自 $0 起就存在的节点", ToString(want.zxid))
                      : Text{"does not exist there", "那里不存在的节点"};
      return Sentence("$0, $1 a node that $2", "$0$1$2", ReadOf(event, ghost),
                      ok ? Text{"finds", "找到了"} : Text{"does not find", "没有找到"}, node);
    }
    const bool data = ok && operation.type == zab::OpType::kGetData;
    if (!data || event.txn == want.data) return std::nullopt;
    return Sentence("$0, shows other data than what is committed there, that of $1",
                    "$0显示的数据与那里已提交的不同，后者来自 $1", ReadOf(event, ghost),
                    ToString(want.zxid));
  }

  static Text ReadOf(const TraceEvent& event, const Ghost& ghost) {
    return Sentence("$0, a read at $1", "$0（在 $1 的读取）",
                    Request(ghost, event.client, event.number), ToString(event.zxid));
  }

  ReadModel model_;
  absl::btree_map<sim::NodeId, zab::Zxid> seen_;  // By client node.
};

/// When a sync returns, its server has delivered at least what the leader had delivered when the
/// sync reached the leader.  (REFERENCE.md 10.3; not linearizable across a change of leaders, which
/// closes the connection.)
class SyncSeesCommitted final : public CopyableInvariant<SyncSeesCommitted> {
 public:
  ProbeSet probes() const override { return {Probe::kReplied}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const sim::World&) override {
    const TraceEvent& event = record.event;
    const ClientGhost* client = ghost.client(event.client);
    if (event.kind != Kind::kOk || client == nullptr) return std::nullopt;
    for (const ClientOperation& operation : client->in_flight) {
      if (operation.number != event.number || operation.type != zab::OpType::kSync) continue;
      const Histories& histories = ghost.histories();
      const HistoryId delivered = GhostOf(record, ghost).delivered;
      if (histories.IsPrefix(operation.floor, delivered) &&
          histories.zxid(operation.floor) <= event.zxid) {
        return std::nullopt;
      }
      return Sentence(
          "when sync $0 reached its leader, the leader had delivered up to $1; it is answered at "
          "$2 by "
          "$3, "
          "which has delivered up to $4",
          "sync（$0）到达领导者时，领导者已应用到 $1；它在 $2 由 $3 回复，而 $3 只应用到 $4",
          Request(ghost, event.client, event.number), ghost.NameOf(operation.floor),
          ToString(event.zxid), ghost.NameOf(ServerOf(record)), ghost.NameOf(delivered));
    }
    return std::nullopt;
  }
};

/// A request takes effect at most once, whatever reply its client got.
class AtMostOnce final : public CopyableInvariant<AtMostOnce> {
 public:
  ProbeSet probes() const override { return {Probe::kServing, Probe::kDelivered}; }
  Finding OnRecord(const Record&, const Ghost& ghost, const sim::World&) override {
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
std::unique_ptr<Invariant> MakeMonotonicReads(const Scenario&) {
  return std::make_unique<MonotonicReads>();
}
std::unique_ptr<Invariant> MakeSyncSeesCommitted(const Scenario&) {
  return std::make_unique<SyncSeesCommitted>();
}
std::unique_ptr<Invariant> MakeAtMostOnce(const Scenario&) {
  return std::make_unique<AtMostOnce>();
}

}  // namespace scenario
