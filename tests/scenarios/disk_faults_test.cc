// What is corrupted when the atlas permits it, and what a run reports that stops without it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"
#include "scenarios/runner/cluster/cluster_disk.h"
#include "scenarios/runner/faults/corrupt.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"

namespace scenario::disk_faults_test {
namespace {

Scenario Parsed(const std::string& events, const std::string& more = "") {
  const absl::StatusOr<Document> document = Document::Parse(
      absl::StrCat(R"({"format": "zabsim/1", "cluster": {"voters": ["n1", "n2", "n3"]},
          "timing": {"tick_time": "200ms", "election": {"notification_max": "2s"}},
          "workload": [{"id": "w", "kind": "closed", "clients": 2, "think": "20ms", "from": "1s",
                        "mix": {"create": 1, "setData": 1}}],
          "end": {"virtual": "30s", "quiet": {"at": "6s"}},
          "expect": {"deadlines": [{"name": "converged", "until": "all_equal"}]},
          "events": [)",
                   events, "]", more, "}"),
      "test.json");
  EXPECT_TRUE(document.ok()) << document.status().message();
  return document->scenario();
}

FaultCount Count(const Scenario& scenario, FaultKind kind) {
  const RunResult result = RunOnce(scenario, 1);
  EXPECT_EQ(result.verdict, RunVerdict::kHeld);
  return result.faults.Of(kind);
}

// ---- Which bytes --------------------------------------------------------------------------------

sim::FileStore Disk() {
  Scenario scenario = Parsed("");
  scenario.cluster.initial[{1}] = {
      .log = {{.first = {{1}, 1}, .last = {{1}, 40}}}, .current_epoch = {1}, .accepted_epoch = {1}};
  sim::FileStore files;
  for (const auto& [name, bytes] : InitialDisk(scenario, {1})) files.Install(name, bytes.view());
  return files;
}

bool IsDetected(HistoryFileKind kind, absl::string_view file) {
  if (kind == HistoryFileKind::kLog) return zab::ReadLog(file).end == zab::LogEnd::kDamaged;
  return !zab::ReadSnapshotFile(file).ok();
}

TEST(Corrupt, IsDetectedByAChecksum) {
  for (const HistoryFileKind kind : {HistoryFileKind::kLog, HistoryFileKind::kSnapshot}) {
    for (const Damage damage : {Damage::kRot, Damage::kBlock}) {
      int drawn = 0;
      for (uint64_t seed = 0; seed < 300; ++seed) {
        sim::FileStore files = Disk();
        zab::Chooser chooser(seed);
        const auto corrupted = DrawCorruptedBytes(files, kind, damage, {}, chooser);
        if (!corrupted.ok()) continue;
        ++drawn;
        files.Corrupt(corrupted->file, corrupted->offset, corrupted->bytes);
        EXPECT_TRUE(IsDetected(kind, files.Find(sim::Image::kDurable, corrupted->file)->bytes()))
            << corrupted->file << " at " << corrupted->offset << ", seed " << seed;
      }
      // The snapshot of an empty tree is shorter than two sectors.
      const bool too_short = kind == HistoryFileKind::kSnapshot && damage == Damage::kBlock;
      EXPECT_EQ(drawn > 200, !too_short) << drawn;
    }
  }
}

TEST(Corrupt, NeedsAFileToCorrupt) {
  zab::Chooser chooser(1);
  EXPECT_FALSE(DrawCorruptedBytes({}, HistoryFileKind::kLog, Damage::kRot, {}, chooser).ok());
  EXPECT_FALSE(
      DrawCorruptedBytes({}, HistoryFileKind::kSnapshot, Damage::kBlock, {}, chooser).ok());
}

// ---- The atlas ----------------------------------------------------------------------------------

constexpr char kRotAt3[] = R"({"at": "3s", "do": [{"crash": {"target": "n1"}}]},
    {"at": "4s", "do": [{"corrupt": {"target": "n1", "file": "log"}}, {"restart": "n1"}]})";

TEST(Atlas, MayCorruptACopyThatAQuorumOfOthersHold) {
  EXPECT_EQ(Count(Parsed(kRotAt3), FaultKind::kCorrupt), (FaultCount{1, 1}));
}

TEST(Atlas, MayNotIfOneOfThoseIsBehind) {
  const std::string behind = R"({"at": "2s", "do": [{"crash": {"target": "n2"}}]},)";
  EXPECT_EQ(Count(Parsed(behind +
                         R"({"at": "4s", "do": [{"corrupt": {"target": "n1", "file": "log"}}]})"),
                  FaultKind::kCorrupt),
            (FaultCount{1, 0}));
}

TEST(Atlas, NeverTwoOfThreeAtOnce) {
  const Scenario scenario =
      Parsed(R"({"at": "3s", "do": [{"crash": {"target": ["n1", "n2", "n3"]}}]},
      {"at": "4s", "do": [{"corrupt": {"target": ["n1", "n2", "n3"], "file": "log"}},
                          {"restart": ["n1", "n2", "n3"]}]})");
  const FaultCount count = Count(scenario, FaultKind::kCorrupt);
  EXPECT_EQ(count.effective, 1u);
}

// A read that has failed or will fail counts as a lost copy before a restart reports it.
TEST(Atlas, AServerWhoseReadsFailCountsAsDamagedUntilItHasRecovered) {
  const Scenario scenario = Parsed(R"({"at": "3s", "do": [{"crash": {"target": "n1"}}]},
      {"at": "4s", "do": [{"fail_io": {"target": "n1", "op": "read", "nth": 4}}, {"restart": "n1"},
                          {"corrupt": {"target": "n2", "file": "log"}}]},
      {"at": "4001ms", "do": [{"corrupt": {"target": "n2", "file": "log"}}]})");
  EXPECT_EQ(Count(scenario, FaultKind::kCorrupt), (FaultCount{2, 0}));
}

TEST(Atlas, AWipeNeedsTheServerDownAndItsPromisesElsewhere) {
  EXPECT_EQ(Count(Parsed(R"({"at": "3s", "do": [{"wipe": "n1"}]})"), FaultKind::kWipe),
            (FaultCount{1, 0}));
  EXPECT_EQ(Count(Parsed(R"({"at": "3s", "do": [{"crash": {"target": "n1"}}]},
                           {"at": "4s", "do": [{"wipe": "n1"}, {"restart": "n1"}]})"),
                  FaultKind::kWipe),
            (FaultCount{1, 1}));
}

constexpr char kNoAtlas[] = R"(, "disk": {"default": {"atlas": false}})";

TEST(Atlas, WithoutItTheEnsembleMayStopAndTheResultSaysWhy) {
  const Scenario scenario =
      Parsed(R"({"at": "3s", "do": [{"crash": {"target": ["n1", "n2", "n3"]}}]},
      {"at": "4s", "do": [{"corrupt": {"target": ["n1", "n2"], "file": "log"}},
                          {"restart": ["n1", "n2", "n3"]}]})",
             kNoAtlas);
  const RunResult result = RunOnce(scenario, 1);
  EXPECT_EQ(result.excuse, "no quorum can elect: the copies of n1, n2 are corrupted");
  EXPECT_EQ(result.verdict, RunVerdict::kHeld);
  ASSERT_EQ(result.deadlines.size(), 1u);
  EXPECT_EQ(result.deadlines[0].status, DeadlineStatus::kMissed);
}

