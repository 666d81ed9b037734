// What clients are told, compared with the model of the committed history.  (REFERENCE.md 16.4)
#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

/// "NoNode", or the numbers that a client is to see.
std::string Describe(const Answer& answer) {
  if (answer.error != zab::Error::kOk) return zab::Name(answer.error);
  std::string text = "ok";
  if (answer.stat) {
    absl::StrAppend(&text, " mzxid ", ToString(answer.stat->mzxid), " version ",
                    answer.stat->version);
  }
  if (answer.data) absl::StrAppend(&text, " with data");
  if (answer.children.count > 0) {
    absl::StrAppend(&text, " with ", answer.children.count, " children");
  }
  return text;
}

/// What came back, if it is not what the model says.
Finding WrongAnswer(const TraceEvent& event, const ClientOperation& operation, const Ghost& ghost) {
  if (!operation.answer || event.txn == operation.answer->Digest()) return std::nullopt;
  return Sentence(
      "$0, $1 $2, is answered $3 at $4; the committed history there gives another answer: $5",
      "$0（$1 $2）在 $4 得到回复 $3；而那里已提交的历史给出另一个回复：$5",
      Request(ghost, event.client, event.number), Name(operation.request.type),
      operation.request.path, zab::Name(static_cast<zab::Error>(event.code)), ToString(event.zxid),
      Describe(*operation.answer));
}

/// Each read shows the state at the committed zxid in its reply, which is not older than the last
/// one that its client has seen: value, Stat, children and error.  Sequentially consistent, not
/// linearizable.
class MonotonicReads final : public CopyableInvariant<MonotonicReads> {
 public:
  ProbeSet probes() const override { return {Probe::kReturned}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    const auto& operation = ghost.change().returned;
    if (event.kind == Kind::kIndeterminate || !operation) return std::nullopt;
    zab::Zxid& seen = seen_[record.node];
    const zab::Zxid before = seen;
    seen = std::max(seen, event.zxid);
    if (IsWrite(operation->request.type)) return std::nullopt;
    if (event.zxid < before && operation->request.type != zab::OpType::kSync) {
      return Sentence("$0, a read, shows $1; its client has seen $2",
                      "$0 是读取，显示的是 $1；而它的客户端已看到 $2",
                      Request(ghost, event.client, event.number), ToString(event.zxid),
                      ToString(before));
    }
    const zab::Zxid committed =
        ghost.histories().zxid(ghost.histories().UpTo(ghost.committed(), event.zxid));
    if (committed != event.zxid && event.zxid.counter != 0) {
      return Sentence("$0, a read, shows $1, which is not committed",
                      "$0 是读取，显示的是 $1，而它并未提交",
                      Request(ghost, event.client, event.number), ToString(event.zxid));
    }
    return WrongAnswer(event, *operation, ghost);
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("seen", seen_);
  }

 private:
  absl::btree_map<sim::NodeId, zab::Zxid> seen_;  // By client node.
};

/// A write is answered by a server that has delivered it, at its own zxid or a later one, and from
/// then on its client is shown nothing older, whatever the zxid of that reply was.
class ReadYourWrites final : public CopyableInvariant<ReadYourWrites> {
 public:
  ProbeSet probes() const override { return {Probe::kReplied, Probe::kReturned}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    if (record.event.kind == Kind::kIndeterminate) return std::nullopt;
    if (record.event.probe == Probe::kReplied) return OnReplied(record, ghost);
    return OnReturned(record, ghost);
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("written", written_);
  }

 private:
  static Finding OnReplied(const Record& record, const Ghost& ghost) {
    const TraceEvent& event = record.event;
    const ClientGhost* const client = ghost.client(event.client);
    const ClientOperation* const asked = client == nullptr ? nullptr : client->Find(event.number);
    if (asked == nullptr || !IsWrite(asked->request.type)) return std::nullopt;
    const std::optional<HistoryId> write = client->EffectOf(event.number);
    const HistoryId delivered = GhostOf(record, ghost).delivered;
    if (write && ghost.histories().IsPrefix(*write, delivered)) return std::nullopt;
    const Text what = write ? Sentence("its write is $0", "它的写入是 $0", ghost.NameOf(*write))
                            : Text{"no server has delivered it", "没有服务器应用过它"};
    return Sentence("$0 answers $1, having delivered up to $2; $3",
                    "$0 回复 $1 时只应用到 $2；而$3", ghost.NameOf(ServerOf(record)),
                    Request(ghost, event.client, event.number), ghost.NameOf(delivered), what);
  }

  Finding OnReturned(const Record& record, const Ghost& ghost) {
    const TraceEvent& event = record.event;
    const auto& operation = ghost.change().returned;
    if (!operation) return std::nullopt;
    zab::Zxid& written = written_[record.node];
    if (IsWrite(operation->request.type)) {
      const std::optional<HistoryId> write = ghost.client(event.client)->EffectOf(event.number);
      if (write) written = std::max(written, ghost.histories().zxid(*write));
    }
    if (event.zxid >= written) return std::nullopt;
    return Sentence(
        "$0 returns at $1; its client has written $2", "$0 在 $1 返回；而它的客户端已写入 $2",
        Request(ghost, event.client, event.number), ToString(event.zxid), ToString(written));
  }

  absl::btree_map<sim::NodeId, zab::Zxid> written_;  // By client node: its last answered write.
};

/// Each delivered write is what its request asks for after everything before it, and its client is
/// answered so: an error where there must be one, versions that follow, the number of a sequential
/// node, the Stat.
class WritesAsAsked final : public CopyableInvariant<WritesAsAsked> {
 public:
  ProbeSet probes() const override {
    return {Probe::kServing, Probe::kDelivered, Probe::kReturned};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (event.probe != Probe::kReturned) return OnDelivered(ghost);
    const auto& operation = ghost.change().returned;
    const bool answered = event.kind != Kind::kIndeterminate && operation;
    if (!answered || !IsWrite(operation->request.type)) return std::nullopt;
    return WrongAnswer(event, *operation, ghost);
  }

 private:
  static Finding OnDelivered(const Ghost& ghost) {
    const auto& mistake = ghost.change().mistake;
    if (!mistake) return std::nullopt;
    const Histories::Txn& txn = ghost.histories().last(mistake->first);
    return Sentence("$0 takes effect as $1, but $2", "$0 以 $1 生效，而$2",
                    Request(ghost, txn.client, txn.number), ghost.ExactNameOf(mistake->first),
                    mistake->second);
  }
};

}  // namespace

std::unique_ptr<Invariant> MakeMonotonicReads(const Scenario&) {
  return std::make_unique<MonotonicReads>();
}
std::unique_ptr<Invariant> MakeReadYourWrites(const Scenario&) {
  return std::make_unique<ReadYourWrites>();
}
std::unique_ptr<Invariant> MakeWritesAsAsked(const Scenario&) {
  return std::make_unique<WritesAsAsked>();
}

}  // namespace scenario
