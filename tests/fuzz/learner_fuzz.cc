// A learner and arbitrary bytes of a leader: it continues or gives up, and its disk can be
// restored.
#include <string>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/restore.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/role_bench.h"

namespace {

using Bench = zab::RoleBench<zab::Follower>;

constexpr zab::ServerId kLeader{2};

zab::DirectoryImage ImageOf(const Bench& bench) {
  zab::DirectoryImage image;
  for (const auto& [name, bytes] : bench.files) image[name] = zab::Payload(bytes);
  return image;
}

// A first snapshot, a log of `count` transactions of epoch 1, and a promise of epoch 1.
void GiveDisk(uint32_t count, Bench& bench) {
  const zab::DataTree fresh = zab::DataTree::Fresh(bench.core.config.ConfigText());
  bench.files[zab::SnapshotName({})] = zab::SnapshotFile(fresh, {});
  std::string log = zab::LogHeader();
  const zab::Zxid first{zab::Epoch{1}, 1};
  for (zab::Zxid zxid = first; zxid.counter <= count; zxid = zxid.Next()) {
    zab::AppendRecord(*zab::BenchTxn(zxid), log);
  }
  if (count > 0) bench.files[zab::LogName(first)] = log;
  const zab::Restored restored = zab::Restore(ImageOf(bench), bench.core.config);
  bench.core.database = restored.database;
  absl::btree_set<std::string> logs;
  if (count > 0) logs.insert(zab::LogName(first));
  bench.core.log.Restart(restored.database.last_processed, std::move(logs));
  bench.core.epochs.Set(zab::Epoch{1}, zab::Epoch{1});
}

// Forgets effects that need no answer.  False if the process or the role has ended.
bool Continues(Bench& bench) {
  zab::Effects left;
  bool connects = false;
  bool halts = false;
  for (zab::Effect& effect : bench.effects) {
    if (std::holds_alternative<zab::Halt>(effect)) halts = true;
    if (std::holds_alternative<zab::Connect>(effect)) connects = true;
    if (std::holds_alternative<zab::FileOp>(effect) || std::holds_alternative<zab::Later>(effect)) {
      left.push_back(std::move(effect));
    }
  }
  bench.effects = std::move(left);
  if (halts || bench.role.abandoned()) return false;
  zab::Outbox out = bench.out();
  if (connects) bench.role.OnConnected(bench.core, out);
  return true;
}

void CheckDisk(Bench& bench) {
  bench.AnswerDisk();
  const zab::Restored restored = zab::Restore(ImageOf(bench), bench.core.config);
  ZAB_CHECK(!restored.damaged) << restored.damage;
  ZAB_CHECK(bench.core.epochs.current() <= bench.core.epochs.accepted()) << "epochs";
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  Bench bench(zab::BenchConfig(3, 1), zab::Follower(kLeader));
  GiveDisk(input.Byte() % 8u, bench);
  zab::Outbox out = bench.out();
  bench.role.Start(bench.core, out);
  // Then repeatedly: what completes afterwards, a size in two bytes, bytes from the leader.
  while (Continues(bench) && !input.empty()) {
    const uint8_t answers = input.Byte();
    const size_t high = input.Byte();
    const std::string bytes(input.Take(high << 8 | input.Byte()));
    bench.role.OnReceived(bytes, bench.core, out);
    for (int round = 0; round < 4 && Continues(bench); ++round) {
      if ((answers & 1) == 0) bench.AnswerDisk();
      if ((answers & 2) == 0) bench.ResumeTasks();
    }
  }
  CheckDisk(bench);
  return 0;
}
