// --seed, --bug and --whole, the same for every command that shows a run.
#pragma once

#include "tools/zabsim/cli/options.h"
#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {

inline void AddRunChoice(Command& command, RunChoice& choice) {
  command.Add("--seed", &choice.seed, "Of a scenario: the seed; else its first");
  command.Add("--bug", &choice.bug,
              "Of a scenario: the known bug to switch on, or none; else that of its story");
  command.Add("--whole", &choice.whole, "Of a finding: the run as found, not the minimised one");
}

}  // namespace zabsim
