// The cost of restoring a directory and of writing a snapshot.  (An append to the log:
// protocol_bench.)
#include <benchmark/benchmark.h>

#include "protocol/storage/log_format.h"
#include "protocol/storage/restore.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/tree/preparer.h"

namespace {

/// snapshot.0 and a log of `count` transactions on 100 nodes.
zab::DirectoryImage SampleDirectory(uint32_t count, zab::Database& database) {
  database.tree = zab::DataTree::Fresh("config");
  zab::DirectoryImage image;
  image["snapshot.0"] = zab::Payload(zab::SnapshotFile(database.tree, zab::Zxid{}));
  std::string log = zab::LogHeader();
  zab::Preparer preparer;
  for (uint32_t i = 1; i <= count; ++i) {
    const zab::Operation operation{.type = i <= 100 ? zab::OpType::kCreate : zab::OpType::kSetData,
                                   .path = "/node" + std::to_string(i % 100),
                                   .data = std::string(64, 'x')};
    const zab::TxnRef txn =
        preparer.Prepare(database.tree, {.client_id = 1, .zxid = {zab::Epoch{1}, i}}, operation);
    database.Apply(txn);
    preparer.Applied(txn->zxid());
    zab::AppendRecord(*txn, log);
  }
  log.resize(log.size() + (64 << 10));  // Preallocated.
  image["log.100000001"] = zab::Payload(log);
  return image;
}

void BM_Restore(benchmark::State& state) {
  zab::Database database;
  const auto image = SampleDirectory(static_cast<uint32_t>(state.range(0)), database);
  const zab::PeerConfig config;
  for (auto _ : state) benchmark::DoNotOptimize(zab::Restore(image, config));
}
BENCHMARK(BM_Restore)->Arg(10)->Arg(1000);

void BM_ReadLog(benchmark::State& state) {
  zab::Database database;
  const auto image = SampleDirectory(1000, database);
  const absl::string_view file = image.at("log.100000001").view();
  for (auto _ : state) benchmark::DoNotOptimize(zab::ReadLog(file));
}
BENCHMARK(BM_ReadLog);

void BM_WriteSnapshot(benchmark::State& state) {
  zab::Database database;
  SampleDirectory(1000, database);
  for (auto _ : state) {
    benchmark::DoNotOptimize(zab::SnapshotFile(database.tree, database.last_processed));
  }
}
BENCHMARK(BM_WriteSnapshot);

void BM_ReadSnapshot(benchmark::State& state) {
  zab::Database database;
  SampleDirectory(1000, database);
  const std::string file = zab::SnapshotFile(database.tree, database.last_processed);
  for (auto _ : state) benchmark::DoNotOptimize(zab::ReadSnapshotFile(file));
}
BENCHMARK(BM_ReadSnapshot);

}  // namespace
