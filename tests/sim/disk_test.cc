#include "sim/disk.h"

#include <gtest/gtest.h>

#include "tests/sim/toy_process.h"

namespace sim {
namespace disk_test {
namespace {

using zab::FileKind;
using zab::Microseconds;
using zab::Milliseconds;
using zab::Seconds;

void Submit(World& world, uint64_t operation, FileKind kind, std::string path = "",
            std::string bytes = "", uint64_t offset = 0) {
  As(world, kN1)
      .Submit({.operation = {operation},
               .kind = kind,
               .path = std::move(path),
               .offset = offset,
               .bytes = zab::Payload(std::move(bytes))});
}

std::unique_ptr<World> WithDisk(OnCrash on_crash, uint64_t seed = 1) {
  auto world = ToyWorld(1, {}, seed, false, {.on_crash = on_crash});
  LogOf(*world, kN1);
  return world;
}

std::string Durable(World& world, absl::string_view name) {
  const auto found = world.disk(kN1).files().Find(Image::kDurable, name);
  return found ? found->bytes() : "(none)";
}

TEST(Disk, OperationsRunOneAfterAnother) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  Submit(*world, 1, FileKind::kCreate, "log");
  Submit(*world, 2, FileKind::kWrite, "log", "abc");
  Submit(*world, 3, FileKind::kRead, "log");
  Submit(*world, 4, FileKind::kFsync, "log");
  Submit(*world, 5, FileKind::kSyncDir);
  Submit(*world, 6, FileKind::kList);
  world->RunUntil(At(Milliseconds(2)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10us file 1", "20us file 2", "120us file 3 abc"}));
  EXPECT_EQ(Durable(*world, "log"), "(none)");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"2.12ms file 4", "4.12ms file 5", "4.13ms file 6 log"}));
  EXPECT_EQ(Durable(*world, "log"), "abc");
}

TEST(Disk, AProfileCountsFromTheNextOperationThatBegins) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  Submit(*world, 1, FileKind::kSyncDir);
  Submit(*world, 2, FileKind::kSyncDir);
  EXPECT_TRUE(world->SetDisk(kN1, {.fsync = Const(Milliseconds(250))}));
  EXPECT_FALSE(world->SetDisk(kN1, {.fsync = Const(Milliseconds(250))}));
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"2ms file 1", "252ms file 2"}));
}

TEST(Disk, BytesTakeTimeIfThereIsAThroughput) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  EXPECT_TRUE(world->SetDisk(kN1, {.throughput = 1'000'000}));
  Submit(*world, 1, FileKind::kCreate, "log");
  Submit(*world, 2, FileKind::kWrite, "log", std::string(3000, 'x'));  // To the page cache.
  Submit(*world, 3, FileKind::kFsync, "log");                          // 3 ms for the bytes.
  Submit(*world, 4, FileKind::kFsync, "log");                          // Nothing is left.
  Submit(*world, 5, FileKind::kRead, "log");
  Submit(*world, 6, FileKind::kRead, "none");
  world->RunUntil(At(Seconds(1)));
  Lines log = LogOf(*world, kN1);
  for (std::string& line : log) line = line.substr(0, line.find(" x"));
  const std::string not_found =
      absl::StrCat(" error ", static_cast<int>(zab::FileError::kNotFound));
  EXPECT_EQ(log, (Lines{"10us file 1", "20us file 2", "5.02ms file 3", "7.02ms file 4",
                        "10.12ms file 5", "10.22ms file 6" + not_found}));
}

TEST(Disk, NothingChangesAfterAFailure) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  Submit(*world, 1, FileKind::kRead, "none");  // Harmless.
  Submit(*world, 2, FileKind::kCreate, "a");
  Submit(*world, 3, FileKind::kRemove, "none");
  Submit(*world, 4, FileKind::kCreate, "b");
  Submit(*world, 5, FileKind::kSyncDir);
  Submit(*world, 6, FileKind::kList);
  world->RunUntil(At(Seconds(1)));
  const auto error = [](zab::FileError e) { return absl::StrCat(" error ", static_cast<int>(e)); };
  const std::string not_found = error(zab::FileError::kNotFound);
  const std::string refused = error(zab::FileError::kIo);
  const std::string aborted = error(zab::FileError::kAborted);
  EXPECT_EQ(LogOf(*world, kN1),
            (Lines{"100us file 1" + not_found, "110us file 2", "120us file 3" + refused,
                   "130us file 4" + aborted, "2.13ms file 5" + aborted, "2.14ms file 6 a"}));
  // The next process starts fresh and finds the page cache.
  world->Crash(kN1, CrashKind::kKill);
  world->Restart(kN1);
  Submit(*world, 1, FileKind::kSyncDir);
  world->RunUntil(At(Seconds(2)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"1s start", "1.002s file 1"}));
  EXPECT_EQ(Durable(*world, "a"), "");
}

