// --seed, --bug and --whole, the same for every command that shows a run.
#pragma once

#include "CLI/CLI.hpp"
#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {

inline void AddRunChoice(CLI::App& command, RunChoice& choice) {
  command.add_option("--seed", choice.seed, "Of a scenario: the seed; else its first");
  command.add_option("--bug", choice.bug,
                     "Of a scenario: the known bug to switch on, or none; else that of its story");
  command.add_flag("--whole", choice.whole, "Of a finding: the run as found, not the small one");
}

}  // namespace zabsim
