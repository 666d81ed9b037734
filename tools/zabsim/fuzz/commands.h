// The commands of this folder.
#pragma once

#include "tools/zabsim/cli/command.h"

namespace zabsim {

/// `peers` must outlive the command.
Command FuzzCommand(const Peers& peers);
Command ReplayCommand(const Peers& peers);
Command SelfcheckCommand(const Peers& peers);
/// What fuzz starts as its worker processes.
Command WorkerCommand(const Peers& peers);
Command MergeCommand();

/// Print the topic of `zabsim help`; return the exit code.
int HelpFuzz();

}  // namespace zabsim
