// The commands of this folder.
#pragma once

#include "tools/zabsim/cli/command.h"

namespace zabsim {

/// `peers` must outlive the command.
Command SweepCommand(const Peers& peers);
/// What sweep starts as its worker processes.
Command SweepWorkerCommand(const Peers& peers);

/// Prints the topic of `zabsim help`; returns the exit code.
int HelpSweep();

}  // namespace zabsim
