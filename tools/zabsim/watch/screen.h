// Draws the player: title, lanes, servers with their logs, caption, and the bottom line.
#pragma once

#include <optional>
#include <string>

#include "tools/zabsim/playback/player.h"
#include "tools/zabsim/playback/replayed_states.h"
#include "tools/zabsim/watch/canvas.h"

namespace zabsim {

/// On a smaller terminal a message says so.
constexpr int kFewestRows = 16;
constexpr int kFewestColumns = 60;

struct ScreenPlace {
  int row = 0, column = 0;
};

/// `states` are those of the player's run.  Returns where the terminal's cursor belongs while
/// something is typed.
std::optional<ScreenPlace> DrawScreen(const Player& player, ReplayedStates& states, Canvas& canvas);

}  // namespace zabsim