// Undetectable loss stays bounded; otherwise two of three servers could elect a leader that lacks a
// committed write.
TEST(Atlas, WithoutItAWipeIsStillBounded) {
  const std::string wipe_all = R"({"at": "3s", "do": [{"crash": {"target": ["n1", "n2", "n3"]}}]},
      {"at": "4s", "do": [{"wipe": ["n1", "n2", "n3"]}, {"restart": ["n1", "n2", "n3"]}]})";
  const FaultCount count = Count(Parsed(wipe_all, kNoAtlas), FaultKind::kWipe);
  EXPECT_LE(count.effective, 1u);
}

// ---- What servers do ----------------------------------------------------------------------------

TEST(DiskFaults, AHistoryThatCannotBeReadIsRepairedBySnap) {
  // The directory listing, acceptedEpoch and currentEpoch are read first.
  const Scenario scenario = Parsed(R"({"at": "3s", "do": [{"crash": {"target": "n1"}}]},
      {"at": "4s",
       "do": [{"fail_io": {"target": "n1", "op": "read", "nth": 4}}, {"restart": "n1"}]})",
                                   "");
  const RunResult result = RunOnce(scenario, 1);
  EXPECT_EQ(result.verdict, RunVerdict::kHeld);
  EXPECT_EQ(result.probes[static_cast<size_t>(Probe::kDiskFailed)], 1u);
  EXPECT_EQ(result.probes[static_cast<size_t>(Probe::kHalted)], 0u);
}

TEST(DiskFaults, TheServerMayCrashBeforeItIsNotifiedOfTheFailure) {
  const Scenario scenario =
      Parsed(R"({"at": "3s", "do": [{"fail_io": {"target": "n1", "op": "fsync"}}]},
      {"id": "x", "when": {"on": "disk_failed", "edge": "before"},
       "do": [{"crash": {"target": "@self", "kind": "kill"}}]},
      {"after": {"event": "x", "delay": "1s"}, "do": [{"restart": "n1"}]})");
  const RunResult result = RunOnce(scenario, 1);
  EXPECT_EQ(result.verdict, RunVerdict::kHeld);
  EXPECT_EQ(result.probes[static_cast<size_t>(Probe::kHalted)], 0u);
  EXPECT_EQ(result.probes[static_cast<size_t>(Probe::kRestarted)], 1u);
}

TEST(DiskFaults, AFullDiskHaltsTheServerUntilThereIsSpace) {
  const Scenario scenario =
      Parsed(R"({"at": "3s", "do": [{"set_disk": {"target": "n1", "capacity": "1KiB"}},
                                                {"force_snapshot": "n1"}]},
      {"when": {"on": "halted", "by": "n1"}, "id": "full", "do": [{"note": "no room"}]},
      {"after": {"event": "full", "delay": "1s"},
       "do": [{"set_disk": {"target": "n1", "capacity": "1GiB"}}, {"restart": "n1"}]})");
  const RunResult result = RunOnce(scenario, 1);
  EXPECT_EQ(result.verdict, RunVerdict::kHeld);
  EXPECT_EQ(result.probes[static_cast<size_t>(Probe::kHalted)], 1u);
  EXPECT_EQ(result.probes[static_cast<size_t>(Probe::kRestarted)], 1u);
}

}  // namespace
}  // namespace scenario::disk_faults_test
