// The table and the texts of a sweep.
#include "tools/zabsim/crashes/crashes_report.h"

#include <unistd.h>

#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/substitute.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/words.h"

namespace zabsim {
namespace {

constexpr std::chrono::milliseconds kSweepProgressInterval(200);

uint64_t CountOf(const scenario::SweepRow& row, scenario::RunVerdict verdict) {
  return row.verdicts[static_cast<size_t>(verdict)];
}

const char* NameInTable(scenario::PointKind kind, Language language) {
  const bool zh = language == Language::kChinese;
  switch (kind) {
    case scenario::PointKind::kFileIssued: return zh ? "文件操作发出" : "file operation issued";
    case scenario::PointKind::kFileCompleted:
      return zh ? "文件操作完成" : "file operation completed";
    case scenario::PointKind::kSent: return zh ? "消息发送" : "message sent";
    case scenario::PointKind::kDelivered: return zh ? "消息送达" : "message delivered";
    case scenario::PointKind::kTimer: break;
  }
  return zh ? "定时器" : "timer fired";
}

}  // namespace

std::string ReproducingCommand(const SweptFile& swept, const scenario::CrashRun& run) {
  std::string line = absl::StrCat("zabsim crashes ", Shell(swept.file), " --seed=", swept.seed,
                                  ShellOverrides(swept.overrides));
  absl::StrAppend(&line, " --point=", run.orders[0].number,
                  " --kind=", scenario::Name(run.orders[0].crash));
  if (run.orders.size() < 2) return line;
  return absl::StrCat(line, " --then=", run.orders[1].number,
                      " --then-kind=", scenario::Name(run.orders[1].crash));
}

CrashesReport::CrashesReport(std::ostream& out, Language language, bool quiet)
    : out_(out),
      language_(language),
      quiet_(quiet),
      terminal_(IsTerminal(STDERR_FILENO)),
      begin_(std::chrono::steady_clock::now()),
      last_progress_(begin_) {}

void CrashesReport::Progress(uint64_t done, uint64_t failed, uint64_t total) {
  if (!terminal_ || quiet_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_progress_ < kSweepProgressInterval) return;
  last_progress_ = now;
  progress_shown_ = true;
  std::cerr << "\r\033[K"
            << absl::StrCat(Grouped(done), "/", Grouped(total), Say(" runs, ", " 次运行，"), failed,
                            Say(" failed", " 次失败"))
            << std::flush;
}

void CrashesReport::ClearProgress() {
  if (progress_shown_) std::cerr << "\r\033[K" << std::flush;
  progress_shown_ = false;
}

void CrashesReport::Unclean(const SweptFile& swept, const scenario::CleanRun& clean) {
  for (const scenario::Violation& violation : clean.violations) {
    out_ << "  " << ViolationText(language_, violation) << "\n";
  }
  out_ << Say("the run without a further crash is violated already: nothing was swept\n",
              "不加崩溃的运行本身已违反：未扫描\n")
       << "  " << Say("reproduce: ", "重现：") << "zabsim run " << Shell(swept.file)
       << " --seed=" << swept.seed << ShellOverrides(swept.overrides) << "\n";
}

void CrashesReport::Row(const std::string& name, const scenario::SweepRow& row) {
  out_ << absl::StrFormat("%10s%10s%10s%10s%10s%10s  %s\n", Grouped(row.points), Grouped(row.runs),
                          Grouped(CountOf(row, scenario::RunVerdict::kHeld)),
                          Grouped(CountOf(row, scenario::RunVerdict::kViolated)),
                          Grouped(CountOf(row, scenario::RunVerdict::kLate)),
                          Grouped(CountOf(row, scenario::RunVerdict::kUnknown)), name);
}

void CrashesReport::Table(const scenario::Scenario& scenario, const scenario::CleanRun& clean,
                          const scenario::SweepSummary& summary) {
  ClearProgress();
  if (quiet_ && summary.verdict == scenario::RunVerdict::kHeld) return;
  out_ << absl::Substitute(
      Say("$0: $1 events, $2 points at which to crash, $3 more in steps that only carry PINGs\n\n",
          "$0：$1 个事件，$2 个崩溃点，另有 $3 个在只传 PING 的步骤中\n\n"),
      scenario.id, Grouped(clean.events), Grouped(clean.points.size() - summary.heartbeats),
      Grouped(summary.heartbeats));
  out_ << Say("    points      runs      held  violated      late   unknown\n",
              "      点数    运行数      通过      违反      超时      未知\n");
  uint64_t runs = summary.pairs.runs;
  for (int i = 0; i < scenario::kPointKindCount; ++i) {
    const scenario::SweepRow& row = summary.rows[static_cast<size_t>(i)];
    runs += row.runs;
    Row(NameInTable(static_cast<scenario::PointKind>(i), language_), row);
  }
  if (summary.pairs.runs > 0) Row(Say("pairs", "成对崩溃"), summary.pairs);
  const auto wall = std::chrono::steady_clock::now() - begin_;
  const int64_t wall_ms = std::chrono::duration_cast<std::chrono::milliseconds>(wall).count();
  out_ << absl::Substitute(Say("\n$0: $1, $2 runs, $3 events, $4 s, hash $5$6\n",
                               "\n$0：$1，$2 次运行，$3 个事件，$4 秒，哈希 $5$6\n"),
                           scenario.id, VerdictWord(summary.verdict, language_), Grouped(runs),
                           Grouped(summary.events), Grouped(static_cast<uint64_t>(wall_ms) / 1000),
                           ToString(summary.hash),
                           summary.interrupted ? Say(" (interrupted)", "（已中断）") : "");
}

void CrashesReport::Run(const SweptFile& swept, const scenario::Scenario& scenario,
                        const scenario::CleanRun& clean, const scenario::CrashRun& run,
                        const scenario::CrashOutcome& outcome, bool reproduce) {
  ClearProgress();
  const scenario::CrashPoint& point = clean.points[run.orders[0].number - 1];
  out_ << "  " << Say("point ", "崩溃点 ") << point.number << ": " << Describe(point, scenario)
       << "\n";
  for (const scenario::CrashHit& hit : outcome.hits) {
    out_ << "  " << ToString(hit.time) << "  " << Say("crashed: ", "崩溃：")
         << scenario.NameOf(hit.node) << ", " << Name(hit.crash) << " (" << hit.number << ")\n";
  }
  for (const scenario::Violation& violation : outcome.violations) {
    out_ << "  " << ViolationText(language_, violation) << "\n";
  }
  for (const std::string& missed : outcome.missed) {
    out_ << "  " << Say("deadline missed: ", "超过期限：") << missed << "\n";
  }
  if (outcome.verdict == scenario::RunVerdict::kUnknown) {
    out_ << "  "
         << Say("unknown: the guard of events was reached, or the point was not\n",
                "未知：达到事件数上限，或未到达该点\n");
  }
  if (reproduce)
    out_ << "  " << Say("reproduce: ", "重现：") << ReproducingCommand(swept, run) << "\n";
}

}  // namespace zabsim
