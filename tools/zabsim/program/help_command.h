// zabsim help [TOPIC].
#pragma once

#include <string>
#include <vector>

#include "tools/zabsim/cli/options.h"

namespace zabsim {

/// `commands` are those that it explains besides the topics.
Command HelpCommand(const std::vector<Command>& commands);

/// The topics, for the end of every --help.
std::string TopicsText();

}  // namespace zabsim
