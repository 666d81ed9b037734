// Reads the command line and runs the command that it names.
#pragma once

#include <string>
#include <vector>

#include "tools/zabsim/cli/options.h"

namespace zabsim {

struct CommandLine {
  std::string name;  // Of the program.
  std::string description;
  std::string version;  // What --version prints.
  std::string footer;   // Below every --help.
  std::vector<Command> commands;

  /// The exit code: the command's, 0 after --help and --version, kExitUsage after a wrong option,
  /// which is reported on standard error.
  int Run(int argc, char** argv) const;
};

}  // namespace zabsim
