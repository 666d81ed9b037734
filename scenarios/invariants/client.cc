// What clients may rely on.  (zab-reference 21.3)
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protocol/base/hash.h"
#include "scenarios/invariants/parts.h"

namespace scenario {
namespace {

using zab::Kind;
using zab::Probe;

std::string Request(int64_t client, int64_t number) {
  return absl::StrCat("request ", number, " of client ", absl::Hex(client));
}

/// As CommittedNeverLost, for writes of which a client knows that they succeeded.
class AcknowledgedNeverLost final : public CopyableInvariant<AcknowledgedNeverLost> {
 public:
  ProbeSet probes() const override {
    return {Probe::kReturned, Probe::kEstablished, Probe::kTruncated, Probe::kSnapInstalled,
            Probe::kRecovered};
  }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    constexpr absl::string_view kWhat = "acknowledged to its client";
    if (record.event.probe == Probe::kReturned) return OnReturned(record.event, ghost);
    if (record.event.probe == Probe::kEstablished) {
      return LostByEstablishing(record, ghost, acknowledged_, kWhat);
    }
    return LostByShrinking(record, ghost, acknowledged_, kWhat);
  }

 private:
  Finding OnReturned(const zab::TraceEvent& event, const Ghost& ghost) {
    const auto& operation = ghost.change().returned;
    if (event.kind != Kind::kOk || !operation || !IsWrite(operation->type)) return std::nullopt;
    const auto& delivered = ghost.client(event.client)->delivered;
    const auto found = std::find_if(delivered.rbegin(), delivered.rend(),
                                    [&](const auto& write) { return write.first == event.number; });
    const std::string request = Request(event.client, event.number);
    if (found == delivered.rend()) {
      return absl::StrCat(request, " was answered as done at ", ToString(event.zxid),
                          "; no server has delivered it");
    }
    const Histories& histories = ghost.histories();
    const HistoryId write = found->second;
    const auto later = ghost.established().upper_bound(histories.zxid(write).epoch);
    if (later != ghost.established().end() &&
        !histories.IsPrefix(write, ghost.reign(later->second).initial)) {
      return absl::StrCat(request, ", ", ghost.NameWithHash(write),
                          ", was acknowledged to its client; the initial history of epoch ",
                          later->first.value, " does not have it");
    }
    if (histories.IsPrefix(acknowledged_, write)) acknowledged_ = write;
    if (histories.IsPrefix(write, acknowledged_)) return std::nullopt;
    return absl::StrCat("both ", ghost.NameOf(acknowledged_), " and ", ghost.NameOf(write),
                        " were acknowledged to clients: ",
                        ForkBetween(ghost, "the first", acknowledged_, "the second", write));
  }

  HistoryId acknowledged_;  // The longest history that ends in an acknowledged write.
};

/// Requests of one client take effect in the order of issue, are answered in that order, and the
/// zxids of the replies never fall, across reconnects neither.
class ClientFifo final : public CopyableInvariant<ClientFifo> {
 public:
  ProbeSet probes() const override {
    return {Probe::kServing, Probe::kDelivered, Probe::kReplied, Probe::kReturned};
  }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const zab::TraceEvent& event = record.event;
    if (event.probe == Probe::kReplied) return OnReply(event, ghost, connections_[event.client]);
    if (event.probe == Probe::kReturned) return OnReturned(record);
    for (const HistoryId id : ghost.change().delivered) {
      const Histories::Txn& txn = ghost.histories().last(id);
      if (txn.client == 0) continue;
      Connection& connection = connections_[txn.client];
      if (txn.number < connection.delivered) {  // Twice the same: AtMostOnce.
        return absl::StrCat(Request(txn.client, txn.number), " takes effect at ",
                            ToString(txn.zxid), ", behind request ", connection.delivered);
      }
      connection.delivered = txn.number;
    }
    return std::nullopt;
  }

 private:
  struct Connection {
    int64_t delivered = 0;  // The last cxid of each.
    int64_t replied = 0;
    zab::Zxid zxid;  // Of the last reply.
  };

  static Finding OnReply(const zab::TraceEvent& event, const Ghost& ghost, Connection& connection) {
    const std::string request = Request(event.client, event.number);
    if (event.number <= connection.replied) {
      return absl::StrCat(request, " is answered behind request ", connection.replied);
    }
    if (event.zxid < connection.zxid) {
      return absl::StrCat(request, " is answered at ", ToString(event.zxid), ", the one before at ",
                          ToString(connection.zxid));
    }
    // Those that wait for their answer are known to the ghost in the order of issue.
    const ClientGhost* client = ghost.client(event.client);
    if (client != nullptr) {
      for (const ClientOperation& operation : client->in_flight) {
        if (operation.number >= event.number) break;
        if (operation.number > connection.replied) {
          return absl::StrCat(request, " is answered before request ", operation.number);
        }
      }
    }
    connection.replied = event.number;
    connection.zxid = event.zxid;
    return std::nullopt;
  }

  Finding OnReturned(const sim::Record& record) {
    const zab::TraceEvent& event = record.event;
    if (event.kind == Kind::kIndeterminate) return std::nullopt;
    zab::Zxid& seen = seen_[record.node];
    if (event.zxid < seen) {
      return absl::StrCat(Request(event.client, event.number), " returns at ", ToString(event.zxid),
                          "; its client has seen ", ToString(seen), " before");
    }
    seen = event.zxid;
    return std::nullopt;
  }

