// By code point, without the locale: the same everywhere.  The only reader of TERM and NO_COLOR.
#include "tools/zabsim/cli/terminal_text.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace zabsim {
namespace {

absl::string_view Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool IsDumb() {
  return Environment("TERM") == "dumb";
}

constexpr char32_t kBadCharacter = 0xfffd;

/// Code points from first to last that take two cells each.
constexpr std::pair<char32_t, char32_t> kWideCharacters[] = {
    {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd},
};

constexpr std::pair<char32_t, char> kNearestAscii[] = {
    {U'·', '-'}, {U'–', '-'}, {U'—', '-'}, {U'…', '~'}, {U'’', '\''}, {U'‘', '\''}, {U'“', '"'},
    {U'”', '"'}, {U'←', '<'}, {U'→', '>'}, {U'↑', '^'}, {U'↓', 'v'},  {U'×', 'x'},  {U'≤', '<'},
    {U'≥', '>'}, {U'✖', 'x'}, {U'─', '-'}, {U'│', '|'}, {U'■', '#'},  {U'▨', ':'},
};

/// The length of the character that begins with this byte; 0: none does.
size_t LengthBehind(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/// Takes one character off the front.
char32_t TakeCharacter(absl::string_view& utf8) {
  const auto first = static_cast<unsigned char>(utf8[0]);
  const size_t length = LengthBehind(first);
  if (length == 0 || length > utf8.size()) {
    utf8.remove_prefix(1);
    return kBadCharacter;
  }
  char32_t character = length == 1 ? first : first & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if ((byte & 0xc0u) != 0x80u) {
      utf8.remove_prefix(1);
      return kBadCharacter;
    }
    character = character << 6 | (byte & 0x3fu);
  }
  utf8.remove_prefix(length);
  return character;
}

bool IsControl(char32_t character) {
  return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

/// Whether a line may end between them.
bool MayBreak(char32_t before, char32_t behind) {
  if (before == U' ' || behind == U' ') return true;
  if (CellsOf(before) < 2 && CellsOf(behind) < 2) return false;
  constexpr char32_t kClosing[] = U"，。、；：？！）”’》」.,;:?!)";
  constexpr char32_t kOpening[] = U"（“‘《「(";
  return std::ranges::find(kClosing, behind) == std::end(kClosing) &&
         std::ranges::find(kOpening, before) == std::end(kOpening);
}

int CellsOfAll(const std::u32string& characters) {
  int cells = 0;
  for (const char32_t character : characters) cells += CellsOf(character);
  return cells;
}

std::string EncodeAll(const std::u32string& characters) {
  std::string utf8;
  for (const char32_t character : characters) utf8 += EncodeText(character);
  return utf8;
}

/// Where the line that begins at `begin` ends.
size_t EndOfLine(const std::u32string& text, size_t begin, int cells) {
  size_t end = begin;
  size_t last_break = begin;
  for (int used = 0; end < text.size(); ++end) {
    used += CellsOf(text[end]);
    if (used > cells) break;
    if (end + 1 == text.size() || MayBreak(text[end], text[end + 1])) last_break = end + 1;
  }
  if (end == text.size()) return end;
  return last_break > begin ? last_break : std::max(end, begin + 1);
}

}  // namespace

bool IsTerminal(int descriptor) {
  return ::isatty(descriptor) != 0 && !IsDumb();
}

bool ColorPermitted() {
  return Environment("NO_COLOR").empty() && !IsDumb();
}

std::u32string DecodeText(absl::string_view utf8) {
  std::u32string characters;
  while (!utf8.empty()) {
    const char32_t character = TakeCharacter(utf8);
    characters.push_back(IsControl(character) ? U' ' : character);
  }
  return characters;
}

std::string EncodeText(char32_t character) {
  const auto tail = [character](int shift) {
    return static_cast<char>(0x80u | ((character >> shift) & 0x3fu));
  };
  const auto head = [character](unsigned mark, int shift) {
    return static_cast<char>(mark | (character >> shift));
  };
  if (character < 0x80) return {static_cast<char>(character)};
  if (character < 0x800) return {head(0xc0, 6), tail(0)};
  if (character < 0x10000) return {head(0xe0, 12), tail(6), tail(0)};
  return {head(0xf0, 18), tail(12), tail(6), tail(0)};
}

int CellsOf(char32_t character) {
  if ((character >= 0x300 && character <= 0x36f) || character == 0x200b) return 0;
  const bool wide = std::ranges::any_of(kWideCharacters, [character](const auto& range) {
    return range.first <= character && character <= range.second;
  });
  return wide ? 2 : 1;
}

int CellsOf(absl::string_view utf8) {
  return CellsOfAll(DecodeText(utf8));
}

char AsciiOf(char32_t character) {
  if (character < 0x80) return static_cast<char>(character);
  const auto* const found =
      std::ranges::find(kNearestAscii, character, [](const auto& pair) { return pair.first; });
  return found == std::end(kNearestAscii) ? '?' : found->second;
}

std::string Shortened(absl::string_view utf8, int cells) {
  std::u32string text = DecodeText(utf8);
  if (CellsOfAll(text) <= cells) return EncodeAll(text);
  while (!text.empty() && CellsOfAll(text) > cells - 1) text.pop_back();
  return cells < 1 ? "" : absl::StrCat(EncodeAll(text), "…");
}

std::vector<std::string> Wrapped(absl::string_view utf8, int cells, size_t most) {
  const std::u32string text = DecodeText(utf8);
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size() && lines.size() < most;) {
    const bool is_last = lines.size() + 1 == most;
    const size_t end = EndOfLine(text, begin, cells);
    std::u32string line = text.substr(begin, is_last ? std::u32string::npos : end - begin);
    while (!line.empty() && line.back() == U' ') line.pop_back();
    lines.push_back(Shortened(EncodeAll(line), cells));
    for (begin = end; begin < text.size() && text[begin] == U' ';) ++begin;
  }
  return lines;
}

}  // namespace zabsim
