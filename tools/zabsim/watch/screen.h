// Draws the player: title, lanes, servers with their logs, caption, and the bottom line.
#pragma once

#include <optional>
#include <string>

#include "tools/zabsim/playback/player.h"
#include "tools/zabsim/playback/replayed_states.h"
#include "tools/zabsim/watch/canvas.h"

namespace zabsim {

/// A smaller terminal is told so in words.
constexpr int kFewestRows = 16;
constexpr int kFewestColumns = 60;

struct ScreenPlace {
  int row = 0, column = 0;
};

/// "held"; of a result that nobody knows here, its own word.
std::string VerdictInWords(const WatchedRun& run, Language language);

/// `states` are those of the player's run.  Returns where the terminal's cursor belongs while
/// something is typed.
std::optional<ScreenPlace> DrawScreen(const Player& player, ReplayedStates& states, Canvas& canvas);

}  // namespace zabsim