// The first operation has completed, the second runs, the third waits.
std::string AfterCrash(OnCrash on_crash, CrashKind kind, uint64_t seed = 1) {
  auto world =
      ToyWorld(1, {}, seed, false, {.write = Const(Milliseconds(1)), .on_crash = on_crash});
  world->Crash(kN1, CrashKind::kKill);
  world->disk(kN1).Install("log", "-");
  world->Restart(kN1);
  world->RunUntil(At(zab::Duration{}));
  LogOf(*world, kN1);
  Submit(*world, 1, FileKind::kWrite, "log", "abc", 1);
  Submit(*world, 2, FileKind::kWrite, "log", "de", 4);
  Submit(*world, 3, FileKind::kWrite, "log", "f", 6);
  world->RunUntil(At(Microseconds(1500)));
  EXPECT_TRUE(world->Crash(kN1, kind));
  world->Restart(kN1);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1),
            (Lines{"1.5ms start"}));  // The process is not notified of the operations.
  return world->disk(kN1).files().Find(Image::kVisible, "log")->bytes();
}

TEST(Disk, StateAfterACrash) {
  EXPECT_EQ(AfterCrash(OnCrash::kLoseUnsynced, CrashKind::kPower), "-");
  EXPECT_EQ(AfterCrash(OnCrash::kKeep, CrashKind::kPower), "-abc");
  EXPECT_EQ(AfterCrash(OnCrash::kLoseUnsynced, CrashKind::kKill), "-abc");
  std::vector<int> lengths(8);
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const std::string left = AfterCrash(OnCrash::kTorn, CrashKind::kPower, seed);
    EXPECT_EQ(left, std::string("-abcde").substr(0, left.size()));
    ++lengths.at(left.size());
  }
  for (size_t i = 1; i <= 6; ++i) EXPECT_GT(lengths[i], 0) << i;
}

TEST(Disk, APowerLossAfterAKillLosesThePageCache) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  Submit(*world, 1, FileKind::kCreate, "log");
  world->RunUntil(At(Seconds(1)));
  EXPECT_TRUE(world->Crash(kN1, CrashKind::kKill));
  EXPECT_FALSE(world->Crash(kN1, CrashKind::kKill));
  EXPECT_EQ(world->disk(kN1).files().Names(Image::kVisible).size(), 1u);
  EXPECT_TRUE(world->Crash(kN1, CrashKind::kPower));
  EXPECT_FALSE(world->Crash(kN1, CrashKind::kPower));
  EXPECT_TRUE(world->disk(kN1).files().Names(Image::kVisible).empty());
}

std::vector<std::string> RecordsOf(const World& world, WorldProbe probe) {
  std::vector<std::string> kinds;
  for (const Record& record : world.trace().Tail()) {
    if (record.columns.probe == NumberOf(probe)) kinds.push_back(KindIn(record));
  }
  return kinds;
}

TEST(Disk, AFaultStrikesOnceAndEndsAllLaterChanges) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  Submit(*world, 1, FileKind::kCreate, "log");
  Submit(*world, 2, FileKind::kSyncDir);
  Submit(*world, 3, FileKind::kWrite, "log", "abc");
  Submit(*world, 4, FileKind::kFsync, "log");
  world->RunUntil(At(Seconds(1)));
  LogOf(*world, kN1);
  EXPECT_TRUE(world->FailIo(kN1, IoFault::kFsync));
  EXPECT_FALSE(world->FailIo(kN1, IoFault::kFsync));
  Submit(*world, 5, FileKind::kWrite, "log", "def", 3);
  Submit(*world, 6, FileKind::kFsync, "log");
  Submit(*world, 7, FileKind::kFsync, "log");
  Submit(*world, 8, FileKind::kRead, "log");
  world->RunUntil(At(Seconds(2)));
  const int io = static_cast<int>(zab::FileError::kIo);
  const int aborted = static_cast<int>(zab::FileError::kAborted);
  EXPECT_EQ(LogOf(*world, kN1),
            (Lines{"1.00001s file 5", absl::StrCat("1.00201s file 6 error ", io),
                   absl::StrCat("1.00401s file 7 error ", aborted), "1.00411s file 8 abc"}));
  EXPECT_EQ(Durable(*world, "log"), "abc");
  EXPECT_EQ(RecordsOf(*world, WorldProbe::kDiskFailed), (Lines{"fsync"}));
}

