// The contents of the terminal as a grid of cells: panels draw into it, and terminal.cc or a test
// reads it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace zabsim {

enum class Color : uint8_t { kNone, kRed, kGreen, kYellow, kCyan };

struct Look {
  Color color = Color::kNone;
  bool bold = false, dim = false, reverse = false;
  friend bool operator==(const Look&, const Look&) = default;
};

/// A symbol, and its replacement where there is only ASCII.
struct Glyph {
  char32_t sign = U' ';
  char ascii = ' ';
};

struct CanvasCell {
  char32_t character = U' ';  // 0: the second half of the wide one before it.
  Look look;
};

/// Rows and columns count from 0.  Anything outside is not drawn.
class Canvas {
 public:
  /// `ascii`: every character is replaced by the nearest ASCII character.
  Canvas(int rows, int columns, bool ascii);

  int rows() const { return rows_; }
  int columns() const { return columns_; }

  void Put(int row, int column, Glyph glyph, Look look = {});
  /// Text up to the column `end`.  Returns the column after the text.
  int Put(int row, int column, int end, absl::string_view utf8, Look look = {});
  /// Text in as many cells as it takes.
  int Put(int row, int column, absl::string_view utf8, Look look = {}) {
    return Put(row, column, columns_, utf8, look);
  }
  /// Columns `from` to `to`, the latter not included.
  void Fill(int row, int from, int to, Glyph glyph, Look look = {});

  const CanvasCell& At(int row, int column) const;
  /// A row as UTF-8, without blanks at its end.
  std::string Text(int row) const;

 private:
  bool Has(int row, int column) const;
  CanvasCell& Cell(int row, int column);

  int rows_, columns_;
  bool ascii_;
  std::vector<CanvasCell> cells_;
};

}  // namespace zabsim
