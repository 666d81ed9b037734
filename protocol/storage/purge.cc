// The order of removals makes crashes harmless (REFERENCE.md D24).
#include "protocol/storage/purge.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "protocol/storage/directory.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"

namespace zab {
namespace {

/// The zxids of the files named <prefix><zxid>, ascending.
std::vector<Zxid> ZxidsOf(const std::vector<std::string>& names, absl::string_view prefix) {
  std::vector<Zxid> zxids;
  for (const std::string& name : names) {
    if (const std::optional<Zxid> zxid = ZxidOfName(name, prefix)) zxids.push_back(*zxid);
  }
  std::sort(zxids.begin(), zxids.end());
  return zxids;
}

}  // namespace

PurgePlan PlanPurge(const std::vector<std::string>& names, int64_t retain) {
  const std::vector<Zxid> snapshots = ZxidsOf(names, "snapshot.");
  const auto kept = static_cast<size_t>(retain);
  if (snapshots.size() < kept) return {};
  const size_t count = snapshots.size() - kept;
  PurgePlan plan{.oldest = snapshots[count]};
  for (size_t i = 0; i < count; ++i) plan.files.push_back(SnapshotName(snapshots[i]));
  // The last log whose name is not above the oldest snapshot may contain what follows it.
  const std::vector<Zxid> logs = ZxidsOf(names, "log.");
  for (size_t i = 0; i + 1 < logs.size() && logs[i + 1] <= plan.oldest; ++i) {
    plan.files.push_back(LogName(logs[i]));
  }
  return plan;
}

void Purger::Start(Outbox& out) {
  if (phase_ != Phase::kIdle) return;
  phase_ = Phase::kListing;
  waits_for_ = out.List();
}

bool Purger::OnFileDone(const FileDone& done, int64_t retain, Outbox& out) {
  if (phase_ == Phase::kIdle || done.operation != waits_for_) return false;
  if (phase_ == Phase::kListing) {
    // After an error there are no names, and nothing is removed.
    plan_ = PlanPurge(done.names, retain);
    removed_ = 0;
    phase_ = plan_.files.empty() ? Phase::kIdle : Phase::kRemoving;
  }
  if (phase_ == Phase::kRemoving) RemoveNext(out);
  return true;
}

void Purger::RemoveNext(Outbox& out) {
  if (removed_ < plan_.files.size()) {
    out.Remove(plan_.files[removed_++]);
    waits_for_ = out.SyncDir();
    return;
  }
  phase_ = Phase::kIdle;
  out.Emit({.probe = Probe::kPurged,
            .zxid = plan_.oldest,
            .number = static_cast<int64_t>(plan_.files.size())});
}

}  // namespace zab
