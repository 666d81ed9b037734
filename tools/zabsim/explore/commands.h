// The commands of this folder.
#pragma once

#include "tools/zabsim/cli/options.h"

namespace zabsim {

Command ExploreCommand();

}  // namespace zabsim
