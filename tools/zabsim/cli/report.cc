// Texts and numbers of a run.
#include "tools/zabsim/cli/report.h"

#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/substitute.h"
#include "scenarios/runner/run/run.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/version.h"
#include "tools/zabsim/cli/words.h"

namespace zabsim {
namespace {

constexpr std::chrono::milliseconds kProgressInterval(200);

uint64_t CpuNow() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

/// The option that repeats a run with a bug, or a story without its bug.
std::string BugOption(const scenario::Scenario& scenario, const scenario::RunResult& result) {
  if (result.bug) return absl::StrCat(" --bug=", result.bug->bug->id);
  return scenario.known_bug ? " --bug=none" : "";
}

}  // namespace

Stopwatch::Stopwatch() : wall_(std::chrono::steady_clock::now()), cpu_(CpuNow()) {}

scenario::HostInfo Stopwatch::Host(uint64_t events) const {
  const auto wall = std::chrono::steady_clock::now() - wall_;
  const auto nanoseconds =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count());
  const double seconds = std::chrono::duration<double>(wall).count();
  return {.build = BuildText(),
          .commit = CommitText(),
          .compiler = CompilerText(),
          .wall_nanoseconds = nanoseconds,
          .cpu_nanoseconds = CpuNow() - cpu_,
          .events_per_second =
              seconds > 0 ? static_cast<uint64_t>(static_cast<double>(events) / seconds) : 0};
}

bool ColorWanted(const std::string& when, const std::ostream& out) {
  if (when != "auto") return when == "always";
  return ColorPermitted() && IsTerminal(&out == &std::cerr ? STDERR_FILENO : STDOUT_FILENO);
}

Report::Report(std::ostream& out, Language language, bool color, bool quiet)
    : out_(out),
      language_(language),
      color_(color),
      quiet_(quiet),
      terminal_(IsTerminal(STDERR_FILENO)),
      last_progress_(std::chrono::steady_clock::now()) {}

void Report::BeginRun(const scenario::Scenario& scenario,
                      const std::optional<scenario::BugInRun>& bug) {
  if (!in_full_ || quiet_) return;
  if (done_ == 0) {
    out_ << In(language_, scenario.title) << "\n" << In(language_, scenario.doc) << "\n\n";
  }
  if (bug) {
    out_ << Say("With ", "带缺陷 ") << absl::StrCat(bug->bug->id) << Say(":\n\n", "：\n\n");
  } else if (scenario.known_bug) {
    out_ << Say("Without ", "不带缺陷 ") << scenario.known_bug->id << Say(":\n\n", "：\n\n");
  }
  timeline_.emplace(scenario, language_, color_, bug ? std::string(bug->bug->id) : "");
}

void Report::OnRecord(const scenario::Record& record) {
  if (!timeline_) return;
  if (const auto line = timeline_->Line(record)) {
    ClearProgress();
    out_ << *line << "\n";
  }
}

void Report::OnProgress(zab::Time time) {
  if (!terminal_ || quiet_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_progress_ < kProgressInterval) return;
  last_progress_ = now;
  progress_shown_ = true;
  const std::string line =
      total_ > 1 ? absl::StrCat(Grouped(done_), "/", Grouped(total_), Say(" runs, ", " 次运行，"),
                                failed_, Say(" failed", " 次失败"))
                 : absl::StrCat(Say("virtual time ", "虚拟时间 "), ToString(time));
  std::cerr << "\r\033[K" << line << std::flush;
}

void Report::ClearProgress() {
  if (progress_shown_) std::cerr << "\r\033[K" << std::flush;
  progress_shown_ = false;
}

void Report::Run(const std::string& file, const scenario::Scenario& scenario,
                 const scenario::RunResult& result, const scenario::HostInfo& host,
                 const std::vector<std::string>& overrides) {
  ++done_;
  const auto silence = timeline_ ? timeline_->Silence(result.time) : std::nullopt;
  if (silence) out_ << *silence << "\n";
  timeline_.reset();
  const bool failed = result.verdict != scenario::RunVerdict::kHeld;
  if (failed && !result.interrupted) ++failed_;
  if (!failed && (quiet_ || !in_full_)) return;
  ClearProgress();
  Failures(file, scenario, result, overrides);
  out_ << absl::Substitute(
      Say("$0: $1, seed $2, virtual time $3, $4 events, $5 events/s, trace hash $6\n",
          "$0：$1，种子 $2，虚拟时间 $3，$4 个事件，每秒 $5 个事件，轨迹哈希 $6\n"),
      scenario.id, VerdictWord(result, language_), result.seed, ToString(result.time),
      Grouped(result.events), Grouped(host.events_per_second), ToString(result.trace_hash));
}

