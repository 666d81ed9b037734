// The cost of all checkers per record, with the trace of an undisturbed ensemble of three servers.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/storage/log_format.h"
#include "tests/scenarios/invariants_story.h"

namespace scenario {
namespace {

using namespace story;  // NOLINT

/// One write of client 77 at n1 while n3 leads, with the records of a real run in their order.
void EmitWrite(Story& s, Zxid z, uint64_t hash) {
  const auto counter = int64_t{z.counter};
  const auto message = [&](int from, int to, Kind kind) {
    s.Tell(from, {.probe = Probe::kMsgSent,
                  .kind = kind,
                  .peer = {static_cast<uint16_t>(to)},
                  .zxid = z,
                  .client = 77,
                  .number = counter});
    s.Tell(to, {.probe = Probe::kMsgDelivered,
                .kind = kind,
                .peer = {static_cast<uint16_t>(from)},
                .zxid = z,
                .client = 77,
                .number = counter});
  };
  const auto synced = [&](int server) {
    s.Tell(server, {.probe = Probe::kSynced, .zxid = z, .txn = hash});
  };
  s.WithHash(hash);
  s.Invoke(1, 77, counter, zab::OpType::kSetData);
  message(1, 3, Kind::kRequestMessage);
  s.Propose(3, z, 77, counter);
  for (const int follower : {1, 2}) message(3, follower, Kind::kProposalMessage);
  for (const int server : {3, 1, 2}) s.Log(server, z, 77, counter);
  for (const int server : {3, 1, 2}) {
    synced(server);
    s.Ack(server, z);
    if (server != 3) message(server, 3, Kind::kAckMessage);
  }
  s.Tell(3, {.probe = Probe::kQuorum, .zxid = z}).Tell(3, {.probe = Probe::kCommitted, .zxid = z});
  for (const int follower : {1, 2}) message(3, follower, Kind::kCommitMessage);
  for (const int server : {3, 1, 2}) s.Deliver(server, z, 77, counter);
  s.Reply(1, 77, counter, z).Return(77, counter, z);
}

/// Without disks: only the ghost variables and the invariants.
void BM_AllInvariants(benchmark::State& state) {
  Story s;
  s.Lead(3, 1, {1, 2});
  uint32_t counter = 0;
  const uint64_t before = s.records();
  for (auto _ : state) {
    ++counter;
    EmitWrite(s, Z(1, counter), HashOf(Z(1, counter)));
  }
  if (!s.Violated().empty()) state.SkipWithError("a sound run is found to be broken");
  state.SetItemsProcessed(static_cast<int64_t>(s.records() - before));
}
BENCHMARK(BM_AllInvariants)->Iterations(100'000);

/// The cost of reading a durable log record by record as it grows, including writing and syncing.
void BM_DurableView(benchmark::State& state) {
  History history;
  history.Add(Z(1, 1), {.type = zab::OpType::kCreate, .path = "/a"});
  sim::FileStore files;
  files.Install("snapshot.0", zab::SnapshotFile(History().tree, Zxid{}));
  const std::string log = LogOf(history.txns);
  files.Install("log.100000001", log);
  Histories histories;
  DurableView view(1);
  view.Refresh(ServerId{1}, files, {}, histories);
  std::vector<std::string> records;
  for (int64_t i = 0; i < state.max_iterations; ++i) {
    const zab::TxnRef txn =
        history.Add(Z(1, static_cast<uint32_t>(i + 2)),
                    {.type = zab::OpType::kSetData, .path = "/a", .data = std::string(64, 'x')});
    zab::AppendRecord(*txn, records.emplace_back());
  }
  uint64_t end = log.size();
  size_t next = 0;
  for (auto _ : state) {
    const uint64_t size = records[next].size();
    (void)files.Write("log.100000001", end, zab::Payload(std::move(records[next++])));
    (void)files.Fsync("log.100000001");
    view.Extend(ServerId{1}, files, histories);
    end += size;
  }
  if (view.state(ServerId{1}).last.counter != next + 1) state.SkipWithError("not all was read");
}
BENCHMARK(BM_DurableView)->Iterations(50'000);

}  // namespace
}  // namespace scenario
