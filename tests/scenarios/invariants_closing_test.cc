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

}  // namespace
}  // namespace scenario::closing_test
