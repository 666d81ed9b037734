// zabsim help sweep.
#include <iostream>

#include "tools/zabsim/sweep/commands.h"

namespace zabsim {

int HelpSweep() {
  std::cout << R"(zabsim sweep FILE [--out=DIR] [--jobs=N] [--shard=i/n] [--set=/pointer=value]
A file with the key `sweep` says which values vary, how their combinations (cells) are chosen, and
how often each is repeated.  Repeat r of every cell has the same seed, so that cells are compared
seed by seed.
DIR holds
  manifest.json  what the sweep is: cells, digests, seeds, build, command, and all metrics
  runs.ndjson    a line for each run, its result
  runs.csv       a row for each run, a column for each metric
  cells.csv      a row for each cell and metric: mean, median, p90, p99, with 95 % intervals
  lock           who works there: one process at a time
The same command goes on with a sweep that was killed.
zabsim merge DIR... --out=DIR     joins shards: the same bytes as a sweep that was never divided
zabsim compare A B                says whether two sweeps, or two cells (DIR@CELL), differ
scenarios/MEASURING.md defines metrics, files and statistics.
)";
  return 0;
}

}  // namespace zabsim
