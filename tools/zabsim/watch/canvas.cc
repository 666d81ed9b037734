// A wide character needs both of its cells inside.
#include "tools/zabsim/watch/canvas.h"

#include "tools/zabsim/cli/terminal_text.h"

namespace zabsim {

Canvas::Canvas(int rows, int columns, bool ascii)
    : rows_(rows),
      columns_(columns),
      ascii_(ascii),
      cells_(static_cast<size_t>(rows) * static_cast<size_t>(columns)) {}

bool Canvas::Has(int row, int column) const {
  return row >= 0 && row < rows_ && column >= 0 && column < columns_;
}

CanvasCell& Canvas::Cell(int row, int column) {
  return cells_[static_cast<size_t>(row) * static_cast<size_t>(columns_) +
                static_cast<size_t>(column)];
}

const CanvasCell& Canvas::At(int row, int column) const {
  return cells_[static_cast<size_t>(row) * static_cast<size_t>(columns_) +
                static_cast<size_t>(column)];
}

void Canvas::Put(int row, int column, Glyph glyph, Look look) {
  if (!Has(row, column)) return;
  Cell(row, column) = {ascii_ ? static_cast<char32_t>(glyph.ascii) : glyph.sign, look};
}

int Canvas::Put(int row, int column, int end, absl::string_view utf8, Look look) {
  for (char32_t character : DecodeText(utf8)) {
    if (ascii_) character = static_cast<char32_t>(AsciiOf(character));
    const int cells = CellsOf(character);
    if (cells == 0) continue;
    if (column + cells > end) break;
    if (Has(row, column) && Has(row, column + cells - 1)) {
      Cell(row, column) = {character, look};
      if (cells == 2) Cell(row, column + 1) = {0, look};
    }
    column += cells;
  }
  return column;
}

void Canvas::Fill(int row, int from, int to, Glyph glyph, Look look) {
  for (int column = from; column < to; ++column) Put(row, column, glyph, look);
}

std::string Canvas::Text(int row) const {
  std::string text;
  for (int column = 0; column < columns_; ++column) {
    if (At(row, column).character != 0) text += EncodeText(At(row, column).character);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace zabsim
