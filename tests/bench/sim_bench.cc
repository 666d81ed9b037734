// The cost of the kernel: a queue operation, a record, a message from sending to arrival, a timer
// that is reset, an fsync.
#include <benchmark/benchmark.h>

#include <memory>

#include "sim/distribution.h"
#include "sim/event_queue.h"
#include "sim/file_store.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace sim {
namespace {

constexpr NodeId kN1{1};
constexpr NodeId kN2{2};
constexpr zab::ConnectionId kC1{1};
constexpr PortNumber kPort = 0;
constexpr zab::Stream kStream("bench");

// One push and pop in a queue of `range(0)` events.
void BM_QueuePushPop(benchmark::State& state) {
  EventQueue<Event> queue;
  zab::Chooser chooser(1);
  int64_t now = 0;
  const auto push = [&] {
    const auto after = static_cast<int64_t>(zab::Draw(1, kStream, {}, queue.ReserveSeq()) >> 44);
    queue.Push(zab::Time{now + after}, Event{event::Task{.node = kN1}});
  };
  for (int64_t i = 0; i < state.range(0); ++i) push();
  for (auto _ : state) {
    const auto popped = queue.Pop();
    now = popped.order.time.nanoseconds;
    push();
  }
}
BENCHMARK(BM_QueuePushPop)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000);

void BM_TraceRecord(benchmark::State& state) {
  Trace trace;
  Record record{.time = zab::Time{1}, .node = kN1};
  for (auto _ : state) {
    ++record.time.nanoseconds;
    benchmark::DoNotOptimize(trace.Add(record));
  }
}
BENCHMARK(BM_TraceRecord);

void BM_Draw(benchmark::State& state) {
  zab::Chooser chooser(1);
  for (auto _ : state) benchmark::DoNotOptimize(chooser.Bits(kStream, zab::Entity{1}));
}
BENCHMARK(BM_Draw);

void BM_Exponential(benchmark::State& state) {
  zab::Chooser chooser(1);
  const Distribution exp = Exp({}, zab::Milliseconds(1));
  for (auto _ : state) benchmark::DoNotOptimize(exp.Next(kStream, zab::Entity{1}, chooser));
}
BENCHMARK(BM_Exponential);

// Sends back what it receives; with `emits`, emits a record for each.
class Ponger : public Process {
 public:
  explicit Ponger(bool emits) : emits_(emits) {}
  std::unique_ptr<Process> Clone() const override { return std::make_unique<Ponger>(*this); }
  void Start(Host& host) override { host.Listen(kPort); }
  void OnReceived(zab::ConnectionId connection, const zab::Payload& bytes, Host& host) override {
    if (emits_) host.Emit({.probe = kFirstFreeNumber, .peer = kN1});
    host.Send(connection, bytes, false);
  }
  void OnTimer(TimerKey key, Host& host) override { host.SetTimer(key, zab::Milliseconds(1)); }

 private:
  bool emits_;
};

class Looker : public Observer {
 public:
  std::unique_ptr<Observer> Clone() const override { return std::make_unique<Looker>(*this); }
  void OnTrace(World&, const Record& record) override { seen_ += record.id; }

 private:
  uint64_t seen_ = 0;
};

std::unique_ptr<World> MakePongers(bool emits, const LinkProfile& link) {
  auto world = std::make_unique<World>(1, link);
  for (const char* name : {"n1", "n2"}) {
    world->Start(world->AddNode(
        name, [emits](NodeId, uint64_t) { return std::make_unique<Ponger>(emits); }));
  }
  world->RunUntil(zab::Time{});
  Host(*world, kN1, 1).Connect(kC1, kN2, kPort);
  world->RunUntil(zab::Time{} + zab::Seconds(1));
  return world;
}

// One message: Send, the event, OnReceived.  16 are in flight at a time.
void Messages(benchmark::State& state, World& world) {
  for (int i = 0; i < 16; ++i) {
    Host(world, kN1, 1).Send(kC1, zab::Payload("hello"), false);
  }
  for (auto _ : state) world.RunNext();
}

void BM_Message(benchmark::State& state) {
  Messages(state, *MakePongers(false, {}));
}
BENCHMARK(BM_Message);

void BM_MessageDrawnLatency(benchmark::State& state) {
  Messages(state,
           *MakePongers(false, {.latency = Uniform(zab::Milliseconds(1), zab::Milliseconds(2))}));
}
BENCHMARK(BM_MessageDrawnLatency);

void BM_MessageWithRecordAndFourObservers(benchmark::State& state) {
  auto world = MakePongers(true, {});
  for (int i = 0; i < 4; ++i) world->AddObserver(std::make_unique<Looker>());
  Messages(state, *world);
}
BENCHMARK(BM_MessageWithRecordAndFourObservers);

void BM_TimerSetAgain(benchmark::State& state) {
  auto world = MakePongers(false, {});
  Host host(*world, kN1, 1);
  for (uint32_t i = 0; i < 10; ++i) host.SetTimer({.name = i}, zab::Seconds(1));
  for (auto _ : state) host.SetTimer({.name = 5}, zab::Seconds(2));
}
BENCHMARK(BM_TimerSetAgain);

void BM_TimerFires(benchmark::State& state) {
  auto world = MakePongers(false, {});
  Host(*world, kN1, 1).SetTimer({.name = 1}, zab::Seconds(1));
  for (auto _ : state) world->RunNext();
}
BENCHMARK(BM_TimerFires);

// An append of 200 bytes and its fsync, in a file that grows.
void BM_AppendAndFsync(benchmark::State& state) {
  FileStore files;
  const zab::Payload bytes(std::string(200, 'x'));
  uint64_t offset = 0;
  files.Install("log", "");
  for (auto _ : state) {
    files.Write("log", offset, bytes);
    files.Fsync("log");
    offset += bytes.size();
    if (offset < 1 << 20) continue;
    files.Truncate("log", 0);
    offset = 0;
  }
}
BENCHMARK(BM_AppendAndFsync);

void BM_Clone(benchmark::State& state) {
  auto world = MakePongers(false, {});
  for (auto _ : state) benchmark::DoNotOptimize(world->Clone());
}
BENCHMARK(BM_Clone);

}  // namespace
}  // namespace sim
