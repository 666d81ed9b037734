// zabsim sweep FILE: the runs of a file whose values vary, and their statistics.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/cli/work.h"
#include "tools/zabsim/sweep/commands.h"
#include "tools/zabsim/sweep/sweeper.h"

namespace zabsim {
namespace {

struct SweepOptions {
  std::string file;
  std::vector<std::string> overrides;
  std::string shard = "1/1", peer;
  SweeperOptions sweeper{.out = "zabsim-sweep"};
  WorkerOptions workers;
  bool quiet = false, plan = false;
};

std::string HowFar(const WorkPlan& plan) {
  return absl::StrCat(Grouped(plan.done()), " of ", Grouped(plan.most()), " runs");
}

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
  SetWorkers(options.workers, sweeper_options);
  const size_t cells = manifest->cells.size();
  Sweeper sweeper(*std::move(manifest), sweeper_options);
  if (const absl::Status status = sweeper.Open(); !status.ok()) return Fail(status);
  if (sweeper.plan().done() > 0 && !options.quiet) {
    std::cout << "resuming " << sweeper_options.out << ", which has "
              << Grouped(sweeper.plan().done()) << " runs\n";
  }
  CatchSignalsOfWorkers();
  ProgressLine progress(options.quiet);
  const absl::Status status = sweeper.Run([] { return Interrupted(); },
                                          [&] {
                                            if (progress.IsDue())
                                              progress.Show(HowFar(sweeper.plan()));
                                          });
  progress.Clear();
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
  command.Add("--shard", &options->shard, "i/n: the i-th of n parts of the sweep").ShowDefault();
  AddOverrides(command, options->overrides);
  AddWorkers(command, options->workers);
  command.Add("--quiet", &options->quiet, "Show nothing but mistakes");
  command.Add("--plan", &options->plan, "Print what manifest.json would say, and run nothing");
  AddPeer(command, options->peer, peers);
  command.run = [options, &peers] { return Sweep(*options, peers); };
  return command;
}

}  // namespace zabsim
