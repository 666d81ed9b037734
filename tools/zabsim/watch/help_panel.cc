// Keys on the left, symbols on the right; on a narrow screen the symbols are below.
#include <algorithm>

#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/watch/panels.h"

namespace zabsim {
namespace {

struct SignHelp {
  Glyph glyph;
  Word means;
};

constexpr SignHelp kHelpOnSigns[] = {
    {{U'┃', '#'}, Word{"role.LEADING"}},   {{U'│', '|'}, Word{"role.FOLLOWING"}},
    {{U'┊', ':'}, Word{"role.LOOKING"}},   {{U'×', 'x'}, Word{"role.DOWN"}},
    {{U'=', '='}, Word{"paused"}},         {{U'◆', '*'}, Word{"sign.milestone"}},
    {{U'✗', 'X'}, Word{"sign.fault"}},     {{U'×', 'x'}, Word{"sign.lost"}},
    {kSyncedGlyph, Word{"logs.synced"}},   {kVolatileGlyph, Word{"logs.volatile"}},
    {kClaimedGlyph, Word{"logs.claimed"}}, {kInDoubtGlyph, Word{"logs.doubt"}},
    {kBaseGlyph, Word{"logs.base"}},       {kAppliedGlyph, Word{"sign.applied"}},
};

constexpr int kKeyCells = 12;

}  // namespace

void DrawHelp(const Panels& panels) {
  Canvas& canvas = panels.canvas;
  DrawRule(canvas, 0, panels.Say(Word{"help"}));
  const int half = canvas.columns() / 2;
  int row = 1;
  for (const KeyHelp& key : HelpOnKeys()) {
    if (row >= canvas.rows()) break;
    canvas.Put(row, 1, key.keys, {.bold = true});
    canvas.Put(row++, 1 + kKeyCells, half + 4, panels.Say(key.does));
  }
  row = 1;
  for (const SignHelp& sign : kHelpOnSigns) {
    canvas.Put(row, half + 6, sign.glyph, {.bold = true});
    canvas.Put(row, half + 8, Shortened(panels.Say(sign.means), canvas.columns() - half - 8));
    ++row;
  }
}

}  // namespace zabsim
