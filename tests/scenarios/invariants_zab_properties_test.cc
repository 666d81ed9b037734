// Each property of the paper is seen to fail on a run that breaks it, and to hold on sound runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/invariants_story.h"

namespace scenario::zab_properties_test {
namespace {

using namespace story;  // NOLINT: the vocabulary of these tests.
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ZabProperties, HoldInAnOrdinaryRun) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {1, 2, 3}).Write(3, Z(1, 2), {1, 2, 3});
  EXPECT_THAT(s.End(), IsEmpty());
}

// Unusual but correct behaviour.
TEST(ZabProperties, HoldWhenAnUncommittedProposalIsReplaced) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {1, 2, 3});
  s.Propose(3, Z(1, 2)).Log(3, Z(1, 2)).Ack(3, Z(1, 2));  // On n3 alone.
  s.Look(1).Look(2).Lead(2, 2, {1}, Z(1, 1)).Write(2, Z(2, 1), {1, 2});
  s.Look(3).Follow(3, 2, 2).Truncate(3, Z(1, 1)).Log(3, Z(2, 1)).Join(3).Serve(3, Z(2, 1));
  s.Write(2, Z(2, 2), {1, 2, 3});
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(ZabProperties, HoldWhenAnUncommittedProposalSurvivesItsLeader) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(2, Z(1, 1)).Ack(2, Z(1, 1)).Crash(3);
  s.Look(1).Look(2).Elect(2, 2, {1}).Log(1, Z(1, 1)).Join(1).Establish(2).Serve(1, Z(1, 1));
  s.Recover(3, {}).Follow(3, 2, 2).Log(3, Z(1, 1)).Join(3).Serve(3, Z(1, 1));
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(ZabProperties, HoldWhileADeposedLeaderStillDelivers) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(2, Z(1, 1)).Ack(2, Z(1, 1)).Log(3, Z(1, 1));
  s.Look(1).Look(2).Elect(2, 2, {1}).Log(1, Z(1, 1)).Join(1).Establish(2).Serve(1, Z(1, 1));
  s.Write(2, Z(2, 1), {1, 2});
  s.Ack(3, Z(1, 1)).Deliver(3, Z(1, 1));  // n2's ack was in flight for a long time.
  s.Propose(3, Z(1, 2)).Log(3, Z(1, 2));
  s.Look(3).Follow(3, 2, 2).Truncate(3, Z(1, 1)).Log(3, Z(2, 1)).Join(3).Serve(3, Z(2, 1));
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(ZabProperties, HoldWhenSnapBringsAnotherHistory) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {1, 2, 3}).Propose(3, Z(1, 2)).Log(3, Z(1, 2)).Crash(3);
  s.Look(1).Look(2).Lead(2, 2, {1}, Z(1, 1)).Write(2, Z(2, 1), {1, 2});
  s.Recover(3, Z(1, 2)).Follow(3, 2, 2).InstallSnap(3, Z(2, 1)).Join(3).Serve(3, Z(2, 1));
  s.Write(2, Z(2, 2), {1, 2, 3});
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(Integrity, FailsWhenItWasNotBroadcast) {
  Story s;
  s.Lead(3, 1, {1, 2}).Log(1, Z(1, 1)).Deliver(1, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("CommitConsistency", "HistoryConsistency", "Integrity",
                                        "MonotonicServing"));
}

TEST(Integrity, CountsInitialHistoriesAsBroadcast) {
  Scenario scenario = Ensemble(3);
  for (uint16_t i = 1; i <= 3; ++i) {
    scenario.cluster.initial[ServerId{i}] = {
        .log = {{Z(1, 1), Z(1, 4)}}, .current_epoch = Epoch{1}, .accepted_epoch = Epoch{1}};
  }
  Story s(scenario);
  s.Lead(3, 2, {1, 2}, Z(1, 4)).Write(3, Z(2, 1), {1, 2, 3});
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(TotalOrder, FailsWhenOneServerHasAGap) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {2, 3});
  s.Propose(3, Z(1, 2)).Log(3, Z(1, 2)).Ack(3, Z(1, 2)).Log(2, Z(1, 2)).Ack(2, Z(1, 2));
  s.Deliver(3, Z(1, 2)).Deliver(1, Z(1, 2));
  EXPECT_THAT(s.Violated(), ElementsAre("CommitConsistency", "LocalPrimaryOrder",
                                        "MonotonicServing", "PrefixConsistency", "TotalOrder"));
}

