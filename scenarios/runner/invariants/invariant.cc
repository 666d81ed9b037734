// The list of all invariants, and phrases that several of them use.
#include "scenarios/runner/invariants/invariant.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

constexpr InvariantEntry kAll[] = {
    {"Integrity", "只应用广播过的事务", "whatever is delivered was broadcast by some leader",
     &MakeIntegrity},
    {"TotalOrder", "应用顺序处处相同",
     "servers that deliver the same transaction deliver the same ones before it", &MakeTotalOrder},
    {"Agreement", "应用的内容互相包含",
     "of any two servers, one has delivered everything that the other has", &MakeAgreement},
    {"PrefixConsistency", "应用的历史互为前缀",
     "of any two delivered sequences, one is a prefix of the other", &MakePrefixConsistency},
    {"LocalPrimaryOrder", "同一领导者的广播按序应用",
     "what one leader broadcasts is delivered in that order, without gaps", &MakeLocalPrimaryOrder},
    {"GlobalPrimaryOrder", "按 zxid 顺序应用", "a server delivers in the order of zxids",
     &MakeGlobalPrimaryOrder},
    {"PrimaryIntegrity", "广播之前已应用旧纪元的全部",
     "before it broadcasts, a leader has delivered all that is ever delivered of earlier epochs",
     &MakePrimaryIntegrity},
    {"Leadership1", "同一时刻一个纪元至多一个领导者",
     "no two leaders of one epoch at the same time", &MakeLeadership1},
    {"Leadership2", "一个纪元始终至多一个领导者", "no two leaders of one epoch in the whole run",
     &MakeLeadership2},
    {"EpochMonotonicity", "纪元只增不减",
     "epochs on disk never decrease, and no epoch is promised twice", &MakeEpochMonotonicity},
    {"HistoryOrder", "历史中 zxid 递增且唯一",
     "zxids increase along each history, and one zxid is one transaction", &MakeHistoryOrder},
    {"InitialHistoryIntegrity", "起始历史代代延续",
     "the initial history of an established epoch is a prefix of that of each later one",
     &MakeInitialHistoryIntegrity},
    {"CommittedNeverLost", "已提交的绝不丢失",
     "committed transactions are in every later initial history, and on a quorum's disks forever",
     &MakeCommittedNeverLost},
    {"CommitConsistency", "跟随者只应用领导者的历史",
     "what a follower delivers is a prefix of its leader's history", &MakeCommitConsistency},
    {"HistoryConsistency", "跟随者的历史与领导者一致",
     "the history of a learner that has acknowledged NEWLEADER is a prefix of its leader's",
     &MakeHistoryConsistency},
    {"DurableAck", "确认提案之前已落盘",
     "a server that acknowledges a proposal has everything up to it durably on disk",
     &MakeDurableAck},
    {"DurableNewLeaderAck", "确认 NEWLEADER 之前已落盘",
     "a server that acknowledges NEWLEADER has initial history and currentEpoch durably on disk",
     &MakeDurableNewLeaderAck},
    {"ProcessConsistency", "重启不丢也不多",
     "a restart restores what was acknowledged and announced, and nothing that was "
     "removed",
     &MakeProcessConsistency},
    {"SnapshotEquivalence", "快照与日志得到同样的数据树",
     "snapshot and log restore the tree that all transactions give; one zxid, one tree",
     &MakeSnapshotEquivalence},
    {"LeaderCompleteness", "领导者拥有全部已提交的事务",
     "an established leader has everything that is committed", &MakeLeaderCompleteness},
    {"MonotonicServing", "客户端看到的只进不退",
     "what a server shows to clients is committed and never goes back", &MakeMonotonicServing},
    {"NoBadState", "没有无法处理的消息",
     "no message arrives in a state in which it cannot be handled", &MakeNoBadState},
    {"NoFatalExit", "服务器不会被迫退出",
     "no server is forced to exit or finds its history damaged", &MakeNoFatalExit},
    {"NoNeedlessClose", "不无故断开连接",
     "no server gives up a peer that owes it nothing and has respected every bound",
     &MakeNoNeedlessClose},
    {"NoNeedlessSnap", "不无故全量同步",
     "no leader sends a snapshot to a learner that it could bring up to date by DIFF or TRUNC",
     &MakeNoNeedlessSnap},
    {"QuorumReached", "过半就是真的过半",
     "whatever a leader takes for a quorum is one: of votes, of what it heard, of acknowledgements",
     &MakeQuorumReached},
    {"DurablePromise", "承诺的纪元已落盘", "a server that promises an epoch has it durably on disk",
     &MakeDurablePromise},
    {"PurgeKeepsHistory", "清理不截断历史",
     "what a purge keeps leads from the oldest snapshot to the history", &MakePurgeKeepsHistory},
    {"PromptStepDown", "失去过半的领导者及时退位", "a leader that hears no quorum gives up in time",
     &MakePromptStepDown},
    {"BoundedElection", "选举不拖延",
     "an election ends as soon as it can, in rounds that there are", &MakeBoundedElection},
    {"NoSpin", "服务器不空转",
     "no server enters elections, or sends heartbeats, faster than its waits allow", &MakeNoSpin},
    {"SteadyHeartbeats", "心跳不间断",
     "a leader's heartbeats are no more than half a tick apart, and each is answered",
     &MakeSteadyHeartbeats},
    {"AcknowledgedNeverLost", "已确认的写入绝不丢失",
     "a write that was acknowledged to its client is never lost", &MakeAcknowledgedNeverLost},
    {"ClientFifo", "同一客户端的请求先进先出",
     "one client's requests take effect and are answered in the order of issue", &MakeClientFifo},
    {"MonotonicReads", "读到的只进不退",
     "a read shows one prefix of the committed history, never an older one", &MakeMonotonicReads},
    {"ReadYourWrites", "读得到自己的写入",
     "a write is answered at its own zxid or later, by a server that has delivered it, and is seen "
     "from then on",
     &MakeReadYourWrites},
    {"WritesAsAsked", "写入如请求所要求",
     "a write does and is answered what its request asks for, after everything before it",
     &MakeWritesAsAsked},
    {"SyncSeesCommitted", "sync 之后看得到已提交的",
     "a sync returns what its leader had delivered when the sync arrived", &MakeSyncSeesCommitted},
    {"AtMostOnce", "请求至多生效一次", "a request takes effect once or not at all",
     &MakeAtMostOnce},
};

}  // namespace

