// What `zabsim crashes` shows to people: progress, the table of a sweep, and what went wrong.
#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "scenarios/runner/crash_sweep/crash_plan.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

/// What identifies a swept run on the command line.
struct SweptFile {
  std::string file;
  uint64_t seed = 0;
  std::vector<std::string> overrides;
};

/// "zabsim crashes FILE --seed=1 --point=17 --kind=power".
std::string ReproducingCommand(const SweptFile& swept, const scenario::CrashRun& run);

class CrashesReport {
 public:
  CrashesReport(std::ostream& out, Language language, bool quiet);

  /// On a terminal.
  void Progress(uint64_t done, uint64_t failed, uint64_t total);
  /// The clean run itself violates something: there is nothing to sweep.
  void Unclean(const SweptFile& swept, const scenario::CleanRun& clean);
  void Table(const scenario::Scenario& scenario, const scenario::CleanRun& clean,
             const scenario::SweepSummary& summary);
  /// What crashed, what was violated and, if `reproduce`, the command that repeats the run.
  void Run(const SweptFile& swept, const scenario::Scenario& scenario,
           const scenario::CleanRun& clean, const scenario::CrashRun& run,
           const scenario::CrashOutcome& outcome, bool reproduce);

 private:
  const char* Say(const char* en, const char* zh) const {
    return language_ == Language::kChinese ? zh : en;
  }
  void ClearProgress();
  void Row(const std::string& name, const scenario::SweepRow& row);

  std::ostream& out_;
  Language language_;
  bool quiet_;
  bool terminal_;  // Standard error is one: progress is shown there.
  bool progress_shown_ = false;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point last_progress_;
};

}  // namespace zabsim
