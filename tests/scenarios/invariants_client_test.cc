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
  EXPECT_THAT(s.Violated(), ElementsAre("ClientFifo", "ReadYourWrites"));
}

TEST(MonotonicReads, FailsWhenAReadIsOlderThanWhatItsClientHasSeen) {
  Story s;
  Write(s).Return(kClient, 1, Z(1, 1)).Invoke(1, 78, 1, OpType::kGetData).Return(78, 1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("ClientFifo", "MonotonicReads", "ReadYourWrites"));
}

TEST(MonotonicReads, FailsForAZxidThatIsNotCommitted) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(1, Z(1, 1)).Log(3, Z(1, 1)).Ack(3, Z(1, 1));
  s.Invoke(1, kClient, 1, OpType::kGetData).Return(kClient, 1, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("MonotonicReads"));
}

// A server that serves from its ACK of NEWLEADER on: it tells neither that it serves nor what.
TEST(MonotonicServing, FailsForAnAnswerBeforeUpToDate) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(3, Z(1, 1)).Ack(3, Z(1, 1));
  s.Look(2).Follow(2, 3, 1).Log(2, Z(1, 1)).Join(2);
  s.Invoke(2, kClient, 1, OpType::kGetData).Reply(2, kClient, 1, Z(1, 1));
  EXPECT_THAT(s.Violated(), Contains("MonotonicServing"));
}

TEST(MonotonicServing, FailsForAnAnswerWithMoreThanWasDelivered) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {2, 3}).Log(1, Z(1, 1));
  s.Invoke(1, kClient, 1, OpType::kGetData).Reply(1, kClient, 1, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("MonotonicServing"));
}

TEST(ReadYourWrites, FailsForAnAnswerOlderThanTheWrite) {
  Story s;
  Write(s).Return(kClient, 1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("ReadYourWrites"));
}

TEST(ReadYourWrites, FailsForALaterReadThatIsOlder) {
  Story s;
  Write(s).Return(kClient, 1, {}).Invoke(1, 78, 1, OpType::kGetData);
  s.Reply(1, 78, 1, {}).Return(78, 1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("ReadYourWrites"));  // Nothing else has seen the write.
}

TEST(ReadYourWrites, FailsWhenTheServerHasNotDeliveredIt) {
  Story s;
  s.Lead(3, 1, {1, 2}).Invoke(1, kClient, 1, OpType::kSetData);
  s.Write(3, Z(1, 1), {3, 2}, kClient, 1).Reply(1, kClient, 1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("ReadYourWrites"));
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
  EXPECT_EQ(AllInvariants().size(), 39u);
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
            "n1 halted (disk error) although no fault of the scenario causes that");
  EXPECT_EQ(violation.facts.zh, "n1 停止了（磁盘出错）；而场景中没有故障使它停止");
}

}  // namespace
}  // namespace scenario::client_test