TEST(Disk, EachKindOfOperationCanFail) {
  using zab::FileError;
  const std::pair<IoFault, FileError> rows[] = {{IoFault::kRead, FileError::kUnreadable},
                                                {IoFault::kWrite, FileError::kIo},
                                                {IoFault::kFull, FileError::kNoSpace},
                                                {IoFault::kFsync, FileError::kIo}};
  for (const auto& [fault, error] : rows) {
    auto world = WithDisk(OnCrash::kLoseUnsynced);
    world->FailIo(kN1, fault);
    EXPECT_FALSE(world->armed_faults().HasStruck({0}));
    Submit(*world, 1, FileKind::kList);
    Submit(*world, 2, FileKind::kCreate, "log");
    Submit(*world, 3, FileKind::kSyncDir);
    world->RunUntil(At(Seconds(1)));
    const Lines log = LogOf(*world, kN1);
    const std::string all = absl::StrJoin(log, "; ");
    EXPECT_NE(all.find(absl::StrCat("error ", static_cast<int>(error))), std::string::npos) << all;
    EXPECT_EQ(RecordsOf(*world, WorldProbe::kDiskFailed).size(), 1u);
    EXPECT_TRUE(world->armed_faults().HasStruck({0}));
    EXPECT_FALSE(world->disk(kN1).WillFail(fault));
  }
}

TEST(Disk, TheNthOperationFails) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  world->FailIo(kN1, IoFault::kWrite, 2);
  Submit(*world, 1, FileKind::kCreate, "log");
  Submit(*world, 2, FileKind::kRead, "log");
  Submit(*world, 3, FileKind::kWrite, "log", "abc");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1),
            (Lines{"10us file 1", "110us file 2",
                   absl::StrCat("120us file 3 error ", static_cast<int>(zab::FileError::kIo))}));
}

TEST(Disk, AForgottenFaultDoesNotStrike) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  world->FailIo(kN1, IoFault::kWrite);
  world->ForgetIoFaults(kN1);
  Submit(*world, 1, FileKind::kCreate, "log");
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1), (Lines{"10us file 1"}));
}

TEST(Disk, ACapacityIsNotExceeded) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  world->SetDisk(kN1, {.capacity = 5});
  Submit(*world, 1, FileKind::kCreate, "log");
  Submit(*world, 2, FileKind::kWrite, "log", "abcde");
  Submit(*world, 3, FileKind::kWrite, "log", "vwxyz");  // Overwrites; needs no space.
  Submit(*world, 4, FileKind::kTruncate, "log", "", 6);
  world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(LogOf(*world, kN1).back(),
            absl::StrCat("40us file 4 error ", static_cast<int>(zab::FileError::kNoSpace)));
  EXPECT_EQ(RecordsOf(*world, WorldProbe::kDiskFailed), (Lines{"full"}));
}

TEST(Disk, AWipeLeavesAnEmptyDisk) {
  auto world = WithDisk(OnCrash::kLoseUnsynced);
  Submit(*world, 1, FileKind::kCreate, "log");
  Submit(*world, 2, FileKind::kSyncDir);
  world->RunUntil(At(Seconds(1)));
  EXPECT_FALSE(world->Wipe(kN1));  // The server is running.
  world->Crash(kN1, CrashKind::kPower);
  EXPECT_TRUE(world->Wipe(kN1));
  EXPECT_FALSE(world->Wipe(kN1));
  EXPECT_EQ(Durable(*world, "log"), "(none)");
  EXPECT_EQ(RecordsOf(*world, WorldProbe::kDiskCorrupted), (Lines{"wiped"}));
}

TEST(Disk, WritesThatSurviveOutOfOrderAreTraced) {
  int reordered = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    auto world = WithDisk(OnCrash::kReordered, seed);
    Submit(*world, 1, FileKind::kCreate, "log");
    Submit(*world, 2, FileKind::kSyncDir);
    Submit(*world, 3, FileKind::kWrite, "log", std::string(512, 'a'));
    Submit(*world, 4, FileKind::kWrite, "log", "b", 512);
    world->RunUntil(At(Seconds(1)));
    world->Crash(kN1, CrashKind::kPower);
    const std::string left = Durable(*world, "log");
    const bool hole = left.size() == 513 && left[0] != 'a';
    EXPECT_EQ(RecordsOf(*world, WorldProbe::kDiskCorrupted).size(), hole ? 1u : 0u);
    reordered += hole;
  }
  EXPECT_GT(reordered, 0);
}

}  // namespace
}  // namespace disk_test
}  // namespace sim
