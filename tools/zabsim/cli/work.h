// What commands share whose work takes long: its time, the processes that do it, and how far it is.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/units.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/options.h"
#include "tools/zabsim/cli/terminal_text.h"

namespace zabsim {

/// The value of an option such as --time; kInvalidArgument says what was wanted and what was found.
inline absl::StatusOr<std::chrono::seconds> SecondsOption(const std::string& option,
                                                          const std::string& text) {
  const absl::StatusOr<zab::Duration> duration = scenario::ParseDuration(text);
  if (duration.ok() && *duration >= zab::Seconds(1)) {
    return std::chrono::seconds(duration->nanoseconds / 1'000'000'000);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      option, ": wanted a duration of 1s or more, as in 60s, 5min or 8h, found \"", text, "\""));
}

/// The worker processes of a command.
struct WorkerOptions {
  unsigned jobs = 0;       // 0: as many as processors.
  uint64_t patience = 60;  // Seconds.
  uint64_t memory = 4096;  // MiB.
};

inline void AddWorkers(Command& command, WorkerOptions& workers) {
  command.Add("--jobs", &workers.jobs, "Processes (as many as processors)").Within(1, 256);
  command
      .Add("--patience", &workers.patience,
           "A run that takes longer, in seconds of the processor, hangs")
      .Within(1, 86'400)
      .ShowDefault();
  command.Add("--memory", &workers.memory, "Limit of a worker, MiB; 0: no limit").ShowDefault();
}

/// Passes them on to CampaignOptions or SweeperOptions.
template <class Options>
void SetWorkers(const WorkerOptions& workers, Options& options) {
  options.jobs =
      workers.jobs > 0 ? workers.jobs : std::max(1u, std::thread::hardware_concurrency());
  options.patience = std::chrono::seconds(workers.patience);
  options.memory = workers.memory;
}

/// CatchInterrupts, for a process that has workers.
inline void CatchSignalsOfWorkers() {
  CatchInterrupts();
  std::signal(SIGPIPE, SIG_IGN);  // The death of a worker shows when its output is read.
}

/// How far the work is, on standard error: on a terminal one line, several times a second; in a log
/// a line a minute.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet) : quiet_(quiet), terminal_(IsTerminal(STDERR_FILENO)) {}

  /// Whether it is time to show how far it is; asked often, since the text may cost something.
  bool IsDue() {
    const auto now = std::chrono::steady_clock::now();
    const auto pause = terminal_ ? std::chrono::milliseconds(200) : std::chrono::minutes(1);
    if (quiet_ || now - last_ < pause) return false;
    last_ = now;
    return true;
  }
  void Show(const std::string& text) {
    shown_ = terminal_;
    std::cerr << (terminal_ ? "\r\033[K" : "") << text << (terminal_ ? "" : "\n") << std::flush;
  }
  /// Before something else is printed, and at the end.
  void Clear() {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
    shown_ = false;
  }

 private:
  bool quiet_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace zabsim
