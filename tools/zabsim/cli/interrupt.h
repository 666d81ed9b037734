// Ctrl-C ends a command cleanly, with what was done so far, and soon.
#pragma once

#include "scenarios/runner/run/run.h"

namespace zabsim {

/// From now on SIGINT and SIGTERM only set a flag.  A second signal ends the process, and so does,
/// with kExitInterrupted, a second in which nobody reads the flag, as in a step without end.
void CatchInterrupts();
bool Interrupted();

/// For RunOptions::stop: whether there was a signal, and whether the process holds nearly all the
/// memory that it may have.  Not thread-safe.
scenario::StopWish StopWishOfProcess();

}  // namespace zabsim
