// Who may be given up: NoNeedlessClose fails on a server that closes too early, and holds for one
// that has waited as long as it may.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/invariants_story.h"

namespace scenario::closing_test {
namespace {

using namespace story;  // NOLINT: the vocabulary of these tests.
using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint64_t kToN1 = 7;
constexpr uint64_t kToN2 = 8;

/// sync_limit is the smaller bound: 10 s at default settings.
class Closing : public Story {
 public:
  Closing() { LetPass(zab::Seconds(1)); }
  explicit Closing(const Scenario& scenario) : Story(scenario) { LetPass(zab::Seconds(1)); }

  Closing& Sent(int to, uint64_t connection, Kind kind, Zxid zxid = {}) {
    Tell(3, {.probe = Probe::kMsgSent,
             .kind = kind,
             .peer = Id(to),
             .zxid = zxid,
             .connection = connection});
    return *this;
  }
  Closing& Taken(int from, uint64_t connection, Kind kind, Zxid zxid = {}) {
    Tell(3, {.probe = Probe::kMsgDelivered,
             .kind = kind,
             .peer = Id(from),
             .zxid = zxid,
             .connection = connection});
    return *this;
  }
  Closing& Close(int peer, uint64_t connection, Reason why) {
    Tell(3,
         {.probe = Probe::kChannelDown, .reason = why, .peer = Id(peer), .connection = connection});
    return *this;
  }
  Closing& Wait(zab::Duration by) {
    LetPass(by);
    return *this;
  }
};

TEST(NoNeedlessClose, FailsWhenALearnerThatOwesNothingIsTooSlow) {
  Closing s;
  s.Sent(1, kToN1, Kind::kProposalMessage, Z(1, 1)).Sent(1, kToN1, Kind::kUpToDateMessage);
  s.Taken(1, kToN1, Kind::kAckMessage, Z(1, 0)).Wait(zab::Seconds(20));
  s.Close(1, kToN1, Reason::kSlowLearner);  // 1:1 was sent before UPTODATE: no ACK is owed.
  EXPECT_THAT(s.Violated(), ElementsAre("NoNeedlessClose"));
}

TEST(NoNeedlessClose, HoldsForALearnerThatOwesAnAckForSyncLimit) {
  Closing s;
  s.Sent(1, kToN1, Kind::kUpToDateMessage).Sent(1, kToN1, Kind::kProposalMessage, Z(1, 1));
  s.Sent(1, kToN1, Kind::kProposalMessage, Z(1, 2));
  s.Taken(1, kToN1, Kind::kAckMessage, Z(1, 1)).Wait(zab::Seconds(10));
  s.Close(1, kToN1, Reason::kSlowLearner);
  EXPECT_THAT(s.Violated(), IsEmpty());
}

TEST(NoNeedlessClose, FailsWhenTheAckIsNotYetOverdue) {
  Closing s;
  s.Sent(1, kToN1, Kind::kUpToDateMessage).Sent(1, kToN1, Kind::kProposalMessage, Z(1, 1));
  s.Wait(zab::Seconds(9)).Close(1, kToN1, Reason::kSlowLearner);
  EXPECT_THAT(s.Violated(), ElementsAre("NoNeedlessClose"));
}

TEST(NoNeedlessClose, FailsWhenAPeerThatWasHeardIsSilent) {
  Closing s;
  s.Taken(1, kToN1, Kind::kPingMessage).Wait(zab::Seconds(9));
  s.Close(1, kToN1, Reason::kReadTimeout);
  EXPECT_THAT(s.Violated(), ElementsAre("NoNeedlessClose"));
  Closing t;
  t.Taken(1, kToN1, Kind::kPingMessage).Wait(zab::Seconds(10));
  t.Close(1, kToN1, Reason::kReadTimeout);
  EXPECT_THAT(t.Violated(), IsEmpty());
}

TEST(NoNeedlessClose, FailsWhenAFollowerGivesUpALeaderThatItHears) {
  Closing s;
  s.Taken(1, kToN1, Kind::kPingMessage).Wait(zab::Seconds(9));
  s.Tell(3, {.probe = Probe::kAbandoned, .reason = Reason::kReadTimeout});
  EXPECT_THAT(s.Violated(), ElementsAre("NoNeedlessClose"));
}

TEST(NoNeedlessClose, FailsWhenALeaderGivesUpAQuorumThatItHears) {
  Closing s;
  s.Sent(1, kToN1, Kind::kUpToDateMessage).Sent(2, kToN2, Kind::kUpToDateMessage);
  s.Taken(1, kToN1, Kind::kPingMessage).Wait(zab::Seconds(9));
  s.Tell(3, {.probe = Probe::kQuorumLost, .epoch = Epoch{1}});
  EXPECT_THAT(s.Violated(), ElementsAre("NoNeedlessClose"));
  Closing t;
  t.Sent(1, kToN1, Kind::kUpToDateMessage).Taken(1, kToN1, Kind::kPingMessage);
  t.Wait(zab::Seconds(10)).Tell(3, {.probe = Probe::kQuorumLost, .epoch = Epoch{1}});
  EXPECT_THAT(t.Violated(), IsEmpty());
}

TEST(NoNeedlessClose, MeasuresByTheServersOwnClock) {
  Scenario scenario = Ensemble(3);
  scenario.clocks[ServerId{3}].drift_ppm = 100'000;  // A tenth fast: 10 s are over after 9.1.
  Closing s(scenario);
  s.Taken(1, kToN1, Kind::kPingMessage).Wait(zab::Milliseconds(9'100));
  s.Close(1, kToN1, Reason::kReadTimeout);
  EXPECT_THAT(s.Violated(), IsEmpty());
}

/// n3 began to look for a leader with 1:5, and n1 tells that it has `theirs`.
void TellsHistory(Closing& s, Zxid theirs) {
  s.Tell(3, {.probe = Probe::kLooking, .epoch = Epoch{1}, .zxid = Z(1, 5), .number = 1});
  s.Tell(3, {.probe = Probe::kMsgDelivered,
             .kind = Kind::kAckEpochMessage,
             .peer = {1},
             .epoch = Epoch{1},
             .zxid = theirs,
             .connection = kToN1});
  s.Close(1, kToN1, Reason::kNewerHistory);
}

TEST(NoNeedlessClose, FailsForARefusedHistoryThatIsNotNewer) {
  Closing s;
  TellsHistory(s, Z(1, 6));
  EXPECT_THAT(s.Violated(), IsEmpty());
  Closing t;
  TellsHistory(t, Z(1, 5));
  EXPECT_THAT(t.Violated(), ElementsAre("NoNeedlessClose"));
}

TEST(NoNeedlessClose, FailsForAPhaseGivenUpTooEarly) {
  Closing s;
  s.Elect(3, 1, {1, 2}).LetPass(zab::Seconds(20));
  s.Tell(3, {.probe = Probe::kAbandoned, .reason = Reason::kNewLeaderTimeout});
  EXPECT_THAT(s.Violated(), IsEmpty());
  Closing t;
  t.Elect(3, 1, {1, 2}).LetPass(zab::Seconds(19));
  t.Tell(3, {.probe = Probe::kAbandoned, .reason = Reason::kNewLeaderTimeout});
  EXPECT_THAT(t.Violated(), ElementsAre("NoNeedlessClose"));
}

/// n3 gives up for that reason so long after its election.
std::vector<std::string> GivesUp(Reason why, zab::Duration after, zab::Zxid proposed = {}) {
  Closing s;
  s.Elect(3, 1, {1, 2}).LetPass(after);
  if (proposed.counter > 0) s.Tell(3, {.probe = Probe::kProposed, .zxid = proposed});
  s.Tell(3, {.probe = Probe::kAbandoned, .reason = why});
  return s.Violated();
}

TEST(NoNeedlessClose, FailsWhenFewerThanFiveAttemptsToConnectWereMade) {
  EXPECT_THAT(GivesUp(Reason::kConnectFailed, zab::Milliseconds(400)), IsEmpty());
  EXPECT_THAT(GivesUp(Reason::kConnectFailed, zab::Milliseconds(300)),
              ElementsAre("NoNeedlessClose"));
}

TEST(NoNeedlessClose, FailsForAnOverflowThatIsNone) {
  const auto violated = [](uint32_t counter) {
    return GivesUp(Reason::kZxidOverflow, zab::Seconds(1), Z(1, counter));
  };
  EXPECT_THAT(violated(0xfffffffe), testing::Not(testing::Contains("NoNeedlessClose")));
  EXPECT_THAT(violated(0xfffffffd), testing::Contains("NoNeedlessClose"));
}

TEST(NoNeedlessClose, FailsForAPromiseThatNobodyHasTold) {
  Closing s;
  s.Elect(3, 4, {1, 2});
  s.Tell(3, {.probe = Probe::kEpochPersisted, .kind = Kind::kAccepted, .epoch = Epoch{4}});
  s.Tell(3, {.probe = Probe::kAbandoned, .reason = Reason::kNewerEpochPromised});
  EXPECT_THAT(s.Violated(), testing::Contains("NoNeedlessClose"));
}

TEST(NoNeedlessClose, FailsForALeaderRefusedAsStaleThatIsNot) {
  for (const uint32_t epoch : {3u, 4u}) {
    Closing s;
    s.Tell(3, {.probe = Probe::kEpochPersisted, .kind = Kind::kAccepted, .epoch = Epoch{4}});
    s.Tell(3, {.probe = Probe::kMsgDelivered,
               .kind = Kind::kLeaderInfoMessage,
               .peer = {1},
               .epoch = Epoch{epoch},
               .connection = kToN1});
    s.Tell(3, {.probe = Probe::kAbandoned, .reason = Reason::kStaleEpoch, .peer = {1}});
    if (epoch == 3) {
      EXPECT_THAT(s.Violated(), IsEmpty());
    } else {
      EXPECT_THAT(s.Violated(), ElementsAre("NoNeedlessClose"));
    }
  }
}

TEST(NoNeedlessClose, FailsForBadBytesOfAVoter) {
  Closing s;
  s.Taken(1, kToN1, Kind::kFollowerInfoMessage).Close(1, kToN1, Reason::kBadBytes);
  EXPECT_THAT(s.Violated(), ElementsAre("NoNeedlessClose"));
}

}  // namespace
}  // namespace scenario::closing_test
