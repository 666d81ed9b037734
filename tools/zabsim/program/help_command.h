// zabsim help [TOPIC].
#pragma once

#include <string>

#include "tools/zabsim/cli/options.h"

namespace zabsim {

Command HelpCommand();

/// The topics, for the end of every --help.
std::string TopicsText();

}  // namespace zabsim
