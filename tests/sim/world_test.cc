#include "sim/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "protocol/base/check.h"
#include "tests/sim/toy_process.h"

namespace sim {
namespace world_test {
namespace {

using zab::Milliseconds;
using zab::Seconds;

constexpr LinkId k12{kN1, kN2};

// ---- Processes ----------------------------------------------------------------------------------

TEST(World, StartsAndRestarts) {
  World world(1);
  const NodeId node = world.AddNode(
      "n1", [](NodeId, uint64_t incarnation) { return std::make_unique<Toy>(incarnation > 1); });
  EXPECT_FALSE(world.running(node));
  EXPECT_FALSE(world.Crash(node, CrashKind::kPower));
  EXPECT_FALSE(world.Signal(node, 1));
  world.Start(node);
  EXPECT_TRUE(world.running(node));
  EXPECT_FALSE(world.Restart(node));
  world.RunUntil(At(Seconds(1)));
  EXPECT_TRUE(world.Signal(node, 7));
  world.RunUntil(At(Seconds(2)));
  EXPECT_EQ(LogOf(world, node), (Lines{"0s start", "1s signal 7"}));
  world.Crash(node, CrashKind::kPower);
  EXPECT_EQ(world.process(node), nullptr);
  EXPECT_TRUE(world.Restart(node));
  EXPECT_EQ(world.incarnation(node), 2u);
  world.RunUntil(At(Seconds(3)));
  EXPECT_EQ(LogOf(world, node), (Lines{"2s start"}));
}

TEST(World, TheWallClockStartsIn2020) {
  auto world = ToyWorld(1);
  world->RunUntil(At(Seconds(2)));
  const zab::Instant now = As(*world, kN1).now();
  EXPECT_EQ(now.monotonic, At(Seconds(2)));
  EXPECT_EQ(now.wall.nanoseconds, 1'577'836'802'000'000'000);
}

TEST(World, TasksRunAtTheSameTimeInOrder) {
  auto world = ToyWorld(1);
  Host host = As(*world, kN1);
  host.HandOver(1, 10);
  host.SetTimer({.name = 1}, {});
  host.HandOver(2, 20);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"0s start", "0s task 1 10", "0s timer 1", "0s task 2 20"}));
}

TEST(World, AHostOfADeadProcessDoesNothing) {
  auto world = ConnectedToys();
  Host host = As(*world, kN1);
  EXPECT_TRUE(host.alive());
  world->Crash(kN1, CrashKind::kPower);
  world->Restart(kN1);
  EXPECT_FALSE(host.alive());
  const uint64_t records = world->trace().count();
  host.Send(kC1, zab::Payload("a"), false);
  host.SetTimer({.name = 1}, Milliseconds(1));
  host.HandOver(1, 1);
  host.Connect(kC2, kN2, kToyPort);
  host.Submit({.kind = zab::FileKind::kSyncDir});
  host.Emit({.probe = kNote});
  host.Halt();
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(world->trace().count(), records);
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10ms start"}));
}

// ---- Pause --------------------------------------------------------------------------------------

TEST(Pause, InputsWaitAndAreDeliveredInOrder) {
  auto world = ConnectedToys();
  Host n2 = As(*world, kN2);
  EXPECT_TRUE(world->Pause(kN2));
  EXPECT_FALSE(world->Pause(kN2));
  n2.SetTimer({.name = 1}, Milliseconds(2));
  n2.Submit({.operation = {5}, .kind = zab::FileKind::kSyncDir});
  SendText(*world, kN1, kC1, "a", /*wants_done=*/true);
  world->RunUntil(At(Milliseconds(15)));
  SendText(*world, kN1, kC1, "b");
  As(*world, kN1).Close(kC1);
  world->RunUntil(At(Seconds(60)));
  EXPECT_EQ(LogOf(*world, kN2), Lines{});
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10ms send-done 1"}));  // The machine accepts bytes.
  EXPECT_TRUE(world->Resume(kN2));
  EXPECT_FALSE(world->Resume(kN2));
  world->RunUntil(At(Seconds(61)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"60s received a", "60s timer 1", "60s file 5",
                                       "60s received b", "60s closed a1"}));
}

