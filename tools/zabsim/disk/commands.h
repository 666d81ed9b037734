// The commands of this folder.
#pragma once

#include "tools/zabsim/cli/options.h"

namespace zabsim {

Command DiskCommand();
Command FsckCommand();

/// Print the topic of `zabsim help`; return the exit code.
int HelpDisk();
int HelpFsck();

}  // namespace zabsim
