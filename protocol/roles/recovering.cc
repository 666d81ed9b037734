// The start in the order of REFERENCE.md 15.1: restore, repair, sync the tail, then the epochs.
#include "protocol/roles/recovering.h"

#include <algorithm>
#include <utility>

#include "protocol/storage/snapshot_format.h"

namespace zab {

void Recovering::Enter(Phase next) {
  ZAB_CHECK(IsLegal(kTransitions, phase_, next)) << "to " << Name(next) << ": " << *this;
  phase_ = next;
}

void Recovering::Poll(Core& core, Outbox& out) {
  if (phase_ != Phase::kDraining || !core.DiskIdle()) return;
  Enter(Phase::kReading);
  reader_.Start(out);
}

void Recovering::OnFileDone(const FileDone& done, Core& core, Outbox& out) {
  if (phase_ == Phase::kReading && reader_.OnFileDone(done, out)) {
    if (reader_.list_failed()) return out.Halt(Reason::kDiskError);
    if (reader_.done()) Repair(core, out);
    return;
  }
  if (phase_ == Phase::kRepairing && done.operation == waits_for_) Finish(core, out);
}

// A history that cannot be read is damaged, and a SNAP will replace it; a promise that cannot be
// read must not be guessed, so the server halts.  Otherwise one sequence: repairs, the first
// snapshot, the tail of the log (P8), missing epoch files.
void Recovering::Repair(Core& core, Outbox& out) {
  image_ = reader_.TakeImage();
  restored_ = Restore(image_, core.config, reader_.unreadable());
  if (restored_.promise_lost) return out.Halt(Reason::kPromiseLost);
  PerformRepairs(restored_.repairs, out);
  ApplyRepairs(restored_.repairs, image_);
  const Zxid last = restored_.database.last_processed;
  if (restored_.fresh) {
    out.Replace(SnapshotName(last), Payload(SnapshotFile(restored_.database.tree, Zxid{})));
  }
  if (!restored_.last_log.empty()) out.Fsync(restored_.last_log);
  // A history newer than currentEpoch is accepted (P9); a missing file is derived from it.
  if (core.config.known_bugs.no_persisted_accepted_epoch && !restored_.damaged) {  // ZOOKEEPER-335.
    restored_.accepted_epoch = restored_.current_epoch = last.epoch;
  }
  const Epoch current = restored_.current_epoch.value_or(last.epoch);
  const Epoch accepted = std::max(restored_.accepted_epoch.value_or(last.epoch), current);
  if (!restored_.damaged) {
    if (!restored_.accepted_epoch) {
      out.Replace(kAcceptedEpochFile, Payload(std::to_string(accepted.value)));
    }
    if (!restored_.current_epoch) {
      out.Replace(kCurrentEpochFile, Payload(std::to_string(current.value)));
    }
  }
  core.epochs.Set(accepted, current);
  waits_for_ = out.SyncDir();
  Enter(Phase::kRepairing);
}

void Recovering::Finish(Core& core, Outbox& out) {
  absl::btree_set<std::string> logs;
  for (const auto& [name, bytes] : image_) {
    if (ZxidOfName(name, "log.")) logs.insert(name);
  }
  core.damaged = restored_.damaged;
  core.database = std::move(restored_.database);
  core.unapplied.clear();
  core.log.Restart(core.database.last_processed, std::move(logs));
  core.snapshot_trigger.Draw(core.config.limits, core.chooser, core.entity);
  for (const Zxid zxid : restored_.passed_over) {
    out.Emit({.probe = Probe::kSnapshotDamaged, .zxid = zxid});
  }
  for (const Zxid zxid : restored_.mismatches) {
    out.Emit({.probe = Probe::kDigestMismatch, .zxid = zxid});
  }
  out.Emit({.probe = Probe::kRecovered,
            .kind = core.damaged ? Kind::kDamaged : Kind::kNone,
            .epoch = core.epochs.current(),
            .zxid = core.database.last_processed,
            .number = static_cast<int64_t>(restored_.log.size()),
            .tree = core.damaged ? 0 : core.database.tree.digest()});
  image_.clear();
  Enter(Phase::kDone);
}

}  // namespace zab
