// Slurm 22.05 and later, GNU parallel, and no engine at all.
#include "tools/zabsim/engines/job_templates.h"

namespace zabsim {

// SIGTERM: somebody cancels or preempts the job; Slurm itself requeues what it preempts.  SIGUSR1:
// the time limit is near, so the task goes on in a later one.  zabsim ends with 130 at either, and
// its work so far is kept.
const char kSlurmShards[] = R"job(#!/bin/bash
#SBATCH --job-name=zabsim
#SBATCH --array=1-@TASKS@
#SBATCH --cpus-per-task=@JOBS@
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=task-%a.log
#SBATCH --signal=B:USR1@60
# A task makes shards until none is left for it.  Resubmitted, it goes on: sbatch --array=3 shards.sbatch
@WORK@ &
worker=$!
trap 'kill -INT $worker' TERM  # Slurm may have sent it SIGTERM: a second one would end it at once.
trap 'kill -INT $worker; near_limit=yes' USR1
until wait $worker; ! kill -0 $worker 2> /dev/null; do :; done  # A signal ends the wait alone.
wait $worker
code=$?
if [[ ${near_limit-} && $code == 130 ]]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit $code
)job";

const char kSlurmMerge[] = R"job(#!/bin/bash
#SBATCH --job-name=zabsim-merge
#SBATCH --open-mode=append
#SBATCH --output=merge.log
# Exit code 0: nothing was found; 10 and others: zabsim help exit-codes; 15 and MISSING: not all is
# there yet.  It may run as often as you like.
cd @DIR@
exec @ZABSIM@ merge . --junit=whole/junit.xml --summary=whole/summary.md
)job";

const char kSlurmSubmit[] = R"job(#!/bin/bash
# Submits the tasks, and the merge behind them.  Arguments go to the sbatch of the tasks, as in
#   ./submit.sh --time=04:00:00 --nice
# What holds for both belongs into the environment: SBATCH_PARTITION, SBATCH_ACCOUNT.
set -euo pipefail
cd "$(dirname "$0")"
tasks=$(sbatch --parsable "$@" shards.sbatch)
# afterany: a merge says itself what is missing.
merge=$(sbatch --parsable --dependency=afterany:"$tasks" merge.sbatch)
echo "tasks: $tasks, merge: $merge"
)job";

const char kParallel[] = R"job(#!/bin/bash
# GNU parallel.  Arguments go to it: ./parallel.sh -j4, or ./parallel.sh --sshloginfile=nodes where all
# nodes see this folder.  Run again, it goes on with what has not ended well.
set -euo pipefail
cd "$(dirname "$0")"
seq @TASKS@ | parallel --joblog=parallel.log --resume-failed "$@" '@WORK@ # {}' ||
  echo "not all tasks ended well: $0 goes on with them" >&2
cd @DIR@
@ZABSIM@ merge . --junit=whole/junit.xml --summary=whole/summary.md
)job";

const char kLocal[] = R"job(#!/bin/bash
# This machine alone, with all its processors.  Run again, it goes on.
set -euo pipefail
cd @DIR@
@ZABSIM@ campaign work .
@ZABSIM@ merge . --junit=whole/junit.xml --summary=whole/summary.md
)job";

}  // namespace zabsim
