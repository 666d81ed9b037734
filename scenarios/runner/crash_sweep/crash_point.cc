// Names and descriptions of points.
#include "scenarios/runner/crash_sweep/crash_point.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace scenario {

absl::string_view Name(PointKind kind) {
  switch (kind) {
    case PointKind::kFileIssued: return "file_issued";
    case PointKind::kFileCompleted: return "file_completed";
    case PointKind::kSent: return "message_sent";
    case PointKind::kDelivered: return "message_delivered";
    case PointKind::kTimer: break;
  }
  return "timer_fired";
}

absl::string_view Name(PointEdge edge) {
  switch (edge) {
    case PointEdge::kBefore: return "before";
    case PointEdge::kUntold: return "untold";
    case PointEdge::kAfter: break;
  }
  return "after";
}

absl::string_view Name(zab::FileKind kind) {
  switch (kind) {
    case zab::FileKind::kList: return "list";
    case zab::FileKind::kRead: return "read";
    case zab::FileKind::kCreate: return "create";
    case zab::FileKind::kWrite: return "write";
    case zab::FileKind::kFsync: return "fsync";
    case zab::FileKind::kSyncDir: return "sync_dir";
    case zab::FileKind::kRename: return "rename";
    case zab::FileKind::kTruncate: return "truncate";
    case zab::FileKind::kRemove: break;
  }
  return "remove";
}

std::string Name(const SweepCrash& crash) {
  switch (crash.kind) {
    case SweepCrash::Kind::kKill: return "kill";
    case SweepCrash::Kind::kPower: return "power";
    case SweepCrash::Kind::kReorder: break;
  }
  return absl::StrCat("reorder:", crash.lost);
}

std::optional<SweepCrash> ParseSweepCrash(absl::string_view name) {
  if (name == "kill") return SweepCrash{SweepCrash::Kind::kKill};
  if (name == "power") return SweepCrash{SweepCrash::Kind::kPower};
  SweepCrash crash{SweepCrash::Kind::kReorder};
  if (!absl::ConsumePrefix(&name, "reorder:")) return std::nullopt;
  if (!absl::SimpleAtoi(name, &crash.lost) || crash.lost == 0) return std::nullopt;
  return crash;
}

std::string Describe(const CrashPoint& point, const Scenario& scenario) {
  std::string text = absl::StrCat(scenario.NameOf(point.node), " at ", ToString(point.time), ", ",
                                  Name(point.edge), " ", Name(point.kind));
  if (point.kind == PointKind::kFileIssued || point.kind == PointKind::kFileCompleted) {
    absl::StrAppend(&text, " ", Name(point.file), point.path.empty() ? "" : " ", point.path);
  } else if (point.message != Kind::kNone) {
    absl::StrAppend(&text, " ", Name(point.message));
  }
  return text;
}

}  // namespace scenario
