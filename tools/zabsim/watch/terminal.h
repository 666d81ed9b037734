// The player on a terminal.  terminal.cc is the only file that knows of ncurses.
#pragma once

#include "absl/status/status.h"
#include "tools/zabsim/playback/player.h"

namespace zabsim {

/// Whether standard input and standard output are both a terminal.
bool HasTerminal();
/// Sets the user's locale; whether it can show more than ASCII.
bool SpeaksUtf8();

/// Shows the player until the user quits, and restores the terminal.  `color`: use colours if the
/// terminal has them.  kInvalidArgument: the terminal cannot move its cursor.
absl::Status PlayOnTerminal(Player& player, bool color);

}  // namespace zabsim
