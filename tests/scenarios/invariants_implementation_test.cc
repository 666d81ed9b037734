// Epochs, histories, commits and what servers show: each invariant is seen to fail on a broken run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/scenarios/invariants_story.h"

namespace scenario::implementation_test {
namespace {

using namespace story;  // NOLINT: the vocabulary of these tests.
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

TEST(AllInvariants, HaveAChineseNameOfTheirOwn) {
  std::set<std::string> names;
  for (const InvariantEntry& entry : AllInvariants()) {
    const Text name = InvariantInWords(entry.name);
    EXPECT_EQ(name.en, entry.name);
    EXPECT_THAT(name.zh, testing::EndsWith(absl::StrCat("（", entry.name, "）")));
    EXPECT_GT(entry.chinese.size(), 8) << entry.name;
    names.insert(name.zh);
  }
  EXPECT_EQ(names.size(), AllInvariants().size());
  EXPECT_TRUE(InvariantInWords("no such invariant").zh.empty());
}

TEST(EpochMonotonicity, FailsWhenAnEpochIsPromisedTwice) {
  Story s;
  s.Follow(1, 3, 2).Look(1);
  s.Tell(1, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = {3}});
  s.Tell(1, {.probe = Probe::kAckEpoch, .peer = {3}, .epoch = Epoch{2}, .number = -1});
  EXPECT_THAT(s.Violated(), IsEmpty());  // -1: it does not count.
  s.Follow(1, 2, 2);
  EXPECT_THAT(s.Violated(), ElementsAre("EpochMonotonicity"));
}

TEST(EpochMonotonicity, FailsWhenAnEpochOnDiskFalls) {
  Story s;
  InstallDirectory(s.disk(1), {}, "3", "2");
  s.Recover(1, {});
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.disk(1).Install("acceptedEpoch", "2");
  s.Recover(1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("EpochMonotonicity"));
}

TEST(EpochMonotonicity, FailsWhenTheCurrentIsAboveTheAccepted) {
  Story s;
  InstallDirectory(s.disk(1), {}, "3", "4");
  s.Recover(1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("EpochMonotonicity"));
}

TEST(HistoryOrder, FailsWhenAZxidFallsInAHistory) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Propose(3, Z(1, 2)).Log(3, Z(1, 2)).Log(3, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("HistoryOrder"));
}

TEST(HistoryOrder, FailsWhenOneZxidIsTwoTransactions) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).WithHash(5).Log(3, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("HistoryOrder"));
}

/// 1:1 is committed and delivered by n3 and n2; n1 has never seen it.
Story& CommittedWithoutN1(Story& s) {
  return s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {2, 3});
}

// What 4646 leads to: a leader without it is established.
TEST(CommittedNeverLost, FailsWhenAnInitialHistoryLacksIt) {
  Story s;
  CommittedWithoutN1(s).Crash(2).Crash(3).Recover(2, {});
  EXPECT_THAT(s.Violated(), ElementsAre("CommittedNeverLost"));  // Only n3 still has it.
  Story t;
  CommittedWithoutN1(t).Crash(3).Look(1).Look(2).Elect(1, 2, {2}).Truncate(2, {}).Join(2);
  t.Establish(1);
  EXPECT_THAT(t.Violated(), ElementsAre("CommittedNeverLost", "LeaderCompleteness"));
}

TEST(CommittedNeverLost, HoldsWhenAnUnsyncedCopyIsLost) {
  Story s;
  CommittedWithoutN1(s).Log(1, Z(1, 1)).Crash(1).Recover(1, {});
  EXPECT_THAT(s.End(), IsEmpty());
}

// The acknowledgement counts, but the transaction is lost: TRUNC within one epoch.
TEST(CommittedNeverLost, FailsWhenAnAcknowledgedProposalIsCutOffBeforeItCommits) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(2, Z(1, 1)).Ack(2, Z(1, 1)).Log(3, Z(1, 1));
  s.Look(2);
  s.Tell(2, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = {3}});
  s.Tell(2, {.probe = Probe::kAckEpoch, .peer = {3}, .epoch = Epoch{1}, .number = -1});
  s.Truncate(2, {});
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.Ack(3, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("CommittedNeverLost"));
}

TEST(InitialHistoryIntegrity, ComparesLateEstablishmentsToo) {
  Story s;
  s.Elect(3, 1, {1}).Join(1).Look(1).Lead(2, 2, {1}).Establish(3);  // The ack was in flight.
  EXPECT_THAT(s.Violated(), IsEmpty());
  Story t;
  t.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(3, Z(1, 1)).Look(3);
  t.Elect(3, 2, {1}).Log(1, Z(1, 1)).Join(1).Look(2).Lead(2, 3, {}).Establish(3);
  EXPECT_THAT(t.Violated(), Contains("InitialHistoryIntegrity"));
}