TEST(Pause, StaleInputsAreDropped) {
  auto world = ConnectedToys();
  world->Pause(kN2);
  Host n2 = As(*world, kN2);
  n2.SetTimer({.name = 1}, Milliseconds(2));
  SendText(*world, kN1, kC1, "a");
  world->RunUntil(At(Seconds(1)));
  // As if the process did this at the first of its inputs.
  n2.SetTimer({.name = 1}, Milliseconds(5));
  n2.Close(ToyOf(*world, kN2).accepted());
  world->Resume(kN2);
  world->RunUntil(At(Seconds(2)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"1.005s timer 1"}));
}

TEST(Pause, InputsDuringCatchUpComeAfterThoseThatWait) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b");
  world->Pause(kN2);
  world->RunUntil(At(Milliseconds(20)));
  world->Clog(k12);
  SendText(*world, kN1, kC1, "c");
  world->SetLink(k12, {.latency = Const({})});
  world->Release(k12);  // "c" arrives now, in an event before that of the resume.
  world->Resume(kN2);
  world->RunUntil(At(Milliseconds(30)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"20ms received a", "20ms received b", "20ms received c"}));
}

TEST(Pause, EndsWithACrash) {
  auto world = ConnectedToys();
  SendText(*world, kN1, kC1, "a");
  world->Pause(kN2);
  world->RunUntil(At(Milliseconds(20)));
  world->Crash(kN2, CrashKind::kKill);
  EXPECT_FALSE(world->Resume(kN2));
  world->Restart(kN2);
  EXPECT_FALSE(world->paused(kN2));
  world->RunUntil(At(Milliseconds(30)));
  EXPECT_EQ(LogOf(*world, kN2), (Lines{"20ms start"}));
}

// ---- Observers ----------------------------------------------------------------------------------

// Records what it sees and performs one action when it first sees a probe.
class Watcher : public Observer {
 public:
  using Act = std::function<void(World&, const Record&)>;
  explicit Watcher(uint8_t probe = kNote, Act act = nullptr)
      : probe_(probe), act_(std::move(act)) {}
  std::unique_ptr<Observer> Clone() const override { return std::make_unique<Watcher>(*this); }
  void OnTrace(World& world, const Record& record) override {
    log.push_back(absl::StrCat(record.id, " ", NameIn(record)));
    if (record.columns.probe == probe_ && act_) std::exchange(act_, nullptr)(world, record);
  }
  void OnAfterStep(World& world, uint64_t token) override {
    log.push_back(absl::StrCat("after ", token));
    if (token == 1) world.Crash(kN2, CrashKind::kPower);
  }
  void OnAlarm(World& world, uint64_t token) override {
    log.push_back(absl::StrCat("alarm ", token, " ", zab::ToString(world.now())));
  }
  Lines log;

 private:
  uint8_t probe_;
  Act act_;
};

// n2 echoes; `act` is called when it has emitted msg_sent but not sent yet.
struct Echo {
  explicit Echo(Watcher::Act act) {
    world = ToyWorld(2, {}, 1, /*echo=*/true);
    watcher = world->AddObserver(std::make_unique<Watcher>(kMsgSent, std::move(act)));
    As(*world, kN1).Connect(kC1, kN2, kToyPort);
    world->RunUntil(At(Milliseconds(10)));
    LogOf(*world, kN1);
    SendText(*world, kN1, kC1, "a");
    world->RunUntil(At(Milliseconds(12)));
  }
  Lines Seen() { return static_cast<Watcher&>(world->observer(watcher)).log; }
  std::unique_ptr<World> world;
  ObserverId watcher;
};

TEST(Observer, MayCrashANodeBeforeTheEffectIsPerformed) {
  Echo echo([](World& world, const Record& record) {
    world.Crash(record.node, CrashKind::kPower);
    EXPECT_FALSE(world.running(record.node));
  });
  EXPECT_EQ(LogOf(*echo.world, kN1), Lines{});
  EXPECT_EQ(echo.Seen(), (Lines{"1 msg_delivered", "2 msg_sent", "3 crashed"}));
}

TEST(Observer, MayCrashAndRestartANodeWithinItsStep) {
  Echo echo([](World& world, const Record& record) {
    world.Crash(record.node, CrashKind::kKill);
    world.Restart(record.node);
  });
  EXPECT_EQ(LogOf(*echo.world, kN1), (Lines{"12ms closed 1"}));
  EXPECT_EQ(LogOf(*echo.world, kN2), (Lines{"11ms start"}));
}

