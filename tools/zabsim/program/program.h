// The whole of zabsim.
#pragma once

#include "tools/zabsim/cli/command.h"

namespace zabsim {

/// Reads the command line and does what it says; the exit code.  `peers`: what --peer can name.
int Main(int argc, char** argv, const Peers& peers);

}  // namespace zabsim
