// What servers show to clients, and what must never happen to a server.  (REFERENCE.md 16.3, items
// 17 to 19)
#include <array>

#include "scenarios/runner/captions/caption.h"
#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

using zab::Reason;

/// In one life of a server, the history it shows never goes back and is always committed; with
/// each reply it shows what it has delivered, no more and no less, and it replies only while it
/// serves.
/// (REFERENCE.md 16.3, item 17; monotonicRead of the Disalg specifications)  Histories are
/// compared, not zxids: after (3,0), an epoch without a transaction, 2:5 is the same history.
class MonotonicServing final : public CopyableInvariant<MonotonicServing> {
 public:
  ProbeSet probes() const override { return {Probe::kServing, Probe::kDelivered, Probe::kReplied}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    if (record.event.probe == Probe::kReplied) return OnReplied(record, ghost);
    const Histories& histories = ghost.histories();
    const std::string name = ghost.NameOf(ServerOf(record));
    const HistoryId now = GhostOf(record, ghost).delivered;
    const HistoryId before = ghost.change().delivered_before;
    if (!histories.IsPrefix(before, now)) {
      return Sentence(
          "$0 has shown its clients $1, and now $2: $3", "$0 曾让客户端看到 $1，现在是 $2：$3",
          name, ghost.NameOf(before), ghost.NameOf(now),
          ForkBetween(ghost, {"the first", "前者"}, before, {"the second", "后者"}, now));
    }
    return NotCommitted(record, ghost, now);
  }

 private:
  static Finding NotCommitted(const Record& record, const Ghost& ghost, HistoryId now) {
    if (ghost.histories().IsPrefix(now, ghost.committed())) return std::nullopt;
    const std::string name = ghost.NameOf(ServerOf(record));
    return Sentence("$0 shows its clients $1, but only $2 is committed: $3",
                    "$0 让客户端看到 $1，而已提交的只到 $2：$3", name, ghost.ExactNameOf(now),
                    ghost.NameOf(ghost.committed()),
                    ForkBetween(ghost, NameIn(ghost, ServerOf(record)), now,
                                {"the committed one", "已提交的历史"}, ghost.committed()));
  }

  /// What its history is up to the zxid of the reply, whatever it has told of its deliveries.
  static Finding OnReplied(const Record& record, const Ghost& ghost) {
    const Histories& histories = ghost.histories();
    const ServerGhost& server = GhostOf(record, ghost);
    const zab::Zxid zxid = record.event.zxid;
    const std::string name = ghost.NameOf(ServerOf(record));
    if (!server.serving) {
      return Sentence("$0 answers a client at $1; it does not serve",
                      "$0 在 $1 回复客户端；而它并不在服务", name, ToString(zxid));
    }
    // Its log may lag behind what it delivers.
    const HistoryId logged = histories.UpTo(server.history, zxid);
    const bool has_it = zxid.counter == 0 || histories.zxid(logged) == zxid;
    const bool delivered =
        has_it ? logged == server.delivered : histories.zxid(server.delivered) == zxid;
    if (!delivered) {
      return Sentence("$0 answers a client at $1; it has delivered up to $2",
                      "$0 在 $1 回复客户端；而它应用到 $2", name, ToString(zxid),
                      ghost.NameOf(server.delivered));
    }
    return NotCommitted(record, ghost, server.delivered);
  }
};

/// Reasons that no crash, cut or delay can cause, since streams are reliable and FIFO, and both
/// ends of a connection go through their phases in step.  (REFERENCE.md 16.3, item 18)  All others
/// are possible: an ack that comes too late, a lost connection, a newer promise, a TRUNC that
/// cannot be performed.
constexpr std::array kBadReasons = {
    Reason::kWrongPhase,       // NEWLEADER, UPTODATE, COMMIT, ... where it cannot occur.
    Reason::kUnmatchedCommit,  // COMMIT that is not the head of the pending proposals.
    Reason::kZxidGap,          // PROPOSAL that is not last + 1 within its epoch.
    Reason::kUnknownAck,       // ACK of what the leader never sent.
    Reason::kWrongNewLeaderAck, Reason::kLeaderBoundMessage, Reason::kBadBytes,
    Reason::kUnmatchedReply,  // A leader that answers requests out of order.
};

/// Remix I-11 to I-14; ShouldNotBeTriggered in the TLA+ specifications.
class NoBadState final : public CopyableInvariant<NoBadState> {
 public:
  ProbeSet probes() const override { return {Probe::kIgnored, Probe::kAbandoned, Probe::kHalted}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    bool bad = false;
    for (const Reason reason : kBadReasons) bad = bad || reason == event.reason;
    if (!bad) return std::nullopt;
    const Text from = event.peer.value == 0
                          ? Text{}
                          : Sentence(" from $0", "来自 $0 的", ghost.NameOf(event.peer));
    const Text what = event.kind == Kind::kNone ? Text{"a message", "消息"}
                                                : Sentence("$0", " $0", Name(event.kind));
    const std::string zxid = event.zxid == zab::Zxid{} ? "" : " " + ToString(event.zxid);
    return Sentence("$0 met $1$2$3 and $4 it ($5); a correct ensemble never gets there",
                    "$0 遇到$2$1$3，于是$4（$5）；正确的集群绝不会走到这一步",
                    ghost.NameOf(ServerOf(record)), what, from, zxid, AnswerOf(event.probe),
                    InWords(event.reason));
  }

 private:
  static Text AnswerOf(Probe probe) {
    if (probe == Probe::kIgnored) return {"ignored", "忽略了它"};
    if (probe == Probe::kHalted) return {"halted at", "停止了"};
    return {"gave up its role over", "放弃了自己的角色"};
  }
};

/// No server halts or finds its history unusable, except after a fault of its disk.  (REFERENCE.md
/// 16.3, item 19)
class NoFatalExit final : public CopyableInvariant<NoFatalExit> {
 public:
  ProbeSet probes() const override { return {Probe::kHalted, Probe::kRecovered}; }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const std::string name = ghost.NameOf(ServerOf(record));
    const bool disk_failed = GhostOf(record, ghost).disk_failed;
    if (record.event.probe == Probe::kHalted) {
      if (disk_failed) return std::nullopt;
      return Sentence("$0 halted ($1) although no fault of the scenario causes that",
                      "$0 停止了（$1）；而场景中没有故障使它停止", name,
                      InWords(record.event.reason));
    }
    if (record.event.kind != Kind::kDamaged) return std::nullopt;
    if (disk_failed || ghost.LostItsCopy(ServerOf(record))) return std::nullopt;
    const std::string& damage = ghost.durable(ServerOf(record)).damage;
    const Text how = damage.empty() ? Text{} : Sentence(": $0", "：$0", damage);
    return Sentence("$0 finds its history damaged$1; crashes alone never cause that",
                    "$0 发现自己的历史已损坏$1；单凭崩溃绝不会如此", name, how);
  }
};

}  // namespace

std::unique_ptr<Invariant> MakeMonotonicServing(const Scenario&) {
  return std::make_unique<MonotonicServing>();
}
std::unique_ptr<Invariant> MakeNoBadState(const Scenario&) {
  return std::make_unique<NoBadState>();
}
std::unique_ptr<Invariant> MakeNoFatalExit(const Scenario&) {
  return std::make_unique<NoFatalExit>();
}

}  // namespace scenario
