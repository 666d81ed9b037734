// The parts of the screen.  Each draws into rows of its own.
#pragma once

#include <string>

#include "tools/zabsim/playback/player.h"
#include "tools/zabsim/playback/replayed_states.h"
#include "tools/zabsim/watch/canvas.h"

namespace zabsim {

/// What all panels draw from and into.
struct Panels {
  const Player& player;
  const WatchedRun& run;
  ReplayedStates& states;
  Canvas& canvas;

  std::string Say(Word word, const std::vector<WordSlot>& slots = {}) const {
    return Said(word, player.language(), slots);
  }
};

/// Rows of the canvas.
struct Band {
  int top = 0;
  int rows = 0;
};

// Signs that several panels share.
constexpr Glyph kMarkGlyph{U'►', '>'};
constexpr Glyph kFaultGlyph{U'✗', 'X'};
constexpr Glyph kRuleGlyph{U'─', '-'};
constexpr Glyph kSyncedGlyph{U'■', '#'};
constexpr Glyph kVolatileGlyph{U'▨', ':'};
constexpr Glyph kBaseGlyph{U'·', '.'};
constexpr Glyph kClaimedGlyph{U'□', '!'};
constexpr Glyph kInDoubtGlyph{U'?', '?'};
constexpr Glyph kAppliedGlyph{U'+', '+'};

/// How the state of a server is shown, also without colour.
Glyph RoleGlyph(const scenario::ServerState& server);
/// The line of its lane: leading, following, looking, down or paused.
Glyph LaneGlyph(const scenario::ServerState& server);
Color ColorOfTone(const Panels& panels, size_t event);

/// A rule with a text in it.
void DrawRule(Canvas& canvas, int row, const std::string& text);
/// Heads of the lanes, then an event a row, around the cursor.
void DrawLanes(const Panels& panels, Band band);
/// A rule, heads, then a server a row: role, phase, epochs, and its newest transactions.
void DrawServers(const Panels& panels, Band band);
/// A rule, then what happened, why, and what follows; at a violation, the facts.
void DrawCaption(const Panels& panels, Band band);
/// Keys and signs, on the whole screen.
void DrawHelp(const Panels& panels);

}  // namespace zabsim