TEST(Observer, MayActAfterTheStep) {
  Echo echo([](World& world, const Record&) { world.AfterStep(ObserverId{0}, 1); });
  // The echo was in flight when n2 lost power.  n1 echoes it.
  EXPECT_EQ(LogOf(*echo.world, kN1), (Lines{"12ms received a"}));
  EXPECT_EQ(echo.Seen(), (Lines{"1 msg_delivered", "2 msg_sent", "after 1", "3 crashed",
                                "4 msg_delivered", "5 msg_sent"}));
}

TEST(Observer, AlarmsComeAtTheirTime) {
  auto world = ToyWorld(1);
  const ObserverId id = world->AddObserver(std::make_unique<Watcher>());
  world->At(id, At(Milliseconds(5)), 1);
  world->At(id, At(Milliseconds(3)), 2);
  world->At(id, At(Milliseconds(5)), 3);
  world->RunUntil(At(Milliseconds(5)));
  EXPECT_EQ(static_cast<Watcher&>(world->observer(id)).log,
            (Lines{"alarm 2 3ms", "alarm 1 5ms", "alarm 3 5ms"}));
}

TEST(Observer, AllSeeAllRecordsInTheSameOrder) {
  auto world = ToyWorld(2);
  const ObserverId first =
      world->AddObserver(std::make_unique<Watcher>(kNote, [](World& w, const Record&) {
        w.Crash(kN1, CrashKind::kKill);
        w.Emit({}, {.probe = kFired});
      }));
  const ObserverId second = world->AddObserver(std::make_unique<Watcher>(
      NumberOf(WorldProbe::kCrashed), [](World& w, const Record&) { w.Restart(kN1); }));
  world->Emit({}, {.probe = kNote});
  const Lines expected{"1 note", "2 crashed", "3 fired", "4 restarted"};
  EXPECT_EQ(static_cast<Watcher&>(world->observer(first)).log, expected);
  EXPECT_EQ(static_cast<Watcher&>(world->observer(second)).log, expected);
}

// ---- Trace --------------------------------------------------------------------------------------

std::vector<Record> RecordsOf(World& world, zab::Time until) {
  std::vector<Record> records;
  world.SetSink([&](const Record& record) { records.push_back(record); });
  world.RunUntil(until);
  world.SetSink(nullptr);
  return records;
}

TEST(Causes, AMessageIsCausedByItsSending) {
  auto world = ToyWorld(2, {}, 1, /*echo=*/true);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(Milliseconds(10)));
  SendText(*world, kN1, kC1, "a");
  const std::vector<Record> records = RecordsOf(*world, At(Milliseconds(13)));
  ASSERT_EQ(records.size(), 6u);  // Delivered and sent again, three times.
  EXPECT_EQ(records[0].cause, 0u);
  for (size_t i = 1; i < 6; ++i) EXPECT_EQ(records[i].cause, records[i - 1].id) << i;
  EXPECT_EQ(records[2].node, kN1);
  EXPECT_EQ(records[2].time, At(Milliseconds(12)));
}

TEST(Causes, TheFirstRecordOfAStepCausesTheOthersAndTheLatestItsEffects) {
  Causes causes{.inherited = 5};
  EXPECT_EQ(causes.OfRecord(), 5u);
  EXPECT_EQ(causes.OfEffect(), 5u);
  causes.Emitted(8);
  causes.Emitted(9);
  EXPECT_EQ(causes.OfRecord(), 8u);
  EXPECT_EQ(causes.OfEffect(), 9u);
}

TEST(Causes, ActionsOfAnObserverAreCausedByWhatItSaw) {
  Echo echo([](World& world, const Record&) {
    world.Emit({}, {.probe = kFired});
    world.Clog(k12);
  });
  World& world = *echo.world;
  std::vector<uint64_t> causes;
  for (const Record& record : world.trace().Tail()) causes.push_back(record.cause);
  // delivered, sent; fired, clogged; and at n1, caused by the sending: delivered, sent.
  EXPECT_EQ(causes, (std::vector<uint64_t>{0, 1, 2, 3, 2, 5}));
}

