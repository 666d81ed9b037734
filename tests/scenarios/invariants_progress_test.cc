// Bounded progress: each rule is seen to fail for a server that is too late or too busy, and to
// hold for one at its bound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/invariants_story.h"

namespace scenario::progress_test {
namespace {

using namespace story;  // NOLINT: the vocabulary of these tests.
using testing::ElementsAre;
using testing::IsEmpty;

// At default settings a tick is 2 s, init_limit 10 and sync_limit 5.

/// n3 answers a server that looks for a leader: it still leads.
void StillLeads(Story& s) {
  s.Tell(3, {.probe = Probe::kVoteSent, .kind = Kind::kLeading, .peer = {1}});
}

TEST(PromptStepDown, FailsForALeaderThatHasHeardNobodySinceItsEstablishment) {
  Story s;
  s.Lead(3, 1, {1, 2});
  s.LetPass(zab::Seconds(33));
  StillLeads(s);
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.LetPass(zab::Seconds(2));
  StillLeads(s);
  EXPECT_THAT(s.Violated(), ElementsAre("PromptStepDown"));
}

TEST(PromptStepDown, CountsWhatWasHeardForSyncLimit) {
  Story s;
  s.Lead(3, 1, {1, 2});
  s.LetPass(zab::Seconds(30));
  s.Hear(3, 1, Z(1, 0));
  s.LetPass(zab::Seconds(13));
  StillLeads(s);
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.LetPass(zab::Seconds(2));
  StillLeads(s);
  EXPECT_THAT(s.Violated(), ElementsAre("PromptStepDown"));
}

TEST(PromptStepDown, MeasuresByTheServersOwnClock) {
  Scenario scenario = Ensemble(3);
  scenario.clocks[ServerId{3}].drift_ppm = -100'000;
  Story s(scenario);
  s.Lead(3, 1, {1, 2});
  s.LetPass(zab::Seconds(36));
  StillLeads(s);
  EXPECT_THAT(s.Violated(), IsEmpty());
}

/// n1 gives its vote in this round.
void Votes(Story& s, int64_t round) {
  s.Vote(3).Tell(1, {.probe = Probe::kLooking, .number = round});
  s.Tell(1, {.probe = Probe::kVoteChanged, .peer = {3}, .number = round});
}

TEST(BoundedElection, FailsWhenTheLastVoteIsLongAgo) {
  for (const int64_t wait : {200, 250}) {
    Story s;
    Votes(s, 1);
    s.LetPass(zab::Milliseconds(wait));
    s.Tell(1, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = {3}});
    if (wait == 200) {
      EXPECT_THAT(s.Violated(), IsEmpty());
    } else {
      EXPECT_THAT(s.Violated(), ElementsAre("BoundedElection"));
    }
  }
}

// A vote that it sends to all counts, one that answers another does not.
TEST(BoundedElection, AVoteToAllIsAlsoOneToItself) {
  for (const int others : {1, 2}) {
    Story s;
    Votes(s, 1);
    s.LetPass(zab::Milliseconds(100));
    for (int i = 0; i < others; ++i) {
      s.Tell(1, {.probe = Probe::kVoteSent, .kind = Kind::kLooking, .number = 1});
      s.LetPass(zab::Nanoseconds(-1));  // At the same time.
    }
    s.LetPass(zab::Milliseconds(150));
    s.Tell(1, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = {3}});
    if (others == 2) {
      EXPECT_THAT(s.Violated(), IsEmpty());
    } else {
      EXPECT_THAT(s.Violated(), ElementsAre("BoundedElection"));
    }
  }
}

TEST(BoundedElection, FailsForARoundThatNobodyWasIn) {
  Story s;
  Votes(s, 1);
  s.Tell(1, {.probe = Probe::kMsgDelivered, .kind = Kind::kNotificationMessage, .number = 4});
  s.Tell(1, {.probe = Probe::kVoteChanged, .peer = {3}, .number = 4});
  s.Tell(1, {.probe = Probe::kLooking, .number = 5});
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.Tell(1, {.probe = Probe::kLooking, .number = 7});
  EXPECT_THAT(s.Violated(), ElementsAre("BoundedElection"));
}

TEST(BoundedElection, FailsForARoundThatIsOver) {
  for (const int64_t next : {1, 2}) {
    Story s;
    Votes(s, 1);
    s.Tell(1, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = {3}, .number = 1});
    s.Tell(1, {.probe = Probe::kLooking, .number = next});
    if (next == 2) {
      EXPECT_THAT(s.Violated(), IsEmpty());
    } else {
      EXPECT_THAT(s.Violated(), ElementsAre("BoundedElection"));
    }
  }
}

TEST(NoSpin, FailsForElectionsWithoutAWait) {
  for (const int count : {160, 161}) {
    Story s;
    for (int64_t i = 1; i <= count; ++i) s.Tell(1, {.probe = Probe::kLooking, .number = i});
    if (count == 160) {
      EXPECT_THAT(s.Violated(), IsEmpty());
    } else {
      EXPECT_THAT(s.Violated(), ElementsAre("NoSpin"));
    }
  }
}

TEST(NoSpin, FailsForHeartbeatsThatFollowEachOtherTooSoon) {
  Story s;
  s.Lead(3, 1, {1, 2});
  const auto heartbeats = [&] {
    for (const uint16_t to : std::initializer_list<uint16_t>{1, 2}) {
      s.Tell(3, {.probe = Probe::kMsgSent, .kind = Kind::kPingMessage, .peer = {to}});
      s.LetPass(zab::Nanoseconds(-1));  // At the same time.
    }
  };
  heartbeats();
  s.LetPass(zab::Milliseconds(1001));
  heartbeats();
  EXPECT_THAT(s.Violated(), IsEmpty());
  s.LetPass(zab::Milliseconds(900));
  heartbeats();
  EXPECT_THAT(s.Violated(), ElementsAre("NoSpin"));
}

}  // namespace
}  // namespace scenario::progress_test
