// The crash sweep detects peers that omit one fsync, one directory sync, or the order of one
// rename, each with a shipped scenario; it finds nothing in the real ones (sweep_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scenarios/runner/crash_sweep/crash_plan.h"
#include "tests/support/broken_peer.h"
#include "tests/support/shipped.h"

namespace sweep_broken_test {
namespace {

using zab::FileKind;
using zab::FileOp;

struct Story {
  const char* id;
  std::vector<std::string> overrides;
};

Story WritePath() {
  return {"write-path", {}};
}
/// n3 truncates across two files.
Story Trunc() {
  return {"old-leader-trunc", {"/cluster/server/snap_count=2"}};
}
/// The old leader joins while the new one is being established; its tail, in two log files, is
/// replaced by a snapshot that is older than the tail.
Story SnapOverTail() {
  return {"old-leader-trunc",
          {"/cluster/server/snap_count=2", "/cluster/server/force_snapshot_sync=true",
           "/events/1/at=4120ms", R"(/disk/n1={"fsync":{"dist":"const","value":"100ms"}})"}};
}

/// n2, whose history begins with a received snapshot, writes its own snapshot with the same name.
Story OwnOverReceived() {
  return {"write-path", {R"(/events=[{"id":"now","at":"1500ms","do":[{"force_snapshot":"n2"}]}])"}};
}
/// n1 writes slowly: it applies transactions that are not in its log yet.
Story SlowWrites() {
  return {"snapshot-power-loss",
          {R"(/disk/n1/fsync={"dist":"const","value":"1ms"})",
           R"(/disk/n1/write={"dist":"const","value":"20ms"})"}};
}

struct Swept {
  std::shared_ptr<const scenario::Scenario> scenario;
  scenario::ServerFactory servers;
  scenario::CleanRun clean;
};

Swept Sweep(const Story& story, const support::Sabotage& sabotage) {
  const scenario::Document document =
      support::MustLoad(support::ShippedScenario(story.id), story.overrides);
  Swept swept{.scenario = scenario::PrepareSweep(*document.Instantiate(1)),
              .servers = support::BrokenServers(sabotage)};
  swept.clean = scenario::FindCrashPoints(swept.scenario, 1, swept.servers);
  return swept;
}

using Points = std::function<bool(const scenario::CrashPoint& point)>;

bool Completed(const scenario::CrashPoint& point) {
  return point.kind == scenario::PointKind::kFileCompleted;
}

void Insert(const scenario::CrashOutcome& outcome, std::set<std::string>& names) {
  for (const scenario::Violation& violation : outcome.violations) {
    names.insert(std::string(violation.name));
  }
}

/// The invariants that runs with crashes at these points violate and the run without a crash does
/// not; stops once `wanted` is among them.
std::set<std::string> Violated(const Story& story, const support::Sabotage& sabotage,
                               const std::string& wanted, const Points& points = Completed) {
  const Swept swept = Sweep(story, sabotage);
  scenario::CrashBrancher brancher(swept.scenario, 1, swept.servers);
  std::set<std::string> names;
  for (const scenario::CrashRun& run : scenario::PlanSingles(swept.clean, {})) {
    if (!points(swept.clean.points[run.orders[0].number - 1])) continue;
    brancher.AdvanceTo(run.event);
    Insert(brancher.Crash(run), names);
    for (const scenario::Violation& known : swept.clean.violations) {
      names.erase(std::string(known.name));
    }
    if (names.contains(wanted)) break;
  }
  return names;
}

void ExpectCaught(const Story& story, const support::Sabotage& sabotage, const std::string& wanted,
                  const Points& points = Completed) {
  const std::set<std::string> names = Violated(story, sabotage, wanted, points);
  EXPECT_TRUE(names.contains(wanted)) << "found only: " << testing::PrintToString(names);
}

/// Invariants on durable state need no crash: the clean run of a sweep already violates one, which
/// ends the sweep.
void ExpectCaughtWithoutACrash(const Story& story, const support::Sabotage& sabotage,
                               const std::string& wanted) {
  std::set<std::string> names;
  for (const scenario::Violation& violation : Sweep(story, sabotage).clean.violations) {
    names.insert(std::string(violation.name));
  }
  EXPECT_TRUE(names.contains(wanted)) << "found only: " << testing::PrintToString(names);
}

bool Is(const FileOp* file, FileKind kind, const std::string& prefix, const std::string& to = "") {
  return file != nullptr && file->kind == kind && file->path.starts_with(prefix) &&
         file->to.starts_with(to);
}

/// Skips the directory sync after such an operation.
support::Sabotage SkipSyncDirAfter(FileKind kind, const std::string& prefix,
                                   const std::string& to = "") {
  return support::SkipFileOperations([=](const FileOp& file, const FileOp* before) {
    return file.kind == FileKind::kSyncDir && Is(before, kind, prefix, to);
  });
}

/// Skips the fsync of such a file after such an operation on it.
support::Sabotage SkipFsyncAfter(FileKind kind, const std::string& prefix) {
  return support::SkipFileOperations([=](const FileOp& file, const FileOp* before) {
    return Is(&file, FileKind::kFsync, prefix) && Is(before, kind, prefix);
  });
}

// ---- Each fsync ---------------------------------------------------------------------------------

TEST(SweepBroken, LogNotSynced) {
  ExpectCaught(Trunc(), SkipFsyncAfter(FileKind::kWrite, "log."), "CommittedNeverLost");
}

TEST(SweepBroken, CutOfTheLogNotSynced) {
  const support::Sabotage sabotage = SkipFsyncAfter(FileKind::kTruncate, "log.");
  ExpectCaughtWithoutACrash(Trunc(), sabotage, "ProcessConsistency");
  ExpectCaught(Trunc(), sabotage, "HistoryConsistency");
}

TEST(SweepBroken, TailOfTheLogNotSyncedAtTheStart) {
  const auto sabotage = support::SkipFileOperations([](const FileOp& file, const FileOp* before) {
    return Is(&file, FileKind::kFsync, "log.") && !Is(before, FileKind::kWrite, "log.") &&
           !Is(before, FileKind::kTruncate, "log.");
  });
  ExpectCaught(WritePath(), sabotage, "ProcessConsistency");
}

TEST(SweepBroken, FirstSnapshotNotSynced) {
  ExpectCaught(WritePath(), support::SkipFileOperation(FileKind::kFsync, "snapshot.0.tmp"),
               "NoFatalExit");
}

// A damaged snapshot is skipped for an older one, unless it replaced that one.
TEST(SweepBroken, OwnSnapshotNotSynced) {
  const auto sabotage = support::SkipFileOperations([](const FileOp& file, const FileOp*) {
    return Is(&file, FileKind::kFsync, "snapshot.") && file.path != "snapshot.0.tmp";
  });
  ExpectCaught(OwnOverReceived(), sabotage, "NoFatalExit");
}

TEST(SweepBroken, ReceivedSnapshotNotSynced) {
  ExpectCaught(WritePath(), support::SkipFileOperation(FileKind::kFsync, "received."),
               "NoFatalExit");
}

TEST(SweepBroken, AcceptedEpochNotSynced) {
  ExpectCaught(WritePath(), support::SkipFileOperation(FileKind::kFsync, "acceptedEpoch"),
               "NoFatalExit");
}

TEST(SweepBroken, CurrentEpochNotSynced) {
  ExpectCaught(WritePath(), support::SkipFileOperation(FileKind::kFsync, "currentEpoch"),
               "NoFatalExit");
}

// ---- Each directory sync ------------------------------------------------------------------------

TEST(SweepBroken, NameOfANewLogNotSynced) {
  const support::Sabotage sabotage = SkipSyncDirAfter(FileKind::kFsync, "log.");
  ExpectCaughtWithoutACrash(WritePath(), sabotage, "DurableAck");
  ExpectCaught(Trunc(), sabotage, "HistoryConsistency");
}

TEST(SweepBroken, NamesNotSyncedAtTheStart) {
  const auto sabotage = [](zab::Effects& effects) {
    FileOp* last = nullptr;
    for (zab::Effect& effect : effects) {
      auto* file = std::get_if<FileOp>(&effect);
      if (Is(file, FileKind::kWrite, "log.")) return;  // A batch, not the start.
      if (file != nullptr && file->kind == FileKind::kSyncDir &&
          Is(last, FileKind::kFsync, "log.")) {
        *file = {.operation = file->operation, .kind = FileKind::kList};
      }
      last = file != nullptr ? file : last;
    }
  };
  ExpectCaught(WritePath(), sabotage, "ProcessConsistency");
}

TEST(SweepBroken, NameOfAcceptedEpochNotSynced) {
  ExpectCaught(WritePath(), SkipSyncDirAfter(FileKind::kRename, "acceptedEpoch"),
               "EpochMonotonicity");
}

// One server that has lost it does no harm yet, even with another crash; it is detected before.
TEST(SweepBroken, NameOfCurrentEpochNotSynced) {
  ExpectCaughtWithoutACrash(WritePath(), SkipSyncDirAfter(FileKind::kRename, "currentEpoch"),
                            "DurableNewLeaderAck");
}

TEST(SweepBroken, NameOfAReceivedSnapshotNotSyncedBeforeTheOldHistoryGoes) {
  ExpectCaught(SnapOverTail(), SkipSyncDirAfter(FileKind::kRename, "received.", "received."),
               "NoFatalExit");
}

TEST(SweepBroken, RemovalOfTheOldHistoryNotSynced) {
  ExpectCaught(SnapOverTail(), SkipSyncDirAfter(FileKind::kRemove, ""), "ProcessConsistency");
}

TEST(SweepBroken, RemovalsOfATruncationNotSynced) {
  ExpectCaught(Trunc(), SkipSyncDirAfter(FileKind::kRemove, ""), "NoFatalExit");
}

TEST(SweepBroken, NoNameOfAnInstallationSynced) {
  const auto sabotage = [](zab::Effects& effects) {
    const auto is = [](const zab::Effect& effect, FileKind kind, const std::string& prefix) {
      return Is(std::get_if<FileOp>(&effect), kind, prefix);
    };
    if (std::ranges::none_of(effects, [&](const zab::Effect& effect) {
          return is(effect, FileKind::kRename, "received.");
        })) {
      return;
    }
    for (zab::Effect& effect : effects) {
      if (!is(effect, FileKind::kSyncDir, "")) continue;
      auto& file = std::get<FileOp>(effect);
      file = {.operation = file.operation, .kind = FileKind::kList};
    }
  };
  ExpectCaught(WritePath(), sabotage, "ProcessConsistency");
}

// Repairs begin with a sync because of names that the previous process wrote without a sync: this
// needs a kill, and a power loss during the repairs.
TEST(SweepBroken, NamesNotSyncedBeforeRepairs) {
  const auto sabotage = support::SkipFileOperations([](const FileOp& file, const FileOp* before) {
    return file.kind == FileKind::kSyncDir && before == nullptr;
  });
  const Swept swept = Sweep(SnapOverTail(), sabotage);
  scenario::CrashBrancher brancher(swept.scenario, 1, swept.servers);
  std::set<std::string> names;
  for (const scenario::CrashPoint& point : swept.clean.points) {
    if (!Completed(point) || point.file != FileKind::kRename || names.contains("NoFatalExit"))
      continue;
    if (point.edge != scenario::PointEdge::kUntold || !point.path.starts_with("received."))
      continue;
    brancher.AdvanceTo(point.event);
    for (uint64_t after = 1; after < 400; ++after) {
      for (size_t lost = 1; lost <= 3; ++lost) {
        scenario::CrashRun run{.event = point.event};
        run.orders = {{point.number, {scenario::SweepCrash::Kind::kKill}},
                      {point.number + after, {scenario::SweepCrash::Kind::kReorder, lost}}};
        Insert(brancher.Crash(run), names);
      }
    }
  }
  EXPECT_TRUE(names.contains("NoFatalExit")) << testing::PrintToString(names);
}

// Two syncs are not necessary, so no sweep notices if they are missing.  One follows the final name
// of a received snapshot: under its first name it is restored as well, and the next acknowledgement
// syncs the directory itself.  The other follows the name of an own snapshot: without the name the
// history begins with the previous snapshot, and all logs from there on are kept.  A third is
// hardly ever reached: that of LogWriter::OpenFile, between the removal of a log file without a
// record and the creation of one with the same name.  Whichever of the two changes is lost, there
// is no record under that name, and none is acknowledged before the following sync.
TEST(SweepBroken, TwoDirectorySyncsAreNotNeeded) {
  for (const Story& story : {WritePath(), SnapOverTail(), OwnOverReceived()}) {
    const auto received = SkipSyncDirAfter(FileKind::kRename, "received.", "snapshot.");
    const auto own = SkipSyncDirAfter(FileKind::kRename, "snapshot.");
    EXPECT_EQ(Violated(story, received, ""), std::set<std::string>{}) << story.id;
    EXPECT_EQ(Violated(story, own, ""), std::set<std::string>{}) << story.id;
  }
}

// ---- Each order of a rename ---------------------------------------------------------------------

TEST(SweepBroken, AcceptedEpochNamedBeforeItIsSynced) {
  ExpectCaught(WritePath(), support::RenameBeforeFsync("acceptedEpoch"), "NoFatalExit");
}

TEST(SweepBroken, CurrentEpochNamedBeforeItIsSynced) {
  ExpectCaught(WritePath(), support::RenameBeforeFsync("currentEpoch"), "NoFatalExit");
}

TEST(SweepBroken, ReceivedSnapshotNamedBeforeItIsSynced) {
  ExpectCaught(WritePath(), support::RenameBeforeFsync("received."), "NoFatalExit");
}

TEST(SweepBroken, FirstSnapshotNamedBeforeItIsSynced) {
  ExpectCaught(WritePath(), support::RenameBeforeFsync("snapshot."), "NoFatalExit");
}

TEST(SweepBroken, ReceivedSnapshotNamedBeforeTheOldHistoryIsRemoved) {
  ExpectCaught(SnapOverTail(), support::NameBeforeRemoval(), "NoFatalExit");
}

TEST(SweepBroken, OwnSnapshotNamedBeforeTheLogIsSynced) {
  ExpectCaught(SlowWrites(), support::NameSnapshotsAtOnce(), "NoFatalExit",
               [](const scenario::CrashPoint& point) {
                 return Completed(point) && point.node == scenario::NodeId{1} &&
                        point.file == FileKind::kRename && point.path != "snapshot.0.tmp" &&
                        point.path.starts_with("snapshot.");
               });
}

// ---- Skipped operations -------------------------------------------------------------------------

TEST(SweepBroken, RenamesNotDone) {
  const auto skip = [](const char* prefix) {
    return support::SkipFileOperation(FileKind::kRename, prefix);
  };
  ExpectCaught(WritePath(), skip("acceptedEpoch"), "EpochMonotonicity");
  ExpectCaughtWithoutACrash(WritePath(), skip("currentEpoch"), "DurableNewLeaderAck");
  ExpectCaught(WritePath(), skip("received."), "NoFatalExit");
  ExpectCaught(WritePath(), skip("snapshot."), "NoFatalExit");
}

TEST(SweepBroken, TruncatesAndRemovesNotDone) {
  const support::Sabotage uncut = support::SkipFileOperation(FileKind::kTruncate, "log.");
  ExpectCaughtWithoutACrash(Trunc(), uncut, "ProcessConsistency");
  ExpectCaught(Trunc(), uncut, "SnapshotEquivalence");
  ExpectCaught(Trunc(), support::SkipFileOperation(FileKind::kRemove, ""), "NoFatalExit");
}

}  // namespace
}  // namespace sweep_broken_test
