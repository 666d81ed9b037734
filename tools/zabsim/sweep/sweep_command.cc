// zabsim sweep FILE: the runs of a file whose values vary, and their statistics.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/sweep/commands.h"
#include "tools/zabsim/sweep/sweeper.h"

namespace zabsim {
namespace {

struct SweepOptions {
  std::string file;
  std::vector<std::string> overrides;
  std::string shard = "1/1", peer;
  SweeperOptions sweeper{.out = "zabsim-sweep"};
  uint64_t patience = 60;  // Seconds.
  bool quiet = false, plan = false;
};

/// How far it is, on a terminal several times a second.
class SweepProgress {
 public:
  explicit SweepProgress(bool quiet) : shows_(!quiet && IsTerminal(STDERR_FILENO)) {}
  ~SweepProgress() {
    if (shows_) std::cerr << "\r\033[K" << std::flush;
  }
  SweepProgress(const SweepProgress&) = delete;
  SweepProgress& operator=(const SweepProgress&) = delete;
  void Show(const WorkPlan& plan) {
    const auto now = std::chrono::steady_clock::now();
    if (!shows_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    std::cerr << "\r\033[K" << Grouped(plan.done()) << " of " << Grouped(plan.most()) << " runs"
              << std::flush;
  }

 private:
  bool shows_;
  std::chrono::steady_clock::time_point last_;
};

int Sweep(const SweepOptions& options, const Peers& peers) {
  const auto shard = ShardOption(options.shard);
  if (!shard.ok()) return Fail(shard.status());
  if (const auto servers = FindPeer(peers, options.peer); !servers.ok()) {
    return Fail(servers.status());
  }
  auto manifest = MakeManifest(ScenarioPath(options.file), options.overrides, options.peer);
  if (!manifest.ok()) return Fail(manifest.status());
  manifest->shard = shard->number;
  manifest->shards = shard->of;
  if (options.plan) {
    std::cout << ToText(*manifest);
    return 0;
  }
  SweeperOptions sweeper_options = options.sweeper;
  sweeper_options.patience = std::chrono::seconds(options.patience);
  if (sweeper_options.jobs == 0) {
    sweeper_options.jobs = std::max(1u, std::thread::hardware_concurrency());
  }
  const size_t cells = manifest->cells.size();
  Sweeper sweeper(*std::move(manifest), sweeper_options);
  if (const absl::Status status = sweeper.Open(); !status.ok()) return Fail(status);
  if (sweeper.plan().done() > 0 && !options.quiet) {
    std::cout << "resuming " << sweeper_options.out << ", which has "
              << Grouped(sweeper.plan().done()) << " runs\n";
  }
  CatchInterrupts();
  std::signal(SIGPIPE, SIG_IGN);  // The death of a worker shows when its output is read.
  absl::Status status;
  {
    SweepProgress progress(options.quiet);
    status = sweeper.Run([] { return Interrupted(); }, [&] { progress.Show(sweeper.plan()); });
  }
  if (!status.ok()) return WorseCode(sweeper.code(), Fail(status));
  if (!sweeper.plan().IsComplete()) return kExitInterrupted;
  if (!options.quiet) {
    std::cout << Grouped(sweeper.plan().done()) << " runs of " << cells
              << " cells: " << sweeper_options.out << "/runs.csv, cells.csv, manifest.json\n";
    if (sweeper.ended() > 0) {
      std::cout << Grouped(sweeper.ended())
                << " of them ended their process and have no result (`ended` in runs.ndjson)\n";
    }
  }
  return sweeper.code();
}

}  // namespace

Command SweepCommand(const Peers& peers) {
  const auto options = std::make_shared<SweepOptions>();
  Command command{"sweep", "Run a file whose values vary, and estimate what that changes"};
  command.examples = {
      "zabsim sweep scenarios/studies/unavailability.json --out=sweep-out",
      "zabsim sweep my.json --set=/sweep/repeat=100 --shard=1/4 --out=part1",
  };
  command.Add("FILE", &options->file, "A scenario with a key `sweep`").Required();
  command.Add("--out", &options->sweeper.out, "Where runs and tables are kept").ShowDefault();
  command.Add("--jobs", &options->sweeper.jobs, "Processes (as many as processors)").Within(1, 256);
  options->sweeper.jobs = 0;
  command.Add("--shard", &options->shard, "i/n: the i-th of n parts of the sweep").ShowDefault();
  AddOverrides(command, options->overrides);
  command
      .Add("--patience", &options->patience,
           "A run that takes longer, in seconds of the processor, hangs")
      .Within(1, 86'400)
      .ShowDefault();
  command.Add("--memory", &options->sweeper.memory, "Limit of a worker, MiB; 0: no limit")
      .ShowDefault();
  command.Add("--quiet", &options->quiet, "Show nothing but mistakes");
  command.Add("--plan", &options->plan, "Print what manifest.json would say, and run nothing");
  AddPeer(command, options->peer, peers);
  command.run = [options, &peers] { return Sweep(*options, peers); };
  return command;
}

}  // namespace zabsim
