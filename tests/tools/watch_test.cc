// zabsim watch without a terminal: the replayed states, the player's steps, the grid it is drawn
// into.
#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/shipped.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/playback/player.h"
#include "tools/zabsim/playback/replayed_states.h"
#include "tools/zabsim/view/recorded_run.h"
#include "tools/zabsim/watch/screen.h"

namespace zabsim {
namespace {

using scenario::Probe;

WatchedRun RunOfStory(const std::string& id) {
  auto run = LoadRun(support::ShippedScenario(id), {});
  EXPECT_TRUE(run.ok()) << run.status().message();
  return WatchedRun(*std::move(run));
}

const WatchedRun& LeaderCrash() {
  static const WatchedRun kRun = RunOfStory("leader-crash");
  return kRun;
}

/// The nth event of that probe, from 1.
size_t EventOf(const WatchedRun& run, Probe probe, int nth = 1) {
  for (size_t i = 0; i < run.count(); ++i) {
    if (run.record(i).event.probe == probe && --nth == 0) return i;
  }
  ADD_FAILURE() << "no " << Name(probe);
  return 0;
}

bool SameServer(const scenario::ServerState& a, const scenario::ServerState& b) {
  const auto same_range = [](const scenario::ZxidRange& x, const scenario::ZxidRange& y) {
    return x.first == y.first && x.last == y.last;
  };
  return a.role == b.role && a.phase == b.phase && a.current == b.current &&
         a.history.base() == b.history.base() && a.history.synced() == b.history.synced() &&
         a.delivered == b.delivered &&
         std::ranges::equal(a.history.log(), b.history.log(), same_range);
}

// ---- States -------------------------------------------------------------------------------------

TEST(ReplayedStates, FollowTheLeaderThroughItsCrash) {
  const WatchedRun& run = LeaderCrash();
  ReplayedStates states(run);
  const scenario::ClusterState before = states.At(EventOf(run, Probe::kCrashed) - 1);
  EXPECT_EQ(before.servers()[2].role, scenario::Role::kLeading);
  EXPECT_EQ(before.servers()[0].leader, zab::ServerId{3});
  EXPECT_EQ(before.servers()[2].history.last(), (zab::Zxid{zab::Epoch{1}, 40}));

  const scenario::ClusterState down = states.At(EventOf(run, Probe::kCrashed));
  EXPECT_FALSE(down.servers()[2].up());
  EXPECT_EQ(down.servers()[0].role, scenario::Role::kFollowing);

  const scenario::ClusterState led = states.At(EventOf(run, Probe::kEstablished, 2));
  EXPECT_EQ(led.servers()[1].role, scenario::Role::kLeading);
  EXPECT_EQ(led.servers()[1].current, zab::Epoch{2});
  EXPECT_EQ(led.servers()[0].accepted, zab::Epoch{2});
  EXPECT_EQ(led.servers()[0].history.last(), (zab::Zxid{zab::Epoch{1}, 40}));

  const scenario::ClusterState back = states.At(EventOf(run, Probe::kRecovered, 4));
  EXPECT_TRUE(back.servers()[2].up());
  EXPECT_EQ(back.servers()[2].history.last(),
            (zab::Zxid{zab::Epoch{1}, 39}));  // 1:40 was not synced.

  const scenario::ClusterState end = states.At(run.count() - 1);
  for (const scenario::ServerState& server : end.servers()) {
    EXPECT_EQ(server.history.last(), end.committed());
    EXPECT_EQ(server.history.synced(), end.committed());
    EXPECT_EQ(server.delivered, end.committed());
  }
}

TEST(ReplayedStates, TellWrittenFromSynced) {
  const WatchedRun& run = LeaderCrash();
  ReplayedStates states(run);
  const size_t logged = EventOf(run, Probe::kLogged, 5);
  const size_t server = run.record(logged).node.value - 1u;
  const zab::Zxid zxid = run.record(logged).event.zxid;
  EXPECT_EQ(states.At(logged - 1).servers()[server].history.EntryOf(zxid),
            scenario::LogEntry::kAbsent);
  EXPECT_EQ(states.At(logged).servers()[server].history.EntryOf(zxid),
            scenario::LogEntry::kVolatile);
  for (size_t i = logged;; ++i) {
    const scenario::Record& record = run.record(i);
    if (record.event.probe != Probe::kSynced || record.node.value != server + 1) continue;
    EXPECT_EQ(states.At(i).servers()[server].history.EntryOf(zxid), scenario::LogEntry::kSynced);
    break;
  }
}

TEST(ReplayedStates, AnOldLeaderLosesItsTail) {
  const WatchedRun run = RunOfStory("old-leader-trunc");
  ReplayedStates states(run);
  const size_t truncated = EventOf(run, Probe::kTruncated);
  const size_t server = run.record(truncated).node.value - 1u;
  const zab::Zxid kept = run.record(truncated).event.zxid;
  const zab::Zxid tail = states.At(truncated - 1).servers()[server].history.last();
  EXPECT_GT(tail, kept);
  EXPECT_EQ(states.At(truncated).servers()[server].history.last(), kept);
  EXPECT_EQ(states.At(truncated).servers()[server].history.EntryOf(tail),
            scenario::LogEntry::kAbsent);
}

TEST(ReplayedStates, AWipedDiskHasNothing) {
  const WatchedRun run = RunOfStory("minority-wiped");
  ReplayedStates states(run);
  const size_t wiped = EventOf(run, Probe::kDiskCorrupted);
  const size_t server = run.record(wiped).node.value - 1u;
  const zab::Zxid had = states.At(wiped - 1).servers()[server].history.last();
  EXPECT_GT(had, zab::Zxid{});
  const scenario::ServerState& empty = states.At(wiped).servers()[server];
  EXPECT_EQ(empty.history.last(), zab::Zxid{});
  EXPECT_EQ(empty.history.synced(), zab::Zxid{});
  EXPECT_EQ(empty.history.EntryOf(had), scenario::LogEntry::kAbsent);
  EXPECT_EQ(empty.accepted, zab::Epoch{});
  EXPECT_EQ(empty.current, zab::Epoch{});
}

TEST(ReplayedStates, AreTheSameFromAnyDirection) {
  const WatchedRun& run = LeaderCrash();
  ReplayedStates forwards(run);
  ReplayedStates jumping(run);
  for (size_t i = 0; i + 700 < run.count(); i += 333) {
    jumping.At(run.count() - 1 - i);
    const scenario::ClusterState& there = jumping.At(i);
    const scenario::ClusterState& here = forwards.At(i);
    ASSERT_TRUE(std::ranges::equal(here.servers(), there.servers(), SameServer)) << i;
  }
}

TEST(ReplayedStates, KnowWhichLinksAreCut) {
  const WatchedRun run = RunOfStory("minority-leader");
  ReplayedStates states(run);
  const size_t cut = EventOf(run, Probe::kCut);
  const std::pair link{run.record(cut).node.value, run.record(cut).event.peer.value};
  EXPECT_EQ(states.At(cut).links().at(link).cuts, 1);
  EXPECT_EQ(states.At(run.count() - 1).links().at(link).cuts, 0);
}

// ---- The player ---------------------------------------------------------------------------------

/// Presses what is written: "n", "/abc\n"; < and > stand for themselves.
void Press(Player& player, const std::string& keys) {
  for (const char key : keys) {
    if (key == '\n') {
      player.Press({KeyName::kEnter});
    } else {
      player.Press({KeyName::kCharacter, static_cast<char32_t>(key)});
    }
  }
}

TEST(Player, StepsOverWhatIsShown) {
  Player player(LeaderCrash(), {});
  EXPECT_EQ(player.cursor(), 0u);
  player.Press({KeyName::kLeft});
  EXPECT_EQ(player.cursor(), 0u);
  player.Press({KeyName::kRight});
  player.Press({KeyName::kRight});
  EXPECT_EQ(player.cursor(), 2u);
  player.Press({KeyName::kEnd});
  EXPECT_EQ(player.cursor(), player.shown().back());
  player.Press({KeyName::kRight});
  EXPECT_EQ(player.cursor(), player.shown().back());
  player.Press({KeyName::kHome});
  EXPECT_EQ(player.cursor(), 0u);
}

TEST(Player, HidesHeartbeatsUntilTheyAreWanted) {
  const WatchedRun& run = LeaderCrash();
  Player player(run, {});
  for (const size_t event : player.shown()) ASSERT_FALSE(run.IsHeartbeat(event));
  const size_t without = player.shown().size();
  Press(player, "h");
  EXPECT_EQ(player.shown().size(), run.count());
  const auto& records = run.records();
  size_t heartbeat = 0;
  while (!run.IsHeartbeat(heartbeat)) ++heartbeat;
  Press(player, "g#" + std::to_string(records[heartbeat].id) + "\n");
  EXPECT_EQ(player.cursor(), heartbeat);
  Press(player, "h");
  EXPECT_EQ(player.shown().size(), without);
  EXPECT_GT(player.cursor(), heartbeat);  // The next that is shown.
}

TEST(Player, JumpsByMilestoneServerAndTransaction) {
  const WatchedRun& run = LeaderCrash();
  Player player(run, {});
  Press(player, "g#" + std::to_string(run.record(EventOf(run, Probe::kProposed, 40)).id) + "\n");
  Press(player, "n");
  EXPECT_EQ(run.record(player.cursor()).event.probe, Probe::kCrashed);
  Press(player, "p");
  EXPECT_EQ(run.record(player.cursor()).event.probe, Probe::kEstablished);
  Press(player, ">");
  EXPECT_EQ(run.record(player.cursor()).node, sim::NodeId{3});
  player.Press({KeyName::kDown});
  EXPECT_EQ(player.lane(), sim::NodeId{1});
  player.Press({KeyName::kShiftRight});
  EXPECT_EQ(run.record(player.cursor()).node, sim::NodeId{1});
  player.Press({KeyName::kUp});
  player.Press({KeyName::kUp});
  EXPECT_EQ(player.lane().value, run.names().size() - 1);

  Press(player, "/1:40\n");
  const size_t first = player.cursor();
  EXPECT_EQ(run.record(first).event.probe, Probe::kProposed);
  Press(player, "]]");
  EXPECT_EQ(ToString(run.record(player.cursor()).event.zxid), "1:40");
  Press(player, "[[");
  EXPECT_EQ(player.cursor(), first);
  Press(player, "[");
  EXPECT_EQ(player.cursor(), first);
  EXPECT_FALSE(player.message().empty());
}

TEST(Player, FollowsATransaction) {
  Player player(LeaderCrash(), {});
  Press(player, "f");
  EXPECT_FALSE(player.followed());
  EXPECT_FALSE(player.message().empty());
  Press(player, "/1:40\nf");
  ASSERT_TRUE(player.followed());
  EXPECT_EQ(ToString(*player.followed()), "1:40");
  EXPECT_TRUE(player.StandsOut(player.cursor()));
  EXPECT_FALSE(player.StandsOut(0));
  Press(player, "f");
  EXPECT_FALSE(player.followed());
}

TEST(Player, SearchesForNodeKindAndText) {
  const WatchedRun& run = LeaderCrash();
  Player player(run, {});
  Press(player, "/truncated\n");
  EXPECT_EQ(player.cursor(), 0u);
  EXPECT_NE(player.message().find("truncated"), std::string::npos);
  Press(player, "/proposal\n");
  EXPECT_EQ(run.record(player.cursor()).event.kind, scenario::Kind::kProposalMessage);
  Press(player, "/c4\n");
  EXPECT_EQ(run.names()[run.record(player.cursor()).node.value], "c4");
  Press(player, "/n3 LOSES power\n");
  EXPECT_EQ(run.record(player.cursor()).event.probe, Probe::kCrashed);
  const size_t crash = player.cursor();
  Press(player, ".");  // The only one: once around.
  EXPECT_EQ(player.cursor(), crash);
  Press(player, "g2.5s\n");
  EXPECT_LE(run.record(player.cursor()).time, zab::Time{} + zab::Milliseconds(2500));
  EXPECT_GT(run.record(player.cursor() + 1).time, zab::Time{} + zab::Milliseconds(2400));
  Press(player, "gsoon\n");
  EXPECT_NE(player.message().find("soon"), std::string::npos);
}

TEST(Player, ATypedTextCanBeTakenBack) {
  Player player(LeaderCrash(), {});
  Press(player, "/c1");
  EXPECT_EQ(player.prompt(), Prompt::kSearch);
  player.Press({KeyName::kCharacter, U'停'});
  player.Press({KeyName::kBackspace});
  EXPECT_EQ(player.typed(), "c1");
  player.Press({KeyName::kEscape});
  EXPECT_EQ(player.prompt(), Prompt::kNone);
  EXPECT_EQ(player.cursor(), 0u);
  Press(player, "/");
  player.Press({KeyName::kBackspace});
  EXPECT_EQ(player.prompt(), Prompt::kNone);
}

TEST(Player, PlaysEventsOrVirtualTime) {
  const WatchedRun& run = LeaderCrash();
  Player player(run, {});
  player.Elapse(zab::Seconds(1));
  EXPECT_EQ(player.cursor(), 0u);
  Press(player, " ");
  for (int i = 0; i < 10; ++i) player.Elapse(zab::Milliseconds(100));
  EXPECT_EQ(player.position(), 5u);  // Five a second.
  player.Elapse(zab::Seconds(3600));
  EXPECT_EQ(player.position(), 10u);  // Counts as a second.
  Press(player, "++++");
  EXPECT_STREQ(player.speed().name, "1x");
  const zab::Time from = run.record(player.cursor()).time;
  for (int i = 0; i < 10; ++i) player.Elapse(zab::Milliseconds(50));
  EXPECT_LE(run.record(player.cursor()).time, from + zab::Milliseconds(500));
  EXPECT_GT(run.record(player.shown()[player.position() + 1]).time, from + zab::Milliseconds(500));
  Press(player, "+++");
  EXPECT_STREQ(player.speed().name, "1000x");
  player.Elapse(zab::Seconds(1));
  EXPECT_EQ(player.cursor(), player.shown().back());
  EXPECT_FALSE(player.is_playing());
  Press(player, " ");
  EXPECT_EQ(player.cursor(), 0u);  // From the beginning again.
  EXPECT_TRUE(player.is_playing());
}

TEST(Player, BeginsAtTheFirstViolation) {
  const WatchedRun run = RunOfStory("datagram");
  ASSERT_FALSE(run.violations().empty());
  Player player(run, {});
  const size_t first = run.violations().front().event;
  EXPECT_EQ(player.cursor(), first);
  Press(player, "v");
  EXPECT_GT(player.cursor(), first);
  player.Press({KeyName::kHome});
  Press(player, "V");
  EXPECT_EQ(player.cursor(), first);
  player.Press({KeyName::kEnd});
  Press(player, "v");
  EXPECT_EQ(player.cursor(), first);
}

TEST(Player, SpeaksChineseWhereItCanBeShown) {
  Player player(LeaderCrash(), {.language = Language::kChinese});
  EXPECT_EQ(player.language(), Language::kChinese);
  Press(player, "l");
  EXPECT_EQ(player.language(), Language::kEnglish);
  Player ascii(LeaderCrash(), {.language = Language::kChinese, .speaks_chinese = false});
  EXPECT_EQ(ascii.language(), Language::kEnglish);
  EXPECT_NE(ascii.message().find("UTF-8"), std::string::npos);
  Press(ascii, "l");
  EXPECT_EQ(ascii.language(), Language::kEnglish);
}

// ---- The grid -----------------------------------------------------------------------------------

TEST(TerminalText, ChineseTakesTwoCells) {
  EXPECT_EQ(CellsOf("n1 提交 1:1"), 11);
  EXPECT_EQ(Shortened("提交提交", 5), "提交…");
  EXPECT_EQ(Shortened("提交", 4), "提交");
  EXPECT_EQ(Wrapped("领导者崩溃，随后选举。", 10, 9),
            (std::vector<std::string>{"领导者崩", "溃，随后选", "举。"}));
  EXPECT_EQ(Wrapped("one two three", 8, 2), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(Wrapped("one two three", 8, 1), (std::vector<std::string>{"one two…"}));
  EXPECT_EQ(Wrapped("abcdefghij", 4, 9), (std::vector<std::string>{"abcd", "efgh", "ij"}));
  EXPECT_EQ(DecodeText("\xff\xe6\x8f"), U"\ufffd\ufffd\ufffd");
}

TEST(Canvas, DrawsNothingOutside) {
  Canvas canvas(2, 5, false);
  EXPECT_EQ(canvas.Put(0, 3, "提交"), 5);
  EXPECT_EQ(canvas.Put(1, 2, "提交"), 4);
  canvas.Put(7, 1, Glyph{U'x', 'x'});
  EXPECT_EQ(canvas.Text(0), "   提");
  EXPECT_EQ(canvas.Text(1), "  提");
}

/// Every screen that the keys lead to, at a size, keeps within it.
void WalkThrough(const WatchedRun& run, int rows, int columns, bool ascii) {
  Player player(run, {.speaks_chinese = !ascii});
  ReplayedStates states(run);
  for (const char key : std::string("nnnnnnf]]l>>?xhpv/ nnl\n+ g99999999\nf")) {
    Press(player, std::string(1, key));
    Canvas canvas(rows, columns, ascii);
    DrawScreen(player, states, canvas);
    for (int row = 0; row < rows; ++row) {
      const std::string text = canvas.Text(row);
      ASSERT_LE(CellsOf(text), columns);
      if (ascii) {
        ASSERT_TRUE(std::ranges::all_of(text, [](char c) { return c >= 0x20; })) << text;
      }
    }
  }
}

TEST(Screen, FitsAnySize) {
  const WatchedRun violated = RunOfStory("datagram");
  const WatchedRun wide = RunOfStory("lossy-wan");
  for (const WatchedRun* run : {&LeaderCrash(), &violated, &wide}) {
    for (const bool ascii : {false, true}) {
      WalkThrough(*run, 24, 80, ascii);
      WalkThrough(*run, 16, 60, ascii);
      WalkThrough(*run, 60, 250, ascii);
      WalkThrough(*run, 3, 20, ascii);
      WalkThrough(*run, 1, 1, ascii);
    }
  }
}

TEST(Screen, TooSmallIsSaidInWords) {
  const Player player(LeaderCrash(), {});
  ReplayedStates states(LeaderCrash());
  Canvas canvas(10, 50, false);
  DrawScreen(player, states, canvas);
  EXPECT_EQ(canvas.Text(0), "This terminal has 50x10 characters; the player");
}

}  // namespace
}  // namespace zabsim