TEST(Trace, TheHashIsOverAllColumns) {
  Trace trace;
  const zab::Hash128 empty = trace.hash();
  trace.Add({.time = zab::Time{5}, .node = kN1, .columns = {.probe = kNote}});
  const zab::Hash128 one = trace.hash();
  EXPECT_NE(one, empty);
  for (int i = 0; i < 1000; ++i) {
    trace.Add({.time = zab::Time{i}, .node = kN2, .cause = 1, .columns = {.number = i}});
  }
  EXPECT_EQ(trace.count(), 1001u);
  // Part of the format.  The value was also computed by a program in another language.
  EXPECT_EQ(zab::ToString(one), "11d44307fd5cd4d7e385def425270497");
  EXPECT_EQ(zab::ToString(trace.hash()), "2dd6459766b8e837ccda9ee02d645dca");
  ASSERT_EQ(trace.Tail().size(), Trace::kTail);
  EXPECT_EQ(trace.Tail().front().id, 982u);
  EXPECT_EQ(trace.Tail().back().id, 1001u);
}

TEST(Trace, EveryColumnCounts) {
  std::vector<Record> records(15);
  records[1].time = zab::Time{1};
  records[2].node = kN1;
  records[3].cause = 1;
  records[4].columns.kind = 4;
  records[5].columns.reason = 1;
  records[6].columns.peer = kN1;
  records[7].columns.term = 1;
  records[8].columns.position = 1;
  records[9].columns.client = -1;
  records[10].columns.number = -1;
  records[11].columns.code = -1;
  records[12].columns.item = 1;
  records[13].columns.state = 1;
  records[14].columns.connection = 1;
  std::vector<zab::Hash128> hashes;
  for (const Record& record : records) {
    Trace trace;
    trace.Add(record);
    hashes.push_back(trace.hash());
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

TEST(Trace, ARecordAsText) {
  Record record{.id = 7,
                .time = At(Milliseconds(1500)),
                .node = kN3,
                .cause = 6,
                .columns = {.probe = static_cast<uint8_t>(WorldProbe::kCrashed),
                            .kind = static_cast<uint8_t>(WorldKind::kPower)}};
  EXPECT_EQ(ToString(record), "#7 1.5s node 3 crashed kind=power <- #6");
  record.columns = {.probe = kFirstFreeNumber, .kind = 40, .peer = kN2, .term = 1, .position = 3};
  EXPECT_EQ(ToString(record), "#7 1.5s node 3 probe 32 kind=40 peer=2 term=1 position=3 <- #6");
}

// ---- Copies -------------------------------------------------------------------------------------

// Three echoing nodes with random latencies and losses, and endless messages.
std::unique_ptr<World> Busy(uint64_t seed) {
  auto world = ToyWorld(3, {.latency = Exp(Milliseconds(1), Milliseconds(3)), .loss = {1, 10}},
                        seed, /*echo=*/true);
  world->AddObserver(std::make_unique<Watcher>());
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  As(*world, kN2).Connect(kC1, kN3, kToyPort);
  world->RunUntil(At(Seconds(4)));
  SendText(*world, kN1, kC1, "a");
  SendText(*world, kN1, kC1, "b");
  SendText(*world, kN2, kC1, "c");
  world->RunUntil(At(Seconds(5)));
  return world;
}

void GoOn(World& world) {
  world.Cut({k12});
  world.RunUntil(At(Seconds(6)));
  world.HealAll();
  world.Crash(kN3, CrashKind::kKill);
  world.RunUntil(At(Seconds(20)));
}

TEST(Clone, ContinuesWithTheSameTrace) {
  auto world = Busy(3);
  auto clone = world->Clone();
  GoOn(*world);
  EXPECT_GT(world->trace().count(), clone->trace().count() + 500);
  GoOn(*clone);
  EXPECT_EQ(clone->trace().count(), world->trace().count());
  EXPECT_EQ(clone->trace().hash(), world->trace().hash());
  EXPECT_EQ(clone->event_count(), world->event_count());
  EXPECT_EQ(LogOf(*clone, kN1), LogOf(*world, kN1));
  EXPECT_EQ(static_cast<Watcher&>(clone->observer({0})).log,
            static_cast<Watcher&>(world->observer({0})).log);
}

// The same on every compiler: draws, order, causes and times.
TEST(Worlds, ARunIsTheSameEverywhere) {
  auto world = Busy(3);
  GoOn(*world);
  EXPECT_EQ(zab::ToString(world->trace().hash()), "94cfb8f9a6f88d6d5f59817792c73339");
}

TEST(Clone, CanDiverge) {
  auto world = Busy(3);
  auto clone = world->Clone();
  const uint64_t count = world->trace().count();
  clone->Crash(kN1, CrashKind::kPower);
  clone->RunUntil(At(Seconds(20)));
  EXPECT_EQ(world->trace().count(), count);
  EXPECT_TRUE(world->running(kN1));
}

TEST(Worlds, LiveSideBySide) {
  auto alone = Busy(1);
  GoOn(*alone);
  auto first = Busy(1);
  auto second = Busy(2);
  while (first->now() < At(Seconds(6))) {
    first->RunNext();
    second->RunNext();
  }
  auto fresh = Busy(1);
  GoOn(*fresh);
  EXPECT_EQ(fresh->trace().hash(), alone->trace().hash());
  EXPECT_NE(second->trace().hash(), first->trace().hash());
}

// ---- Faults as records --------------------------------------------------------------------------

TEST(Faults, AreInTheTraceIfTheyHadAnEffect) {
  auto world = ToyWorld(2);
  const ObserverId id = world->AddObserver(std::make_unique<Watcher>());
  const CutId cut = world->Cut({k12, {kN2, kN1}}).id;
  world->Heal(cut);
  world->Clog(k12);
  world->Clog(k12);
  world->Release(k12);
  world->Pause(kN1);
  world->Resume(kN1);
  world->Resume(kN1);
  world->SetLink(k12, {.latency = Const(Milliseconds(2))});
  world->SetDisk(kN1, {.on_crash = OnCrash::kKeep});
  world->SetDrift(kN1, 5);
  world->SetDrift(kN1, 5);
  world->StepClock(kN1, Seconds(1));
  world->StepClock(kN1, Seconds(0));
  world->Crash(kN1, CrashKind::kPower);
  world->Crash(kN1, CrashKind::kPower);
  world->Restart(kN1);
  As(*world, kN1).Halt(/*reason=*/20);
  EXPECT_EQ(static_cast<Watcher&>(world->observer(id)).log,
            (Lines{"1 cut", "2 cut", "3 healed", "4 healed", "5 clogged", "6 released", "7 paused",
                   "8 resumed", "9 link_set", "10 disk_set", "11 clock_set", "12 clock_set",
                   "13 crashed", "14 restarted", "15 halted"}));
}

// ---- Bugs in servers ----------------------------------------------------------------------------

class Faulty : public Toy {
 public:
  std::unique_ptr<Process> Clone() const override { return std::make_unique<Faulty>(*this); }
  void OnSignal(int signal, Host& host) override {
    host.Emit({.probe = kNote, .number = signal});
    ZAB_CHECK(signal != 13) << "unlucky";
  }
};

TEST(DeathReport, GivesNodeAndTime) {
  World world(77);
  const NodeId node =
      world.AddNode("n1", [](NodeId, uint64_t) { return std::make_unique<Faulty>(); });
  world.Start(node);
  world.RunUntil(At(Seconds(3)));
  world.Signal(node, 13);
  EXPECT_EXIT(world.RunUntil(At(Seconds(4))), testing::ExitedWithCode(70),
              "check failed: signal != 13 unlucky\n"
              "seed 77, virtual time 3s, event 1, node 1 \\(n1\\)\n"
              "  #1 3s node 1 probe 57 number=13\n");
}

TEST(DeathReport, ReadsAsTheApplicationPrintsIt) {
  World world(77, {},
              {.text_of = [](const Record& record) { return absl::StrCat("note ", record.id); }});
  const NodeId node =
      world.AddNode("n1", [](NodeId, uint64_t) { return std::make_unique<Faulty>(); });
  world.Start(node);
  world.RunUntil(At(Seconds(3)));
  world.Signal(node, 13);
  EXPECT_EXIT(world.RunUntil(At(Seconds(4))), testing::ExitedWithCode(70), "\n  note 1\n");
}

}  // namespace
}  // namespace world_test
}  // namespace sim
