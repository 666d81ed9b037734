// The list of all invariants, and phrases that several of them use.
#include "scenarios/runner/invariants/invariant.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

constexpr InvariantEntry kAll[] = {
    {"Integrity", "whatever is delivered was broadcast by some leader", &MakeIntegrity},
    {"TotalOrder", "servers that deliver the same transaction deliver the same ones before it",
     &MakeTotalOrder},
    {"Agreement", "of any two servers, one has delivered everything that the other has",
     &MakeAgreement},
    {"PrefixConsistency", "of any two delivered sequences, one is a prefix of the other",
     &MakePrefixConsistency},
    {"LocalPrimaryOrder", "what one leader broadcasts is delivered in that order, without gaps",
     &MakeLocalPrimaryOrder},
    {"GlobalPrimaryOrder", "a server delivers in the order of zxids", &MakeGlobalPrimaryOrder},
    {"PrimaryIntegrity",
     "before it broadcasts, a leader has delivered all that is ever delivered of earlier epochs",
     &MakePrimaryIntegrity},
    {"Leadership1", "no two leaders of one epoch at the same time", &MakeLeadership1},
    {"Leadership2", "no two leaders of one epoch in the whole run", &MakeLeadership2},
    {"EpochMonotonicity", "epochs on disk never decrease, and no epoch is promised twice",
     &MakeEpochMonotonicity},
    {"HistoryOrder", "zxids increase along each history, and one zxid is one transaction",
     &MakeHistoryOrder},
    {"InitialHistoryIntegrity",
     "the initial history of an established epoch is a prefix of that of each later one",
     &MakeInitialHistoryIntegrity},
    {"CommittedNeverLost",
     "committed transactions are in every later initial history, and on a quorum's disks forever",
     &MakeCommittedNeverLost},
    {"CommitConsistency", "what a follower delivers is a prefix of its leader's history",
     &MakeCommitConsistency},
    {"HistoryConsistency",
     "the history of a learner that has acknowledged NEWLEADER is a prefix of its leader's",
     &MakeHistoryConsistency},
    {"DurableAck", "a server that acknowledges a proposal has everything up to it durably on disk",
     &MakeDurableAck},
    {"DurableNewLeaderAck",
     "a server that acknowledges NEWLEADER has initial history and currentEpoch durably on disk",
     &MakeDurableNewLeaderAck},
    {"ProcessConsistency",
     "a restart restores what was acknowledged and announced, and nothing that was "
     "removed",
     &MakeProcessConsistency},
    {"SnapshotEquivalence",
     "snapshot and log restore the tree that all transactions give; one zxid, one tree",
     &MakeSnapshotEquivalence},
    {"LeaderCompleteness", "an established leader has everything that is committed",
     &MakeLeaderCompleteness},
    {"MonotonicServing", "what a server shows to clients is committed and never goes back",
     &MakeMonotonicServing},
    {"NoBadState", "no message arrives in a state in which it cannot be handled", &MakeNoBadState},
    {"NoFatalExit", "no server is forced to exit or finds its history damaged", &MakeNoFatalExit},
    {"NoNeedlessClose",
     "no server gives up a peer that owes it nothing and has respected every bound",
     &MakeNoNeedlessClose},
    {"QuorumReached",
     "whatever a leader takes for a quorum is one: of votes, of what it heard, of acknowledgements",
     &MakeQuorumReached},
    {"DurablePromise", "a server that promises an epoch has it durably on disk",
     &MakeDurablePromise},
    {"PurgeKeepsHistory", "what a purge keeps leads from the oldest snapshot to the history",
     &MakePurgeKeepsHistory},
    {"PromptStepDown", "a leader that hears no quorum gives up in time", &MakePromptStepDown},
    {"BoundedElection", "an election ends as soon as it can, in rounds that there are",
     &MakeBoundedElection},
    {"NoSpin", "no server enters elections, or sends heartbeats, faster than its waits allow",
     &MakeNoSpin},
    {"AcknowledgedNeverLost", "a write that was acknowledged to its client is never lost",
     &MakeAcknowledgedNeverLost},
    {"ClientFifo", "one client's requests take effect and are answered in the order of issue",
     &MakeClientFifo},
    {"MonotonicReads", "a read shows one prefix of the committed history, never an older one",
     &MakeMonotonicReads},
    {"ReadYourWrites",
     "a write is answered at its own zxid or later, by a server that has delivered it, and is seen "
     "from then on",
     &MakeReadYourWrites},
    {"WritesAsAsked",
     "a write does and is answered what its request asks for, after everything before it",
     &MakeWritesAsAsked},
    {"SyncSeesCommitted", "a sync returns what its leader had delivered when the sync arrived",
     &MakeSyncSeesCommitted},
    {"AtMostOnce", "a request takes effect once or not at all", &MakeAtMostOnce},
};

}  // namespace

std::span<const InvariantEntry> AllInvariants() {
  return kAll;
}

bool IsInvariant(absl::string_view name) {
  return std::any_of(std::begin(kAll), std::end(kAll),
                     [&](const InvariantEntry& entry) { return entry.name == name; });
}

std::vector<NamedInvariant> MakeAll(const Scenario& scenario) {
  std::vector<NamedInvariant> all;
  for (const InvariantEntry& entry : kAll) all.push_back({entry.name, entry.make(scenario)});
  return all;
}

Text NameIn(const Ghost& ghost, zab::ServerId server) {
  return Sentence("$0", "$0 ", ghost.NameOf(server));
}

Text Request(int64_t client, int64_t number) {
  return Sentence("request $0 of client $1", "客户端 $1 的请求 $0", number, absl::Hex(client));
}

Text ForkBetween(const Ghost& ghost, const Text& a_name, HistoryId a, const Text& b_name,
                 HistoryId b) {
  const Histories& histories = ghost.histories();
  const HistoryId common = histories.CommonPrefix(a, b);
  const auto next = [&](HistoryId of) {
    if (of == common) return Text{"nothing more", "到此为止"};
    return Sentence("$0", "有 $0", ghost.NameWithHash(histories.Next(common, of)));
  };
  return Sentence("they agree up to $0; then $1 has $2 and $3 has $4",
                  "两者到 $0 为止一致；此后：$1$2，$3$4", ghost.NameOf(common), a_name, next(a),
                  b_name, next(b));
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
  return Sentence("$0 was $1; after $2 of $3 only $4 still has it: no quorum",
                  "$0 已$1；在 $3 的 $2 之后，只有 $4 还有它：不足法定人数",
                  ghost.NameWithHash(lost), attribute, Name(record.event.probe),
                  ghost.NameOf(ServerOf(record)), ghost.NamesOf(holders));
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
      "$0 已$1；而由 $3 建立的纪元 $2，初始历史止于 $4，其中没有它",
      ghost.NameWithHash(histories.Next(kept, earlier)), attribute, leadership->epoch.value,
      ghost.NameOf(leadership->leader), ghost.NameOf(leadership->initial));
}

}  // namespace scenario
