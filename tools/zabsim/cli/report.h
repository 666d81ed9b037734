// What `zabsim run` shows to people: the timeline of a single run, progress of many, verdicts, and
// for each failure what was violated and how to reproduce it.
#pragma once

#include <chrono>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "scenarios/runner/verdict/judge.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

/// Wall and CPU time since its construction.
class Stopwatch {
 public:
  Stopwatch();
  scenario::HostInfo Host(uint64_t events) const;

 private:
  std::chrono::steady_clock::time_point wall_;
  uint64_t cpu_;
};

/// "auto": only on a terminal.
bool ColorWanted(const std::string& when, const std::ostream& out);

class Report {
 public:
  Report(std::ostream& out, Language language, bool color, bool quiet);

  /// `in_full`: the whole timeline is shown, because there is only one file and one seed.
  void Begin(uint64_t runs, bool in_full) { total_ = runs, in_full_ = in_full; }
  /// `scenario` must live until Run.
  void BeginRun(const scenario::Scenario& scenario, const std::optional<scenario::BugInRun>& bug);
  void OnRecord(const scenario::Record& record);
  /// Shown on a terminal during long runs.
  void OnProgress(zab::Time time);
  void Run(const std::string& file, const scenario::Scenario& scenario,
           const scenario::RunResult& result, const scenario::HostInfo& host,
           const std::vector<std::string>& overrides);
  void Summary(const std::string& file, const scenario::Scenario& scenario,
               const scenario::RunSummary& summary, bool several, bool one_of_many);

 private:
  const char* Say(const char* en, const char* zh) const {
    return language_ == Language::kChinese ? zh : en;
  }
  void ClearProgress();
  void Bug(const scenario::RunSummary& summary);
  void Failures(const std::string& file, const scenario::Scenario& scenario,
                const scenario::RunResult& result, const std::vector<std::string>& overrides);

  std::ostream& out_;
  Language language_;
  bool color_;
  bool quiet_;
  bool terminal_;  // Standard error is one: progress is shown there.
  bool progress_shown_ = false;
  uint64_t total_ = 0;
  bool in_full_ = false;
  uint64_t done_ = 0;
  uint64_t failed_ = 0;
  Stopwatch watch_;
  std::chrono::steady_clock::time_point last_progress_;
  std::optional<Timeline> timeline_;
};

}  // namespace zabsim
