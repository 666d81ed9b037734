// Campaign: makes the runs of a plan in worker processes, confirms each distinct failure twice in
// fresh processes, and minimises it.  A finding is on disk before it is reported.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "scenarios/runner/parse/document.h"
#include "tools/zabsim/campaign/child.h"
#include "tools/zabsim/campaign/corpus.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/campaign/findings.h"
#include "tools/zabsim/campaign/plan_file.h"
#include "tools/zabsim/campaign/progress.h"
#include "tools/zabsim/campaign/wire.h"

namespace zabsim {

struct CampaignOptions {
  std::string out;               // The directory.
  std::optional<uint64_t> runs;  // In all: of all shards, those of earlier sessions included.
  std::optional<std::chrono::seconds> time;  // Of this session.
  std::optional<zab::Duration> cpu;          // Of the runs of this session.
  unsigned jobs = 1;
  uint64_t fail_fast = 0;  // Distinct failures; 0: any number.
  /// A run that takes longer, by the processor, hangs.  One that takes ten times as long by the
  /// clock has been held up: nothing is known of it.
  std::chrono::seconds patience{60};
  uint64_t memory = 4096;  // MiB, of a worker; 0: no limit.
  bool shrink = true;
  zab::Ratio audited{1, 50};  // Share of the runs that held which is repeated.
  std::vector<CorpusFile> corpus;
};

class Campaign {
 public:
  /// Callbacks, called from the loop.
  struct Listener {
    std::function<void(const Campaign&)> on_progress;  // Several times a second.
    /// A new signature; its line is on the disk.
    std::function<void(const Finding&)> on_finding;
    /// A run has a verdict; called after on_finding.
    std::function<void(const RunReport&)> on_run;
  };

  Campaign(CampaignPlan plan, std::vector<scenario::Document> documents, CampaignOptions options,
           Listener listener);

  /// Creates the directory, or finds that it is of this very campaign and takes up its progress.
  /// Nobody else may write to it from then on.
  absl::Status Open();
  /// Until the budget is used up, or `stop` says so: then what is under way is given up.  An error
  /// ends it too, kResourceExhausted if the storage has failed; what was found until then is there.
  absl::Status Run(const std::function<bool()>& stop);

  const CampaignPlan& plan() const { return plan_; }
  const std::vector<scenario::Document>& documents() const { return documents_; }
  const CampaignOptions& options() const { return options_; }
  const Progress& progress() const { return progress_; }
  const Findings& findings() const { return findings_; }
  /// Since Run began.
  std::chrono::milliseconds elapsed() const;
  uint64_t runs_this_session() const { return runs_this_session_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct RunJob {
    uint64_t n = 0;  // Of this shard.
  };
  /// Repeated in a fresh process: it must be the same.
  struct AuditJob {
    uint64_t run = 0;
    zab::Hash128 hash;
  };
  struct CorpusJob {
    size_t position = 0;
  };
  struct ConfirmJob {
    std::string signature;
    int round = 1;
  };
  struct ShrinkJob {
    std::string signature;
  };
  /// The minimised case must fail by itself as the whole run does.
  struct ConfirmSmallJob {
    std::string signature;
    SmallCase small;
  };
  using Job = std::variant<RunJob, AuditJob, CorpusJob, ConfirmJob, ShrinkJob, ConfirmSmallJob>;

  /// Which process does a job.  Runs share one; every other job has its own.
  struct Slot {
    Child worker;
    Child fresh;
    std::optional<Job> job;
    Clock::time_point since;
    std::chrono::nanoseconds cpu_before{};    // Of its child, when the job began.
    std::optional<Clock::time_point> killed;  // When its child was, from outside.
    Child& child() { return job && std::holds_alternative<RunJob>(*job) ? worker : fresh; }
  };
  /// How a job ended without an answer.
  struct End {
    /// kHung: it used its processor time up.  kHeldUp: it had ten times as long by the clock, and
    /// used little of it.  kKilled: by somebody else, as far as one can see.
    enum class Kind : uint8_t { kEnded, kHung, kHeldUp, kKilled };
    Kind kind = Kind::kEnded;
    std::string how;     // "signal 11 (...)".
    std::string errors;  // What it wrote to standard error.

    /// It may be no fault of the run.
    bool IsFromOutside() const { return kind == Kind::kHeldUp || kind == Kind::kKilled; }
  };

  // campaign.cc: the loop.
  std::optional<Job> NextJob();
  absl::Status Begin(Slot& slot, Job job);
  absl::Status Listen();
  absl::Status Look(Slot& slot);
  std::optional<End::Kind> OverdueAs(Slot& slot) const;
  std::chrono::seconds PatienceWith(const Job& job) const;
  absl::Status OpenPlan();
  absl::Status OpenProgress();
  bool WantsRuns() const;
  bool Busy() const;
  absl::Status Loop(const std::function<bool()>& stop);
  absl::Status Checkpoint();

  // campaign_results.cc: the results of jobs.
  absl::Status OnLine(const Job& job, const std::string& line);
  absl::Status OnEnd(const Job& job, const End& end);
  absl::Status OnRun(uint64_t n, const RunReport& report);
  absl::Status Judge(const scenario::PlannedRun& run, const RunReport& report);
  absl::Status OnAudit(const AuditJob& job, const RunReport& report);
  absl::Status OnConfirmed(const ConfirmJob& job, const std::string& signature);
  absl::Status OnShrunk(const std::string& signature, SmallCase small);
  absl::Status OnConfirmedSmall(const ConfirmSmallJob& job, const std::string& signature);
  /// The next step for a finding that is on disk, if there is one.
  void Follow(const Finding& finding);
  absl::Status Found(const Failure& failure, bool ends_process);
  absl::Status Keep(const Finding& finding);
  absl::StatusOr<std::string> TextOf(const Failure& failure) const;
  Failure FailureOf(const scenario::PlannedRun& run) const;
  scenario::PlannedRun Planned(uint64_t index) const;
  static std::string SignatureOfEnd(const End& end);
  static std::string FirstOfEnd(const End& end);

  FolderLock lock_;
  CampaignPlan plan_;
  std::vector<scenario::Document> documents_;
  std::vector<uint64_t> weights_;  // Of the documents.
  CampaignOptions options_;
  Listener listener_;
  Progress progress_;
  Findings findings_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::deque<Job> urgent_;  // Before any further run.
  uint64_t next_ = 0;       // The next run that was not begun.
  uint64_t runs_this_session_ = 0;
  uint64_t cpu_this_session_ = 0;  // Nanoseconds.
  Clock::time_point begin_;
  Clock::time_point last_checkpoint_;
  Clock::duration checkpoint_pause_ = std::chrono::seconds(2);
};

}  // namespace zabsim
