// The commands of this folder.
#pragma once

#include "tools/zabsim/cli/options.h"

namespace zabsim {

Command CrashesCommand();

/// Print the topic of `zabsim help`; return the exit code.
int HelpCrashes();

}  // namespace zabsim
