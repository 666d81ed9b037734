// The commands of this folder.
#pragma once

#include "tools/zabsim/cli/command.h"

namespace zabsim {

/// zabsim campaign init, work, status and emit.
Command CampaignCommand();

/// Of these, one each.
Command InitCommand();
Command WorkCommand();
Command StatusCommand();
Command EmitCommand();

/// Print the topic of `zabsim help`; return the exit code.
int HelpEngines();

}  // namespace zabsim
