// The commands of this folder.
#pragma once

#include "tools/zabsim/cli/command.h"

namespace zabsim {

Command CompareCommand();

}  // namespace zabsim