void Report::Failures(const std::string& file, const scenario::Scenario& scenario,
                      const scenario::RunResult& result,
                      const std::vector<std::string>& overrides) {
  for (const scenario::Violation& violation : result.violations) {
    out_ << "  " << ViolationText(language_, violation) << Say(" (#", "（#") << violation.record
         << Say(")\n", "）\n");
  }
  for (size_t i = 0; i < result.deadlines.size(); ++i) {
    if (result.deadlines[i].status != scenario::DeadlineStatus::kMissed) continue;
    out_ << "  " << Say("deadline missed: ", "超过期限：") << scenario.expect.deadlines[i].name
         << "\n";
  }
  for (const std::string& unmet : result.unmet) {
    out_ << "  " << Say("not met: ", "不符合期望：") << unmet << "\n";
  }
  if (!result.unknown.empty()) {
    out_ << "  " << Say("unknown: ", "未知：") << result.unknown << "\n";
  }
  if (result.verdict == scenario::RunVerdict::kHeld || result.interrupted) return;
  out_ << "  " << Say("reproduce: ", "重现：") << "zabsim run " << Shell(file)
       << " --seed=" << result.seed << BugOption(scenario, result) << ShellOverrides(overrides)
       << "\n";
}

void Report::Bug(const scenario::RunSummary& summary) {
  const scenario::BugInRun& bug = *summary.bug;
  out_ << "  " << absl::StrCat(bug.bug->id) << ": "
       << absl::Substitute(
              Say("$0 in $1 of $2 runs, anything in $3", "$0：$2 次运行中 $1 次，任何问题：$3 次"),
              absl::StrJoin(bug.violates, ", "), summary.shown, summary.runs, summary.violated);
  if (summary.first_shown) out_ << Say("; first with seed ", "；首个种子 ") << *summary.first_shown;
  out_ << "\n";
}

void Report::Summary(const std::string& file, const scenario::Scenario& scenario,
                     const scenario::RunSummary& summary, bool several, bool one_of_many) {
  ClearProgress();
  if (several && (!quiet_ || summary.verdict != scenario::RunVerdict::kHeld)) {
    out_ << absl::Substitute(Say("$0: $1, $2 runs", "$0：$1，$2 次运行"), file,
                             VerdictWord(summary.verdict, language_), Grouped(summary.runs));
    for (int i = 0; i < scenario::kRunVerdictCount; ++i) {
      if (summary.verdicts[static_cast<size_t>(i)] == 0) continue;
      out_ << Say(", ", "，") << VerdictWord(static_cast<scenario::RunVerdict>(i), language_) << " "
           << summary.verdicts[static_cast<size_t>(i)];
    }
    out_ << "\n";
  }
  if (summary.left_out > 0) {
    out_ << absl::Substitute(Say("  $0 seeds were not run: $1\n", "  有 $0 个种子未运行：$1\n"),
                             Grouped(summary.left_out), summary.why_left_out);
  }
  if (several && summary.bug) Bug(summary);
  for (const std::string& text : summary.unmet) {
    out_ << "  " << Say("not met: ", "不符合期望：") << text << "\n";
  }
  for (const std::string& text : summary.vacuous) {
    out_ << "  " << Say("vacuous: ", "未触发：") << text << "\n";
  }
  if (several && !quiet_ && !summary.bug) {
    for (size_t i = 0; i < summary.sometimes.size(); ++i) {
      out_ << "  " << Say("sometimes ", "有时 ")
           << scenario::Describe(scenario.expect.sometimes[i], scenario) << ": "
           << summary.sometimes[i] << "/" << summary.runs << "\n";
    }
  }
  if (one_of_many && !quiet_ && !summary.bug) {
    out_ << Say("one seed of a file with more: `sometimes` and metrics are only reported\n",
                "文件含多个种子，此处只运行一个：`sometimes` 与指标只报告不判定\n");
  }
}

}  // namespace zabsim
