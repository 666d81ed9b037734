// The player on a terminal.  terminal.cc is the only file that knows of ncurses.
#pragma once

#include "absl/status/status.h"
#include "tools/zabsim/playback/player.h"

namespace zabsim {

/// Whether both ends, keyboard and screen, are a terminal.
bool HasTerminal();
/// Takes over the user's locale; whether it can show more than ASCII.
bool SpeaksUtf8();

/// Shows the player until the user quits, and leaves the terminal as it was.  `color`: if the
/// terminal has it.  kInvalidArgument: it is one on which nothing can be placed.
absl::Status PlayOnTerminal(Player& player, bool color);

}  // namespace zabsim