std::span<const InvariantEntry> AllInvariants() {
  return kAll;
}

bool IsInvariant(absl::string_view name) {
  return std::any_of(std::begin(kAll), std::end(kAll),
                     [&](const InvariantEntry& entry) { return entry.name == name; });
}

Text InvariantInWords(absl::string_view name) {
  const auto* const found = std::ranges::find(kAll, name, &InvariantEntry::name);
  if (found == std::end(kAll)) return {std::string(name), ""};
  return Sentence("$0", "$1（$0）", name, found->chinese);
}

std::vector<NamedInvariant> MakeAll(const Scenario& scenario) {
  std::vector<NamedInvariant> all;
  for (const InvariantEntry& entry : kAll) all.push_back({entry.name, entry.make(scenario)});
  return all;
}

Text NameIn(const Ghost& ghost, zab::ServerId server) {
  return Sentence("$0", "$0 ", ghost.NameOf(server));
}

Text Request(const Ghost& ghost, int64_t client, int64_t number) {
  return Sentence("request $0 of client $1", "客户端 $1 的请求 $0", number,
                  ghost.NameOfClient(client));
}

Text ForkBetween(const Ghost& ghost, const Text& a_name, HistoryId a, const Text& b_name,
                 HistoryId b) {
  const Histories& histories = ghost.histories();
  const HistoryId common = histories.CommonPrefix(a, b);
  const auto next = [&](HistoryId of) {
    if (of == common) return Text{"nothing more", "到此为止"};
    return Sentence("$0", "有 $0", ghost.ExactNameOf(histories.Next(common, of)));
  };
  return Sentence("they agree up to $0; then $1 has $2 and $3 has $4",
                  "两者到 $0 为止一致；此后：$1$2，$3$4", ghost.NameOf(common), a_name, next(a),
                  b_name, next(b));
}

Text DoingOf(Probe probe) {
  if (probe == Probe::kTruncated) return {"has truncated its log", "截断日志"};
  if (probe == Probe::kSnapInstalled) return {"has installed a snapshot", "装入快照"};
  return {"has restored its disk", "从磁盘恢复"};
}

Finding LostByShrinking(const Record& record, const Ghost& ghost, HistoryId precious,
                        const Text& attribute) {
  const Histories& histories = ghost.histories();
  const ServerGhost& server = GhostOf(record, ghost);
  const HistoryId kept = histories.CommonPrefix(precious, server.history);
  if (kept == precious) return std::nullopt;
  const HistoryId lost = histories.Next(kept, precious);
  if (!histories.IsPrefix(lost, ghost.change().history_before)) return std::nullopt;
  const std::vector<zab::ServerId> holders = ghost.Holders(lost);
  if (ghost.IsQuorum(holders.size())) return std::nullopt;
  return Sentence("$0 was $1; after $3 $2 only $4 still has it: no quorum",
                  "$0 已$1；$3 $2之后，只有 $4 还有它：不足过半", ghost.ExactNameOf(lost),
                  attribute, DoingOf(record.event.probe), ghost.NameOf(ServerOf(record)),
                  ghost.NamesOf(holders));
}

Finding LostByEstablishing(const Record& record, const Ghost& ghost, HistoryId precious,
                           const Text& attribute) {
  const Histories& histories = ghost.histories();
  const Leadership* leadership = ghost.LeadershipOf(ServerOf(record));
  // An old leader may learn late that it is established; later epochs do not concern it.
  const HistoryId earlier = histories.UpTo(precious, {leadership->epoch, 0});
  if (histories.IsPrefix(earlier, leadership->initial)) return std::nullopt;
  const HistoryId kept = histories.CommonPrefix(earlier, leadership->initial);
  return Sentence(
      "$0 was $1; the initial history of epoch $2, established by $3, ends at $4 and does not have "
      "it",
      "$0 已$1；而由 $3 建立的纪元 $2，起始历史止于 $4，其中没有它",
      ghost.ExactNameOf(histories.Next(kept, earlier)), attribute, leadership->epoch.value,
      ghost.NameOf(leadership->leader), ghost.NameOf(leadership->initial));
}

}  // namespace scenario