TEST(CommitConsistency, FailsWhenAFollowerDeliversWhatItsLeaderHasNot) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {2, 3}).Look(1).Look(2).Lead(1, 2, {}).Follow(2, 1, 2);
  s.Join(2).Serve(2, Z(1, 1));
  EXPECT_THAT(s.Violated(), IsSupersetOf({"CommitConsistency", "HistoryConsistency"}));
}

// 1154: DIFF for a server whose last proposal should have been cut off.
TEST(HistoryConsistency, FailsWhenAnOldTailStaysBelowNewTransactions) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(3, Z(1, 1)).Crash(3);
  s.Look(1).Look(2).Lead(2, 2, {1}).Write(2, Z(2, 1), {1, 2});
  s.Recover(3, Z(1, 1)).Follow(3, 2, 2).Log(3, Z(2, 1)).Join(3);
  EXPECT_THAT(s.Violated(), ElementsAre("HistoryConsistency"));
}

TEST(HistoryConsistency, IgnoresAServerThatHasNotJoined) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(3, Z(1, 1)).Crash(3);
  s.Look(1).Look(2).Lead(2, 2, {1}).Recover(3, Z(1, 1)).Follow(3, 2, 2);
  EXPECT_THAT(s.Violated(), IsEmpty());
}

TEST(LeaderCompleteness, FailsWhenTheLeaderLacksWhatIsCommitted) {
  Story s;
  CommittedWithoutN1(s).Look(1).Elect(1, 2, {}).Establish(1);
  EXPECT_THAT(s.Violated(), Contains("LeaderCompleteness"));
}

TEST(MonotonicServing, FailsWhenAServerGoesBack) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {1, 2, 3}).Look(1).Follow(1, 3, 2).Serve(1, {});
  EXPECT_THAT(s.Violated(), ElementsAre("MonotonicServing"));
}

TEST(MonotonicServing, FailsWhenItShowsWhatIsNotCommitted) {
  Story s;
  s.Lead(3, 1, {1, 2}).Propose(3, Z(1, 1)).Log(3, Z(1, 1)).Ack(3, Z(1, 1)).Deliver(3, Z(1, 1));
  EXPECT_THAT(s.Violated(), ElementsAre("MonotonicServing"));
}

TEST(MonotonicServing, HoldsWhenARestartShowsLess) {
  Story s;
  s.Lead(3, 1, {1, 2}).Write(3, Z(1, 1), {2, 3}).Deliver(1, Z(1, 1)).Crash(1).Recover(1, {});
  s.Follow(1, 3, 1);
  EXPECT_THAT(s.Violated(), Contains("EpochMonotonicity"));  // Caused by the promise in this story.
  s.Join(1).Serve(1, {});
  EXPECT_THAT(s.Violated(), testing::Not(Contains("MonotonicServing")));
}

TEST(NoBadState, FailsForWhatCannotHappen) {
  for (const Reason reason :
       {Reason::kWrongPhase, Reason::kUnmatchedCommit, Reason::kZxidGap, Reason::kBadBytes}) {
    Story s;
    s.Tell(1, {.probe = Probe::kAbandoned, .reason = reason, .peer = {3}});
    EXPECT_THAT(s.Violated(), ElementsAre("NoBadState")) << Name(reason);
  }
  for (const Reason reason : {Reason::kUnknownAck, Reason::kWrongNewLeaderAck}) {
    Story s;
    s.Tell(3, {.probe = Probe::kIgnored, .kind = Kind::kAckMessage, .reason = reason, .peer = {1}});
    EXPECT_THAT(s.Violated(), ElementsAre("NoBadState")) << Name(reason);
  }
}

TEST(NoBadState, HoldsForWhatCrashesAndCutsCause) {
  Story s;
  for (const Reason reason : {Reason::kStaleEpoch, Reason::kReadTimeout, Reason::kConnectionLost,
                              Reason::kNewerEpochPromised, Reason::kCannotTruncate,
                              Reason::kNotServing, Reason::kBehindClient, Reason::kQuorumLost}) {
    s.Tell(1, {.probe = Probe::kIgnored, .reason = reason});
    s.Tell(1, {.probe = Probe::kAbandoned, .reason = reason});
  }
  EXPECT_THAT(s.End(), IsEmpty());
}

TEST(NoFatalExit, FailsWhenAServerHaltsOrIsDamaged) {
  Story s;
  s.Tell(1, {.probe = Probe::kHalted, .reason = Reason::kDiskError});
  EXPECT_THAT(s.Violated(), ElementsAre("NoFatalExit"));
  Story t;
  t.Tell(1, {.probe = Probe::kRecovered, .kind = Kind::kDamaged});
  EXPECT_THAT(t.Violated(), ElementsAre("NoFatalExit"));
}

TEST(NoFatalExit, AndNoBadStateFailForAnUnmatchedCommit) {
  Story s;
  s.Tell(1, {.probe = Probe::kHalted, .reason = Reason::kUnmatchedCommit});
  EXPECT_THAT(s.Violated(), ElementsAre("NoBadState", "NoFatalExit"));
}

}  // namespace
}  // namespace scenario::implementation_test