TEST(Agreement, FailsWhenTwoServersDeliverDifferentThings) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Deliver(3, Z(1, 1));
  s.Look(1).Look(2).Lead(2, 2, {1}).Write(2, Z(2, 1), {1, 2});
  const std::vector<std::string> violated = s.Violated();
  EXPECT_THAT(violated, testing::IsSupersetOf({"Agreement", "PrefixConsistency"}));
  EXPECT_THAT(violated, testing::Not(testing::Contains("TotalOrder")));
}

TEST(PrefixConsistency, FailsAlthoughAgreementHolds) {
  Story s;  // As for the total order: one history has a gap but lacks nothing else that the other
            // has.
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {2, 3}).Write(3, Z(1, 2), {2, 3}).Deliver(1, Z(1, 2));
  const std::vector<std::string> violated = s.Violated();
  EXPECT_THAT(violated, testing::Contains("PrefixConsistency"));
  EXPECT_THAT(violated, testing::Not(testing::Contains("Agreement")));
}

TEST(LocalPrimaryOrder, FailsWhenTheFirstOfTwoIsLeftOut) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Propose(3, Z(1, 2)).Deliver(1, Z(1, 2));
  EXPECT_THAT(s.Violated(),
              ElementsAre("CommitConsistency", "LocalPrimaryOrder", "MonotonicServing"));
}

TEST(GlobalPrimaryOrder, FailsWhenAnOlderEpochComesLast) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Look(1).Look(2).Lead(2, 2, {1});
  s.Write(2, Z(2, 1), {1, 2}).Deliver(1, Z(1, 1));
  const std::vector<std::string> violated = s.Violated();
  EXPECT_THAT(violated, testing::Contains("GlobalPrimaryOrder"));
}

TEST(PrimaryIntegrity, FailsWhenTheLeaderBroadcastsTooEarly) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {1, 2, 3}).Look(1).Look(2);
  s.Elect(2, 2, {1}).Propose(2, Z(2, 1));
  EXPECT_THAT(s.Violated(), IsEmpty());  // It has delivered 1:1 in epoch 1.
  Story t;
  t.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1));
  for (const int i : {1, 2, 3}) t.Log(i, Z(1, 1)).Ack(i, Z(1, 1));
  t.Deliver(3, Z(1, 1)).Look(1).Look(2).Elect(2, 2, {1}).Propose(2, Z(2, 1));
  EXPECT_THAT(t.Violated(), ElementsAre("PrimaryIntegrity"));
}

TEST(PrimaryIntegrity, FailsWhenTheOlderIsDeliveredAfterwards) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Look(1).Look(2).Lead(2, 2, {1}).Propose(2, Z(2, 1));
  s.Deliver(3, Z(1, 1));
  EXPECT_THAT(s.Violated(), testing::Contains("PrimaryIntegrity"));
}

TEST(Leadership1, FailsWhenTwoLeadAtOnce) {
  Story s;
  s.Elect(3, 1, {1}).Elect(2, 1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("Leadership1", "Leadership2"));
}

TEST(Leadership2, FailsWhenTheyLeadOneAfterTheOther) {
  Story s;
  s.Elect(3, 1, {1}).Crash(3).Elect(2, 1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("Leadership2"));
}

// 1277: the counter runs over into the epoch of the next leader.
TEST(Leadership2, CountsServersThatBroadcast) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 0xffffffff), {1, 2, 3}).Write(3, Z(2, 1), {1, 2, 3});
  s.Look(1).Look(2).Lead(2, 2, {1}, Z(2, 1)).WithHash(99).Propose(2, Z(2, 1));
  EXPECT_THAT(s.Violated(), testing::IsSupersetOf({"HistoryOrder", "Leadership2"}));
}

TEST(Leadership, OfDifferentEpochsMayOverlap) {
  Story s;
  s.Lead(3, 1, {1, 2}).Look(1).Look(2).Lead(2, 2, {1}).Propose(3, Z(1, 1)).Propose(2, Z(2, 1));
  EXPECT_THAT(s.Violated(), IsEmpty());
}

}  // namespace
}  // namespace scenario::zab_properties_test
