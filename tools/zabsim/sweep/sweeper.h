// Sweeper: makes the runs of a sweep in worker processes.  What is done is kept, so that a sweep
// that was killed goes on.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/zabsim/campaign/child.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/sweep/journal.h"
#include "tools/zabsim/sweep/manifest.h"
#include "tools/zabsim/sweep/work_plan.h"

namespace zabsim {

struct SweeperOptions {
  std::string out;  // The directory.
  unsigned jobs = 1;
  std::chrono::seconds patience{60};  // A run that takes longer, by the processor, has ended.
  uint64_t memory = 4096;             // MiB, of a worker; 0: no limit.
};

class Sweeper {
 public:
  Sweeper(SweepManifest manifest, SweeperOptions options);

  /// Creates the directory, or finds that it is of this very sweep and takes up what is done.
  /// Nobody else may write to it from then on.
  absl::Status Open();
  /// Until all runs are done, or `stop` says so: then what is under way is given up.  When all are
  /// done the tables are written.  `on_progress` is called several times a second.
  absl::Status Run(const std::function<bool()>& stop, const std::function<void()>& on_progress);

  const WorkPlan& plan() const { return plan_; }
  /// The worst of all runs.
  int code() const { return code_; }
  /// Of the runs that have ended without a result: how, and how many.
  uint64_t ended() const { return ended_; }

 private:
  struct Slot {
    Child worker;
    std::optional<SweepRun> run;
    std::chrono::nanoseconds cpu_before{};  // Of its worker, when the run began.
  };

  absl::Status OpenManifest();
  void Take(const SweptRun& run);
  absl::Status Begin(Slot& slot, const SweepRun& run);
  absl::Status Listen();
  absl::Status Look(Slot& slot);
  absl::Status Done(Slot& slot, const std::string& line);
  absl::Status Loop(const std::function<bool()>& stop, const std::function<void()>& on_progress);

  FolderLock lock_;
  SweepManifest manifest_;
  SweeperOptions options_;
  Journal journal_;
  WorkPlan plan_;
  std::vector<std::unique_ptr<Slot>> slots_;
  int code_ = 0;
  uint64_t ended_ = 0;
};

}  // namespace zabsim
