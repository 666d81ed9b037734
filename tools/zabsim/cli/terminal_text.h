// What a terminal can show, and text in its cells: code points, how many cells each takes, lines of
// a width.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace zabsim {

/// Whether the descriptor is a terminal that can write over a line: not one with TERM=dumb.
bool IsTerminal(int descriptor);
/// Whether the environment permits colours: not with NO_COLOR (https://no-color.org: any value but
/// an empty one), nor with TERM=dumb.
bool ColorPermitted();

/// Bytes that are not UTF-8 become U+FFFD, control characters become blanks.
std::u32string DecodeText(absl::string_view utf8);
std::string EncodeText(char32_t character);

/// 2 for Chinese characters and punctuation, 0 for combining characters, else 1.
int CellsOf(char32_t character);
int CellsOf(absl::string_view utf8);

/// The nearest ASCII character.
char AsciiOf(char32_t character);

/// At most `cells` cells, with "…" at the end if it was longer.
std::string Shortened(absl::string_view utf8, int cells);

/// At most `most` lines of `cells` cells, the last shortened if there are more.  Breaks at blanks
/// and between Chinese characters, but never before punctuation.
std::vector<std::string> Wrapped(absl::string_view utf8, int cells, size_t most);

}  // namespace zabsim
