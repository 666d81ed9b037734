// The whole canvas is handed to ncurses, which finds out what has changed.  ncurses also handles
// the terminal's keys, changes of its size, and suspension (SIGTSTP).
#include "tools/zabsim/watch/terminal.h"

#include <langinfo.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#define NCURSES_NOMACROS 1
#include <curses.h>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/watch/screen.h"

namespace zabsim {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPlayingPause = 30;   // ms
constexpr int kEscapePause = 250;   // ms: for the rest of an arrow that comes over a slow line.
constexpr int kWaitingPause = 100;  // ms: an interrupt is noticed after that.

short PairOf(Color color) {
  return static_cast<short>(color);
}

/// ncurses' screen, for as long as this lives.
class Curses {
 public:
  static absl::StatusOr<Curses> Open(bool color) {
    SCREEN* screen = newterm(nullptr, stdout, stdin);
    if (screen == nullptr) return Unusable();
    Curses curses(screen);
    if (tigetstr("cup") == nullptr) return Unusable();
    curses.SetUp(color);
    return curses;
  }

  Curses(Curses&& other) noexcept : screen_(std::exchange(other.screen_, nullptr)) {}
  Curses& operator=(Curses&&) = delete;
  ~Curses() {
    if (screen_ == nullptr) return;
    wmove(stdscr, getmaxy(stdscr) - 1, 0);  // The shell's prompt appears there.
    wclrtoeol(stdscr);
    wrefresh(stdscr);
    endwin();
    delscreen(screen_);
  }

  Canvas NewCanvas(bool ascii) const { return {getmaxy(stdscr), getmaxx(stdscr), ascii}; }

  void Show(const Canvas& canvas, const std::optional<ScreenPlace>& cursor) const {
    werase(stdscr);
    for (int row = 0; row < canvas.rows(); ++row) ShowRow(canvas, row);
    curs_set(cursor ? 1 : 0);
    if (cursor) wmove(stdscr, cursor->row, cursor->column);
    wrefresh(stdscr);
  }

  /// A key; none: nothing came in that time, or the size has changed.
  std::optional<KeyPress> Read(int milliseconds) const {
    wtimeout(stdscr, milliseconds);
    wint_t read = 0;
    const int kind = wget_wch(stdscr, &read);
    if (kind == KEY_CODE_YES) return NamedKey(static_cast<int>(read));
    if (kind == ERR) return std::nullopt;
    return CharacterKey(static_cast<char32_t>(read));
  }

 private:
  explicit Curses(SCREEN* screen) : screen_(screen) {}

  static absl::Status Unusable() {
    const char* const name = std::getenv("TERM");
    return absl::InvalidArgumentError(
        absl::StrCat("TERM: wanted a terminal with a cursor that can be moved, found \"",
                     name == nullptr ? "" : name, "\"; --plain prints the run as text"));
  }

  static void SetUp(bool color) {
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    set_escdelay(kEscapePause);
    if (!color || !has_colors()) return;
    start_color();
    use_default_colors();
    init_pair(PairOf(Color::kRed), COLOR_RED, -1);
    init_pair(PairOf(Color::kGreen), COLOR_GREEN, -1);
    init_pair(PairOf(Color::kYellow), COLOR_YELLOW, -1);
    init_pair(PairOf(Color::kCyan), COLOR_CYAN, -1);
  }

  /// Adjacent cells of the same style together.
  static void ShowRow(const Canvas& canvas, int row) {
    for (int column = 0; column < canvas.columns();) {
      const Look look = canvas.At(row, column).look;
      std::wstring text;
      const int begin = column;
      for (; column < canvas.columns() && canvas.At(row, column).look == look; ++column) {
        const char32_t character = canvas.At(row, column).character;
        if (character != 0) text.push_back(static_cast<wchar_t>(character));
      }
      wattr_set(stdscr, Attributes(look), PairOf(look.color), nullptr);
      mvwaddnwstr(stdscr, row, begin, text.c_str(), static_cast<int>(text.size()));
    }
    wattr_set(stdscr, A_NORMAL, 0, nullptr);
  }

  static attr_t Attributes(const Look& look) {
    attr_t attributes = A_NORMAL;
    if (look.bold) attributes |= A_BOLD;
    if (look.dim) attributes |= A_DIM;
    if (look.reverse) attributes |= A_REVERSE;
    return attributes;
  }

  static std::optional<KeyPress> NamedKey(int code) {
    switch (code) {
      case KEY_LEFT: return KeyPress{KeyName::kLeft};
      case KEY_RIGHT: return KeyPress{KeyName::kRight};
      case KEY_SLEFT: return KeyPress{KeyName::kShiftLeft};
      case KEY_SRIGHT: return KeyPress{KeyName::kShiftRight};
      case KEY_UP: return KeyPress{KeyName::kUp};
      case KEY_DOWN: return KeyPress{KeyName::kDown};
      case KEY_HOME: return KeyPress{KeyName::kHome};
      case KEY_END: return KeyPress{KeyName::kEnd};
      case KEY_ENTER: return KeyPress{KeyName::kEnter};
      case KEY_BACKSPACE: return KeyPress{KeyName::kBackspace};
      default: return std::nullopt;  // KEY_RESIZE among them: the next canvas has the new size.
    }
  }

  static std::optional<KeyPress> CharacterKey(char32_t character) {
    switch (character) {
      case U'\n':
      case U'\r': return KeyPress{KeyName::kEnter};
      case 27: return KeyPress{KeyName::kEscape};
      case 8:
      case 127: return KeyPress{KeyName::kBackspace};
      default: break;
    }
    if (character < 0x20) return std::nullopt;
    return KeyPress{KeyName::kCharacter, character};
  }

  SCREEN* screen_;
};

/// Whether no more keys can arrive: the connection is closed.
bool HasHungUp() {
  pollfd keyboard{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  return poll(&keyboard, 1, 0) > 0 && (keyboard.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

}  // namespace

bool HasTerminal() {
  return isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
}

bool SpeaksUtf8() {
  std::setlocale(LC_CTYPE, "");
  return std::string(nl_langinfo(CODESET)) == "UTF-8";
}

absl::Status PlayOnTerminal(Player& player, bool color) {
  ReplayedStates states(player.run());
  CatchInterrupts();
  const bool ascii = !SpeaksUtf8();
  const absl::StatusOr<Curses> curses = Curses::Open(color);
  if (!curses.ok()) return curses.status();
  for (auto last = Clock::now(); !player.is_done() && !Interrupted();) {
    Canvas canvas = curses->NewCanvas(ascii);
    const std::optional<ScreenPlace> place = DrawScreen(player, states, canvas);
    curses->Show(canvas, place);
    const auto press = curses->Read(player.is_playing() ? kPlayingPause : kWaitingPause);
    const auto now = Clock::now();
    player.Elapse(
        zab::Nanoseconds(std::chrono::duration_cast<std::chrono::nanoseconds>(now - last).count()));
    last = now;
    if (press) {
      player.Press(*press);
    } else if (HasHungUp()) {
      break;
    }
  }
  return absl::OkStatus();
}

}  // namespace zabsim
