// The commands of this folder.
#pragma once

#include "tools/zabsim/cli/command.h"

namespace zabsim {

/// `peers` must outlive the command.
Command RunCommand(const Peers& peers);
Command ShrinkCommand(const Peers& peers);
Command ValidateCommand();
Command ListCommand();

/// Print the topic of `zabsim help`; return the exit code.
int HelpShrink();

}  // namespace zabsim
