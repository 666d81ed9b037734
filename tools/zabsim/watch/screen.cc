// Distributes the rows: the lanes get those that the other panels leave.
#include "tools/zabsim/watch/screen.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/watch/panels.h"

namespace zabsim {
namespace {

constexpr int kFewestLaneRows = 4;  // Including the headings.

/// Where the panels are, from the top down.
struct ScreenLayout {
  bool notice = false;
  Band lanes, servers, caption;
};

ScreenLayout LayOut(const Panels& panels) {
  const int rows = panels.canvas.rows();
  ScreenLayout layout;
  layout.notice = !panels.run.violations().empty() || panels.run.is_cut();
  layout.caption.rows = rows >= 36 ? 7 : rows >= 24 ? 6 : 4;
  const int room = rows - 2 - (layout.notice ? 1 : 0) - layout.caption.rows;
  const int wanted = 2 + static_cast<int>(panels.run.server_count());
  layout.servers.rows = std::min(wanted, room - kFewestLaneRows);
  layout.lanes.rows = room - layout.servers.rows;
  layout.lanes.top = layout.notice ? 2 : 1;
  layout.servers.top = layout.lanes.top + layout.lanes.rows;
  layout.caption.top = layout.servers.top + layout.servers.rows;
  return layout;
}

void DrawTitle(const Panels& panels) {
  Canvas& canvas = panels.canvas;
  const Look look{.reverse = true};
  canvas.Fill(0, 0, canvas.columns(), {}, look);
  const auto& scenario = panels.run.scenario();
  const std::string facts = absl::StrCat(
      " ",
      panels.Say(Word{"facts.short"},
                 {{"scenario", scenario.id}, {"seed", absl::StrCat(panels.run.seed())}}),
      " · ");
  const std::string verdict =
      absl::StrCat(In(panels.player.language(), panels.run.VerdictInWords()), " ");
  const int facts_at =
      std::max(canvas.columns() / 3, canvas.columns() - CellsOf(facts) - CellsOf(verdict));
  const std::string& title = In(panels.player.language(), scenario.title);
  canvas.Put(0, 0, Shortened(absl::StrCat(" ", title.empty() ? scenario.id : title), facts_at),
             look);
  const int room = canvas.columns() - facts_at - CellsOf(verdict);
  const int verdict_at = canvas.Put(0, facts_at, Shortened(facts, room), look);
  canvas.Put(0, verdict_at, verdict, {.bold = true, .reverse = true});
}

/// The first violation, or that the trace was cut off.
void DrawNotice(const Panels& panels) {
  const Look look{.color = Color::kRed, .bold = true};
  std::string text;
  const auto& violations = panels.run.violations();
  if (panels.run.is_cut()) {
    text = panels.Say(Word{"cut"}, {{"all", Grouped(panels.run.count())}});
  } else {
    const WatchedViolation& first = violations.front();
    const std::string time = ToString(panels.run.record(first.event).time);
    const std::string more =
        violations.size() > 1 ? absl::StrCat(" · +", violations.size() - 1) : "";
    text = absl::StrCat(
        "✖ ", panels.Say(Word{"line.violation"},
                         {{"name", absl::StrCat(In(panels.player.language(), first.invariant), more,
                                                " · ", time)},
                          {"text", In(panels.player.language(), first.facts)}}));
  }
  panels.canvas.Put(1, 0, Shortened(text, panels.canvas.columns()), look);
}

/// The last line: what is typed, the message of the last key, or the keys.
std::optional<ScreenPlace> DrawStatus(const Panels& panels) {
  Canvas& canvas = panels.canvas;
  const Player& player = panels.player;
  const int row = canvas.rows() - 1;
  if (player.prompt() != Prompt::kNone) {
    const bool search = player.prompt() == Prompt::kSearch;
    const std::string asked = panels.Say(search ? Word{"prompt.search"} : Word{"prompt.goto"});
    const int column = canvas.Put(row, 0, absl::StrCat(asked, " "), {.bold = true});
    return ScreenPlace{row,
                       std::min(canvas.Put(row, column, player.typed()), canvas.columns() - 1)};
  }
  const std::string speed =
      absl::StrCat(player.is_playing() ? "> " : "|| ", player.speed().name, " ");
  const int speed_at = canvas.columns() - CellsOf(speed);
  const std::string& message = player.message();
  canvas.Put(row, 0, Shortened(message.empty() ? panels.Say(Word{"keys"}) : message, speed_at - 1),
             {.bold = !message.empty(), .reverse = !message.empty()});
  canvas.Put(row, speed_at, speed, {.bold = player.is_playing()});
  return std::nullopt;
}

bool SayTooSmall(const Panels& panels) {
  const Canvas& canvas = panels.canvas;
  if (canvas.rows() >= kFewestRows && canvas.columns() >= kFewestColumns) return false;
  const std::string text =
      panels.Say(Word{"too-small"}, {{"found", absl::StrCat(canvas.columns(), "x", canvas.rows())},
                                     {"wanted", absl::StrCat(kFewestColumns, "x", kFewestRows)}});
  int row = 0;
  for (const std::string& line :
       Wrapped(text, canvas.columns(), static_cast<size_t>(std::max(0, canvas.rows())))) {
    panels.canvas.Put(row++, 0, line);
  }
  return true;
}

}  // namespace

std::optional<ScreenPlace> DrawScreen(const Player& player, ReplayedStates& states,
                                      Canvas& canvas) {
  const Panels panels{player, player.run(), states, canvas};
  if (SayTooSmall(panels)) return std::nullopt;
  if (player.shows_help()) {
    DrawHelp(panels);
    return std::nullopt;
  }
  const ScreenLayout layout = LayOut(panels);
  DrawTitle(panels);
  if (layout.notice) DrawNotice(panels);
  DrawLanes(panels, layout.lanes);
  DrawServers(panels, layout.servers);
  DrawCaption(panels, layout.caption);
  return DrawStatus(panels);
}

}  // namespace zabsim
