// Guarantees for clients: each is seen to fail on a run that breaks it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/invariants_story.h"

namespace scenario::client_test {
namespace {

using namespace story;  // NOLINT: the vocabulary of these tests.
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using zab::OpType;

constexpr int64_t kClient = 77;

/// Client 77 writes 1:1 at n2, and it is delivered on n2 and n3.
Story& Write(Story& s) {
  s.Lead(3, 1, {1, 2}).Invoke(2, kClient, 1, OpType::kSetData);
  return s.Write(3, Z(1, 1), {3, 2}, kClient, 1).Reply(2, kClient, 1, Z(1, 1));
}

TEST(Clients, HoldInAnOrdinaryRun) {
  Story s;
  Write(s).Return(kClient, 1, Z(1, 1));
  s.Invoke(2, kClient, 2, OpType::kSync).Reply(2, kClient, 2, Z(1, 1)).Return(kClient, 2, Z(1, 1));
  s.Invoke(2, kClient, 3, OpType::kGetData).Reply(2, kClient, 3, Z(1, 1));
  s.Return(kClient, 3, Z(1, 1));
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(AcknowledgedNeverLost, FailsWhenALaterLeaderLacksTheWrite) {
  Story s;
  Write(s).Return(kClient, 1, Z(1, 1)).Look(1).Elect(1, 2, {}).Establish(1);
  EXPECT_THAT(s.Violated(), Contains("AcknowledgedNeverLost"));
}

TEST(AcknowledgedNeverLost, FailsWhenTheAnswerComesAfterTheLoss) {
  Story s;
  Write(s).Look(1).Elect(1, 2, {}).Establish(1);
  EXPECT_THAT(s.Violated(), testing::Not(Contains("AcknowledgedNeverLost")));
  s.Return(kClient, 1, Z(1, 1));
  EXPECT_THAT(s.Violated(), Contains("AcknowledgedNeverLost"));
}

TEST(AcknowledgedNeverLost, FailsWhenNoServerHasDeliveredIt) {
  Story s;
  s.Lead(3, 1, {1, 2}).Invoke(3, kClient, 1, OpType::kSetData).Return(kClient, 1, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("AcknowledgedNeverLost"));
}

TEST(AcknowledgedNeverLost, FailsWhenNoQuorumHasItAnyMore) {
  Story s;
  Write(s).Return(kClient, 1, Z(1, 1)).Crash(2).Recover(2, {});
  EXPECT_THAT(s.Violated(), ElementsAre("AcknowledgedNeverLost", "CommittedNeverLost"));
}

TEST(ClientFifo, FailsWhenALaterRequestTakesEffectFirst) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {1, 2, 3}, kClient, 2);
  s.Write(3, Z(1, 2), {1, 2, 3}, kClient, 1);
  EXPECT_THAT(s.Violated(), ElementsAre("ClientFifo"));
}

TEST(ClientFifo, FailsWhenALaterRequestIsAnsweredFirst) {
  Story s;
  s.Lead(3, 1, {1, 2}).Invoke(2, kClient, 1, OpType::kSync).Invoke(2, kClient, 2, OpType::kExists);
  s.Reply(2, kClient, 2, {});
  EXPECT_THAT(s.Violated(), ElementsAre("ClientFifo"));
}

TEST(ClientFifo, FailsWhenTheZxidOfRepliesFalls) {
  Story s;
  Write(s).Return(kClient, 1, Z(1, 1)).Invoke(1, 78, 1, OpType::kSync).Reply(1, 78, 1, {});
  s.Return(78, 1, {});  // Another connection of the same client.
  EXPECT_THAT(s.Violated(), ElementsAre("ClientFifo"));
}

TEST(MonotonicReads, FailsWhenAReadIsOlderThanWhatItsClientHasSeen) {
  Story s;
  Write(s).Return(kClient, 1, Z(1, 1)).Invoke(1, 78, 1, OpType::kGetData).Return(78, 1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("ClientFifo", "MonotonicReads"));
}

/// A node is created with 1:1, set with 1:2 and deleted with 1:3, all on the disks of n1 and n3.
struct Versions {
  Versions() {
    history.Add(Z(1, 1), {.type = OpType::kCreate, .path = "/a", .data = "one"});
    history.Add(Z(1, 2), {.type = OpType::kSetData, .path = "/a", .data = "two"});
    history.Add(Z(1, 3), {.type = OpType::kDelete, .path = "/a"});
    s.Lead(3, 1, {1, 2});
    for (const zab::TxnRef& txn : history.txns) {
      s.WithHash(txn->hash).Propose(3, txn->zxid()).Log(1, txn->zxid()).Log(3, txn->zxid());
    }
    for (const int server : {1, 3}) {
      InstallDirectory(s.disk(server), history.txns, "1", "1");
      for (const zab::TxnRef& txn : history.txns) s.Ack(server, txn->zxid());
    }
    for (const zab::TxnRef& txn : history.txns) s.WithHash(txn->hash).Deliver(1, txn->zxid());
    EXPECT_THAT(s.Violated(), IsEmpty());
  }
  std::vector<std::string> Read(Zxid zxid, const std::string& data,
                                zab::Error error = zab::Error::kOk) {
    s.Invoke(1, kClient, ++number, OpType::kGetData, zab::Hash64Of("/a"));
    s.Return(kClient, number, zxid, data.empty() ? 0 : zab::Hash64Of(data), error);
    return s.Violated();
  }
  History history;
  Story s;
  int64_t number = 0;
};

TEST(MonotonicReads, ComparesTheAnswerWithTheHistory) {
  Versions v;
  EXPECT_THAT(v.Read(Z(1, 0), "", zab::Error::kNoNode), IsEmpty());
  EXPECT_THAT(v.Read(Z(1, 1), "one"), IsEmpty());
  EXPECT_THAT(v.Read(Z(1, 2), "two"), IsEmpty());
  EXPECT_THAT(v.Read(Z(1, 3), "", zab::Error::kNoNode), IsEmpty());
  EXPECT_THAT(v.Read(Z(1, 3), "two"), ElementsAre("MonotonicReads"));
}

TEST(MonotonicReads, FailsForAnOldValueAtANewZxid) {
  Versions v;
  EXPECT_THAT(v.Read(Z(1, 2), "one"), ElementsAre("MonotonicReads"));
}

TEST(MonotonicReads, FailsWhenANodeThatExistsIsNotFound) {
  Versions v;
  EXPECT_THAT(v.Read(Z(1, 2), "", zab::Error::kNoNode), ElementsAre("MonotonicReads"));
}

TEST(SyncSeesCommitted, FailsWhenTheServerHasLessThanTheLeaderHad) {
  Story s;
  s.Lead(3, 1, {1, 2}).Invoke(1, kClient, 1, OpType::kSync).Write(3, Z(1, 1), {2, 3});
  s.Tell(3, {.probe = Probe::kMsgDelivered,
             .kind = Kind::kRequestMessage,
             .client = kClient,
             .number = 1});
  s.Reply(1, kClient, 1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("SyncSeesCommitted"));
}

TEST(SyncSeesCommitted, DoesNotRequireLaterTransactions) {
  Story s;
  s.Lead(3, 1, {1, 2}).Invoke(1, kClient, 1, OpType::kSync);
  s.Tell(3, {.probe = Probe::kMsgDelivered,
             .kind = Kind::kRequestMessage,
             .client = kClient,
             .number = 1});
  s.Write(3, Z(1, 1), {2, 3}).Reply(1, kClient, 1, {});
  EXPECT_THAT(s.Violated(), IsEmpty());
}

TEST(AtMostOnce, FailsWhenARequestTakesEffectTwice) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {1, 2, 3}, kClient, 1);
  s.Write(3, Z(1, 2), {1, 2, 3}, kClient, 1);
  EXPECT_THAT(s.Violated(), ElementsAre("AtMostOnce"));
}

TEST(Invariants, HaveUniqueNames) {
  EXPECT_EQ(AllInvariants().size(), 31u);
  for (const InvariantEntry& entry : AllInvariants()) {
    EXPECT_TRUE(IsInvariant(entry.name));
    EXPECT_FALSE(entry.description.empty());
  }
  EXPECT_FALSE(IsInvariant("Liveness"));
}

TEST(Checker, ReportsTheFirstOfEachNameAndContinues) {
  Story s;
  for (const int server : {1, 2}) {
    s.Tell(server, {.probe = Probe::kHalted, .reason = Reason::kDiskError});
  }
  ASSERT_EQ(s.checker().violations().size(), 1u);
  const Violation& violation = s.checker().violations()[0];
  EXPECT_EQ(violation.name, "NoFatalExit");
  EXPECT_EQ(violation.record, 1u);
  EXPECT_EQ(violation.facts.en,
            "n1 halted (disk_error) although no fault of the scenario causes that");
  EXPECT_EQ(violation.facts.zh, "n1 停止了（disk_error）；而情景中没有故障使它停止");
}

}  // namespace
}  // namespace scenario::client_test
