// What is generated from the declared options: the manual page and the completions of shells.
#pragma once

#include <string>
#include <vector>

#include "tools/zabsim/cli/options.h"

namespace zabsim {

/// The commands that --help shows, in their order.
using Commands = std::vector<Command>;

/// The page zabsim(1), as input of man.
std::string ManualPage(const Commands& commands);

/// The shells of Completions.
std::vector<std::string> CompletionShells();
/// A script that teaches the shell to complete commands, options and their values.
std::string Completions(const Commands& commands, const std::string& shell);

/// zabsim man and zabsim completions.  `commands` must outlive what they return.
Command ManCommand(const Commands& commands);
Command CompletionsCommand(const Commands& commands);

}  // namespace zabsim
