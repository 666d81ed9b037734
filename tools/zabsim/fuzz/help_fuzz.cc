// zabsim help fuzz.
#include <iostream>

#include "tools/zabsim/fuzz/commands.h"

namespace zabsim {

int HelpFuzz() {
  std::cout << R"(zabsim fuzz FILE... [--time=60s] [--runs=N] [--jobs=N] [--out=DIR]
  [--seed=NUMBER|COMMIT|DATE] [--shard=i/n] [--strategy=NAME[:WEIGHT],...] [--corpus=DIR]
  [--fail-fast=K] [--no-shrink] [--junit=FILE] [--summary=FILE]
Run i of a campaign is a function of the root seed and i: which file, which strategy, which seed.
The seed of a commit gives each commit runs of its own; that of a date, as 2026-11-30, gives each
night new runs of the same commit.  --runs is of all shards together, and of all sessions.
  random       each seed drops half of the file's nemeses and draws how the others strike, and how
               links, disks and limits are
  probe_sweep  random, and one to three crashes, cuts or pauses, each before or after a drawn
               occurrence of a probe
  pctcp        random, and constant latencies of links and disks by drawn priorities, up to three of
               which change
Options that are not given are taken from the files' `run` (zabsim help keys: strategy, budget,
fail_fast, selfcheck, shrink, swarm, seeds from "commit").
DIR holds
  campaign.json      what the campaign is, and how much of it was planned: the same command goes on
                     with it, another is refused
  progress.json      which runs are done and what they covered; small, replaced every few seconds
  lock               who works there: one process at a time
  findings.ndjson    a line for each run that failed, on the disk before it is printed
  findings/NAME/     of each distinct failure: scenario.json, the whole run as a file, and
                     minimal.json, what is left when it was made small (zabsim help shrink), and
                     finding.json: how often, by what run first, whether it fails again alone, and
                     the story of what is left; .choices: what each of the two drew
A process that crashes, hangs (--patience, of processor time) or runs out of memory (--memory) is a
finding, exit code 70, once it has done so again in a fresh process; 15 until then, and if it was
killed from outside, or got no answer in ten times as long by the clock.  When the storage fails, a
full disk above all, the campaign ends with what it has found, exit code 74.  Two runs of one seed
that differ are a finding too, 12.  A file's `sometimes` must be seen once it has had as many runs
as it has seeds of its own; else the campaign is vacuous, 14.
zabsim replay DIR/findings/NAME   runs it again by its choice log, and says whether it still fails
                                  as it did and where it differs; --tolerant: after a change of the
                                  code, what the log does not have is drawn by the seed
zabsim merge DIR... --out=DIR     joins shards, and merged folders, in any order and as often as you
                                  like; says what is missing of what was planned, which is 15 unless
                                  --partial
zabsim selfcheck FILE...          every seed twice in fresh processes; shows the first difference
)";
  return 0;
}

}  // namespace zabsim
