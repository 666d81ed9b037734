// Text in the cells of a terminal: code points, how many cells each takes, lines of a width.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace zabsim {

/// Bytes that are no UTF-8 become U+FFFD, control characters blanks.
std::u32string DecodeText(absl::string_view utf8);
std::string EncodeText(char32_t character);

/// 2 for Chinese characters and punctuation, 0 for what combines with the one before, else 1.
int CellsOf(char32_t character);
int CellsOf(absl::string_view utf8);

/// The nearest that ASCII has.
char AsciiOf(char32_t character);

/// No more than so many cells, "…" at the end if it was longer.
std::string Shortened(absl::string_view utf8, int cells);

/// At most `most` lines of `cells` cells, the last shortened if there are more.  Breaks at blanks,
/// and between Chinese characters, but before no punctuation.
std::vector<std::string> Wrapped(absl::string_view utf8, int cells, size_t most);

}  // namespace zabsim