  absl::btree_map<int64_t, Connection> connections_;
  absl::btree_map<sim::NodeId, zab::Zxid> seen_;  // By client node: across reconnects.
};

/// What reads are compared with: every node's versions along the committed history.
class ReadModel {
 public:
  struct Version {
    zab::Zxid zxid;
    bool exists = false;
    uint64_t data = 0;  // Hash; 0: none.
  };

  /// Takes in all that is committed.  False if it cannot: some transaction is in no log that was
  /// read, or the history is contradictory.
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

  /// The version of that path at `zxid`; a missing one if it was never written by then.
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

/// Nodes that no transaction has made.
bool IsSystemPath(uint64_t path) {
  constexpr std::array<absl::string_view, 5> kPaths = {"", "/", "/zookeeper", "/zookeeper/config",
                                                       "/zookeeper/quota"};
  return std::any_of(kPaths.begin(), kPaths.end(),
                     [&](absl::string_view known) { return zab::Hash64Of(known) == path; });
}

/// Each read shows the state at some committed zxid, the one in its reply, and that is at least the
/// last that its client has seen.  Sequential, not linearizable.
class MonotonicReads final : public CopyableInvariant<MonotonicReads> {
 public:
  ProbeSet probes() const override { return {Probe::kReturned}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const zab::TraceEvent& event = record.event;
    const auto& operation = ghost.change().returned;
    if (event.kind == Kind::kIndeterminate || !operation) return std::nullopt;
    zab::Zxid& seen = seen_[record.node];
    const zab::Zxid before = seen;
    seen = std::max(seen, event.zxid);
    if (IsWrite(operation->type) || operation->type == zab::OpType::kSync) return std::nullopt;
    if (event.zxid < before) {
      return absl::StrCat(Request(event.client, event.number), ", a read, shows ",
                          ToString(event.zxid), "; its client has seen ", ToString(before));
    }
    return CompareAnswer(event, *operation, ghost);
  }

 private:
  Finding CompareAnswer(const zab::TraceEvent& event, const ClientOperation& operation,
                        const Ghost& ghost) {
    if (operation.path == 0 || !model_.Advance(ghost)) return std::nullopt;
    const bool is_known = ghost.histories().zxid(ghost.committed()) >= event.zxid;
    if (!is_known && event.zxid.counter != 0) return std::nullopt;  // MonotonicServing.
    const ReadModel::Version want = model_.At(operation.path, event.zxid);
    const bool missing = event.code == static_cast<int32_t>(zab::Error::kNoNode);
    const bool ok = event.kind == Kind::kOk;
    if ((!ok && !missing) || (!want.exists && IsSystemPath(operation.path))) return std::nullopt;
    const std::string request =
        absl::StrCat(Request(event.client, event.number), ", a read at ", ToString(event.zxid));
    if (ok != want.exists) {
      return absl::StrCat(request, ok ? ", finds" : ", does not find", " a node that ",
                          want.exists ? "exists since " : "does not exist there",
                          want.exists ? ToString(want.zxid) : "");
    }
    const bool data = ok && operation.type == zab::OpType::kGetData;
    if (!data || event.txn == want.data) return std::nullopt;
    return absl::StrCat(request, ", shows data ", absl::Hex(event.txn, absl::kZeroPad16),
                        "; committed there is ", absl::Hex(want.data, absl::kZeroPad16), " of ",
                        ToString(want.zxid));
  }

  ReadModel model_;
  absl::btree_map<sim::NodeId, zab::Zxid> seen_;  // By client node.
};

/// When a sync returns, its server has at least what the leader had delivered when the sync reached
/// it. (zab-reference 10: not linearizable across a change of leaders, which closes the
/// connection.)
class SyncSeesCommitted final : public CopyableInvariant<SyncSeesCommitted> {
 public:
  ProbeSet probes() const override { return {Probe::kReplied}; }
  Finding OnRecord(const sim::Record& record, const Ghost& ghost, const sim::World&) override {
    const zab::TraceEvent& event = record.event;
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
      return absl::StrCat("when sync ", Request(event.client, event.number),
                          " reached its leader, that had delivered up to ",
                          ghost.NameOf(operation.floor), "; it is answered at ",
                          ToString(event.zxid), " by ", ghost.NameOf(ServerOf(record)),
                          ", which has delivered up to ", ghost.NameOf(delivered));
    }
    return std::nullopt;
  }
};

/// A request takes effect zero or one time, whatever its client was told.
class AtMostOnce final : public CopyableInvariant<AtMostOnce> {
 public:
  ProbeSet probes() const override { return {Probe::kServing, Probe::kDelivered}; }
  Finding OnRecord(const sim::Record&, const Ghost& ghost, const sim::World&) override {
    for (const HistoryId id : ghost.change().delivered) {
      const Histories::Txn& txn = ghost.histories().last(id);
      if (txn.client == 0) continue;
      const auto& delivered = ghost.client(txn.client)->delivered;
      if (delivered.size() < 2) continue;
      const auto last = std::find_if(delivered.rbegin(), delivered.rend(),
                                     [&](const auto& write) { return write.second == id; });
      for (auto other = std::next(last); other != delivered.rend(); ++other) {
        // In order, as ClientFifo demands, the one before is enough.
        if (other->first < txn.number) break;
        if (other->first > txn.number) continue;
        return absl::StrCat(Request(txn.client, txn.number), " takes effect at ",
                            ToString(txn.zxid), "; it did so at ",
                            ToString(ghost.histories().zxid(other->second)), " before");
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
