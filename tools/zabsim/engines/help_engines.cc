// zabsim campaign, and zabsim help campaign.
#include <iostream>

#include "tools/zabsim/engines/commands.h"

namespace zabsim {

Command CampaignCommand() {
  Command command{"campaign", "Spread a campaign over a batch engine, as shards"};
  command.examples = {
      "zabsim campaign init DIR --shards=8 -- fuzz scenarios/ci/swarm.json --runs=4000 --seed=7",
      "zabsim campaign emit DIR --engine=slurm",
  };
  command.commands = {InitCommand(), EmitCommand(), WorkCommand(), StatusCommand()};
  return command;
}

int HelpEngines() {
  std::cout << R"(A campaign that is too large for one machine becomes a folder of shards, which any
engine may make in any order, on machines that come and go; what is merged in the end is what one
machine would have found.

  zabsim campaign init DIR --shards=64 -- fuzz scenarios/ci/swarm.json \
         --runs=1000000 --seed=2026-11-30
  zabsim campaign emit DIR --engine=slurm|parallel|kubernetes|github|local
  DIR/jobs/ENGINE/submit.sh                 (or what emit says)
  zabsim campaign status DIR --against=LAST_NIGHTS
  zabsim merge DIR                          (the last job does it)

The engine stays yours: job files are short, and are meant to be read and changed.
A task runs `zabsim campaign work DIR --shard=I`, or, with fewer --tasks than shards, `zabsim
campaign work DIR`, which makes whichever shard is free until none is left; small shards suit nodes
that may be taken away. It ends with 0 when its shards are complete, whatever they found; with 130
after SIGTERM or Ctrl-C, its work kept; otherwise with what the command said.  The next task
goes on where it was left. DIR/leases/ says who has which shard, by files that only one can create
and that are touched several times a minute: no server, no locks, any shared file system.  A lease
that nobody has touched for --lease=60s (by the file system's clock) is of somebody who has died,
and the shard is free.  A task that was only asleep notices it and leaves the shard alone; both
would have made the same runs.
DIR/whole/outcome.json is what was found and covered, without what depends on machines: its bytes,
and those of findings, are the same however the campaign was divided, interrupted and resumed.
Relative paths of the command are inside DIR, where init copies its scenario files; the nodes need
DIR and a zabsim of the same commit: `cmake --preset static` makes one that needs nothing,
tools/Containerfile an image.
)";
  return 0;
}

}  // namespace zabsim
